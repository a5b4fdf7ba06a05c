using CivilAffairs.Engine.Time;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Cases.Steps;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Jobs;
using CivilAffairs.Web.Platform.Time;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Cases.Commands;

/// <summary>
/// The days that follow from the working-day calendar, computed anew for all open work: when a year was loaded that was
/// not known, and when a known one was edited. What is closed keeps the days it was judged by. See docs/adr/0044.
/// </summary>
/// <remarks>
/// Each batch is one transaction; a row that somebody decides on in this moment is left and taken again at the end. The mark
/// of the calendar is written last: after a power failure, and after a row that would not be free, all is done again, which
/// changes nothing that is right already.
/// </remarks>
public sealed class CalendarChanges(IReader reader, IWriter writer)
{
    private const int Batch = 500;
    private const string Mark = "calendar";

    /// <param name="calendar">The years that are loaded.</param>
    /// <param name="fingerprint">Tells whether they are those of the last time (<see cref="Platform.Time.Calendars.Fingerprint"/>).</param>
    /// <param name="cancel">Between two batches.</param>
    /// <returns>How many days are others than before; 0 where the calendar is the same.</returns>
    public async Task<int> ApplyAsync(WorkCalendar calendar, string fingerprint, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(calendar);
        await using var db = reader.Open();
        if (await JobMark.ReadAsync(db, Mark, cancel).ConfigureAwait(false) == fingerprint) return 0;
        var tasks = await AllAsync(db.Set<WorkTask>().Where(t => t.State == TaskState.Open && t.FinishLimit != "none"), t => t.State == TaskState.Open, (_, t) => Task.FromResult(Recompute(t, calendar)), cancel).ConfigureAwait(false);
        var cases = await AllAsync(db.Set<Case>().Where(c => c.ClosedAt == null && c.Clock.LimitText != null), c => c.ClosedAt is null, (_, c) => Task.FromResult(Recompute(c, calendar)), cancel).ConfigureAwait(false);
        // After the tasks: the applicant's time ends with the last day of what is asked.
        var timers = await AllAsync(db.Set<CaseTimer>().Where(t => t.State == TimerState.Waiting && t.LimitText != null), t => t.State == TimerState.Waiting, (w, t) => RecomputeAsync(w, t, calendar), cancel).ConfigureAwait(false);
        if (tasks.Free && cases.Free && timers.Free) await JobMark.WriteAsync(writer, Mark, fingerprint, cancel).ConfigureAwait(false);
        return tasks.Changed + cases.Changed + timers.Changed;
    }

    /// <param name="rows">Every one that may have to change.</param>
    /// <param name="still">Whether one is, once it is locked.</param>
    private async Task<(int Changed, bool Free)> AllAsync<T>(IQueryable<T> rows, Func<T, bool> still, Func<CivilAffairsDb, T, Task<bool>> compute, CancellationToken cancel) where T : class
    {
        var (changed, last, left) = (0, Guid.Empty, new List<Guid>());
        while (true)
        {
            cancel.ThrowIfCancellationRequested();
            var ids = await rows.Where(r => EF.Property<Guid>(r, "Id") > last).OrderBy(r => EF.Property<Guid>(r, "Id")).Select(r => EF.Property<Guid>(r, "Id")).Take(Batch).ToListAsync(cancel).ConfigureAwait(false);
            if (ids.Count == 0) break;
            last = ids[^1];
            left.AddRange(await OfAsync(ids).ConfigureAwait(false));
        }
        for (var again = 0; left.Count > 0 && again < 5; again++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(200), cancel).ConfigureAwait(false);
            left = [.. (await Task.WhenAll(left.Chunk(Batch).Select(OfAsync)).ConfigureAwait(false)).SelectMany(l => l)];
        }
        return (changed, left.Count == 0);

        // Those that were not free.
        async Task<List<Guid>> OfAsync(IReadOnlyList<Guid> ids)
        {
            var (some, missed) = await writer.WriteAsync(async (w, _) =>
            {
                var found = await w.LockFreeAsync<T>(ids).ConfigureAwait(false);
                var n = 0;
                foreach (var row in found.Where(still))
                    if (await compute(w, row).ConfigureAwait(false)) n++;
                var got = found.Select(r => w.Entry(r).Property<Guid>("Id").CurrentValue).ToHashSet();
                return (n, ids.Where(id => !got.Contains(id)).ToList());
            }, cancel).ConfigureAwait(false);
            changed += some;
            return missed;
        }
    }

    private static bool Recompute(WorkTask task, WorkCalendar calendar)
    {
        var from = task.CountedFrom ?? task.OpenedOn;
        var finish = Limits.Compute(task.FinishLimit, from, calendar);
        var start = task.StartLimit is null ? task.StartBy : Limits.Compute(task.StartLimit, from, calendar).LastDay;
        // A year that is no longer loaded takes no day away that was known.
        if (finish.LastDay is null) return false;
        if ((finish.LastDay, finish.AmberFrom, start) == (task.FinishBy, task.AmberFrom, task.StartBy)) return false;
        // Another last day is another stage: who was warned of the old one is warned of it once.
        if (finish.LastDay != task.FinishBy || finish.AmberFrom != task.AmberFrom) task.WatchOn = finish.AmberFrom;
        (task.FinishBy, task.AmberFrom, task.StartBy) = (finish.LastDay, finish.AmberFrom, start);
        return true;
    }

    private static bool Recompute(Case @case, WorkCalendar calendar)
    {
        var (due, amber, watch) = (@case.Clock.DueOn, @case.Clock.AmberFrom, @case.WatchOn);
        CaseEffects.Recompute(@case, calendar);
        if (@case.Clock.DueOn is not null && (@case.Clock.DueOn, @case.Clock.AmberFrom) != (due, amber)) return true;
        (@case.Clock.DueOn, @case.Clock.AmberFrom, @case.WatchOn) = (due, amber, watch);
        return false;
    }

    private static async Task<bool> RecomputeAsync(CivilAffairsDb db, CaseTimer timer, WorkCalendar calendar)
    {
        var day = DeferredDay.Compute(timer.LimitText, calendar);
        if (day is null && !DeferredDay.Is(timer.LimitText))
        {
            // Beside what the applicant is asked for: its last day is whole theirs.
            var last = await db.Set<WorkTask>().Where(t => t.InstanceId == timer.InstanceId && t.ActivityId == timer.ActivityId && t.State == TaskState.Open && t.Role == Platform.Security.Roles.Applicant)
                .Select(t => t.FinishBy).FirstOrDefaultAsync().ConfigureAwait(false);
            day = last?.AddDays(1);
        }
        DateTimeOffset? due = day is { } d ? BureauTime.Start(d) : null;
        if (due is null || due == timer.DueAt) return false;
        timer.DueAt = due;
        return true;
    }
}
