using System.Text.Json.Nodes;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using CivilAffairs.Web.Platform.Time;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Reminders;

/// <summary>
/// Reminds of limits that turned amber (80 %) or red (after 24:00 of the last day) [domain §3, §11]: of tasks, and of the
/// legal clock of cases. See docs/adr/0044.
/// </summary>
/// <remarks>
/// A batch is one transaction: reminders, letters and the day of the next look. After a power failure all of it is there or
/// none, and none is made up by the next run. Two nodes share the rows out by their locks; the unique key of a reminder
/// stands behind them. Who passed both stages while nothing ran gets the later letter; the earlier is written down as passed.
/// </remarks>
public sealed class DeadlineWatch
{
    internal const string Amber = "amber", Red = "red";
    private readonly IReader reader;
    private readonly IWriter writer;
    private readonly MatterLibrary library;
    private readonly TimeProvider time;

    internal DeadlineWatch(IReader reader, IWriter writer, MatterLibrary library, TimeProvider time) =>
        (this.reader, this.writer, this.library, this.time) = (reader, writer, library, time);

    /// <returns>How many letters were written.</returns>
    public async Task<int> RunAsync(CancellationToken cancel)
    {
        var (now, today) = (time.GetUtcNow(), time.Today());
        var tasks = await WatchRound.RunAsync(reader, db => db.Set<WorkTask>().Where(t => t.State == TaskState.Open && t.WatchOn != null && t.WatchOn <= today).Select(t => new Watched { On = t.WatchOn, Id = t.Id }),
            ids => writer.WriteAsync((db, _) => TasksAsync(db, ids, now), cancel), cancel).ConfigureAwait(false);
        var cases = await WatchRound.RunAsync(reader, db => db.Set<Case>().Where(c => c.ClosedAt == null && c.WatchOn != null && c.WatchOn <= today).Select(c => new Watched { On = c.WatchOn, Id = c.Id }),
            ids => writer.WriteAsync((db, _) => CasesAsync(db, ids, now), cancel), cancel).ConfigureAwait(false);
        return tasks + cases;
    }

    private async Task<int> TasksAsync(CivilAffairsDb db, IReadOnlyList<Guid> ids, DateTimeOffset now)
    {
        var today = BureauTime.Day(now);
        var tasks = (await db.LockFreeAsync<WorkTask>(ids).ConfigureAwait(false)).Where(t => t.State == TaskState.Open && t.WatchOn <= today).ToList();
        var caseIds = tasks.Select(t => t.CaseId).Distinct().ToList();
        var cases = await db.Set<Case>().AsNoTracking().Where(c => EF.Parameter(caseIds).Contains(c.Id)).ToDictionaryAsync(c => c.Id).ConfigureAwait(false);
        var dues = new List<StageDue>();
        foreach (var task in tasks)
        {
            var @case = cases[task.CaseId];
            var (revision, own) = (await RevisionAsync(@case).ConfigureAwait(false), task.Role == Roles.Applicant);
            var rules = Rules(revision, r => own ? r.ApplicantTask : r.Task);
            foreach (var (stage, day, passed) in Stages(task.AmberFrom, task.FinishBy, today))
                foreach (var rule in rules.Where(r => r.Stage == stage))
                    dues.Add(Of(ReminderSubject.Task, task.Id, @case, rule, task.FinishBy!.Value, day, passed, revision,
                        new JsonObject { ["title"] = new JsonObject { ["zh"] = task.TitleZh, ["en"] = task.TitleEn } }) with { Seats = own ? [] : [new Seat(task.Role, task.Division, task.HolderId)] });
            task.WatchOn = Next(task.AmberFrom, task.FinishBy, today);
        }
        return await ReminderLetters.WriteAsync(db, dues, now).ConfigureAwait(false);
    }

    private async Task<int> CasesAsync(CivilAffairsDb db, IReadOnlyList<Guid> ids, DateTimeOffset now)
    {
        var today = BureauTime.Day(now);
        var cases = (await db.LockFreeAsync<Case>(ids).ConfigureAwait(false)).Where(c => c.ClosedAt is null && c.WatchOn <= today).ToList();
        var caseIds = cases.Select(c => c.Id).ToList();
        var seats = (await db.Set<WorkTask>().AsNoTracking().Where(t => EF.Parameter(caseIds).Contains(t.CaseId) && t.State == TaskState.Open && t.Role != Roles.Applicant)
            .Select(t => new { t.CaseId, t.Role, t.Division, t.HolderId }).ToListAsync().ConfigureAwait(false)).ToLookup(t => t.CaseId, t => new Seat(t.Role, t.Division, t.HolderId));
        var dues = new List<StageDue>();
        foreach (var @case in cases)
        {
            var revision = await RevisionAsync(@case).ConfigureAwait(false);
            foreach (var (stage, day, passed) in Stages(@case.Clock.AmberFrom, @case.Clock.DueOn, today))
                foreach (var rule in Rules(revision, r => r.Case).Where(r => r.Stage == stage))
                    dues.Add(Of(ReminderSubject.Case, @case.Id, @case, rule, @case.Clock.DueOn!.Value, day, passed, revision, []) with { Seats = [.. seats[@case.Id].Distinct()] });
            @case.WatchOn = Next(@case.Clock.AmberFrom, @case.Clock.DueOn, today);
        }
        return await ReminderLetters.WriteAsync(db, dues, now).ConfigureAwait(false);
    }

    /// <summary>The stages that have come; of two, the earlier has passed.</summary>
    internal static IEnumerable<(string Stage, DateOnly Day, bool Passed)> Stages(DateOnly? amberFrom, DateOnly? lastDay, DateOnly today)
    {
        if (lastDay is not { } last) yield break;
        if (amberFrom is { } amber && amber <= today) yield return (Amber, amber, last < today);
        if (last < today) yield return (Red, last.AddDays(1), false);
    }

    private static DateOnly? Next(DateOnly? amberFrom, DateOnly? lastDay, DateOnly today) => lastDay is not { } last || last < today ? null : amberFrom > today ? amberFrom : last.AddDays(1);

    private static StageDue Of(ReminderSubject subject, Guid id, Case @case, LimitReminder rule, DateOnly last, DateOnly day, bool passed, MatterRevision? revision, JsonObject data)
    {
        data["lastDay"] = BureauTime.Iso(last);
        // Another last day is another stage: the old letter has become wrong.
        return new StageDue(subject, id, @case.Id, new Place(@case.County, @case.Township, @case.Village), $"{rule.Stage}:{last:yyyy-MM-dd}", day, passed, rule.To, rule.Template, revision, data)
        {
            DeskPath = $"/desk/cases/{@case.Id}", OwnPath = $"/my/cases/{@case.Id}",
        };
    }

    private static IReadOnlyList<T> Rules<T>(MatterRevision? revision, Func<ReminderRules, IReadOnlyList<T>?> which) =>
        (revision?.Matter.Reminders is { } own ? which(own) : null) ?? which(ProductTemplates.Rules) ?? [];

    /// <returns>The case's own; null where it cannot be read: then the product's rules and letters remain.</returns>
    private async Task<MatterRevision?> RevisionAsync(Case @case)
    {
        try
        {
            return await library.RevisionAsync(@case.Revision).ConfigureAwait(false);
        }
        catch (Exception e) when (e is KeyNotFoundException or InvalidDataException)
        {
            return null;
        }
    }
}
