using CivilAffairs.Engine.Time;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Time;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Reminders;

/// <summary>
/// Reminds of supervision orders 督办 that are due on the next working day, and tells who ordered it and the leaders once the day
/// is over without an answer. A batch is one transaction, as in <see cref="DeadlineWatch"/>: what a power failure stopped,
/// the next run does; what was told is never told again.
/// </summary>
internal sealed class SupervisionWatch(IReader reader, IWriter writer, Calendars calendars, TimeProvider time)
{
    /// <returns>How many letters were written.</returns>
    public Task<int> RunAsync(CancellationToken cancel)
    {
        var (now, today) = (time.GetUtcNow(), time.Today());
        return WatchRound.RunAsync(reader, db => db.Set<SupervisionOrder>().Where(o => o.WatchOn != null && o.WatchOn <= today).Select(o => new Watched { On = o.WatchOn, Id = o.Id }),
            ids => writer.WriteAsync((db, _) => OrdersAsync(db, ids, now), cancel), cancel);
    }

    /// <summary>The day before the last one that is worked; where no calendar reaches, the day before.</summary>
    public static DateOnly Eve(DateOnly dueOn, WorkCalendar calendar)
    {
        var day = dueOn.AddDays(-1);
        for (var back = 0; back < 15 && calendar.IsWorkday(day) == false; back++) day = day.AddDays(-1);
        return day;
    }

    /// <summary>When an order is to be looked at next: on the eve, or on that day and later once it is over.</summary>
    public static DateOnly Next(DateOnly dueOn, DateOnly today, WorkCalendar calendar) => Eve(dueOn, calendar) is var eve && eve > today ? eve : dueOn.AddDays(1);

    private async Task<int> OrdersAsync(CivilAffairsDb db, IReadOnlyList<Guid> ids, DateTimeOffset now)
    {
        var today = BureauTime.Day(now);
        var orders = (await db.LockFreeAsync<SupervisionOrder>(ids).ConfigureAwait(false)).Where(o => o.EndedAt is null && o.State == SupervisionState.Open && o.WatchOn <= today).ToList();
        var caseIds = orders.Select(o => o.CaseId).Distinct().ToList();
        var cases = await db.Set<Case>().AsNoTracking().Where(c => EF.Parameter(caseIds).Contains(c.Id)).ToDictionaryAsync(c => c.Id).ConfigureAwait(false);
        var seats = await SupervisionLetters.SeatsAsync(db, caseIds).ConfigureAwait(false);
        var dues = new List<StageDue>();
        foreach (var order in orders)
        {
            var (@case, late) = (cases[order.CaseId], order.DueOn < today);
            order.WatchOn = late ? null : order.DueOn.AddDays(1);
            // A case that is over has nobody left to answer: who ordered it closes it.
            if (@case.ClosedAt is not null) continue;
            var office = seats[order.CaseId].Distinct().ToList();
            if (Eve(order.DueOn, calendars.Working) is var eve && eve <= today) dues.Add(SupervisionLetters.DueSoon(@case, order, eve, late, office));
            if (late) dues.Add(SupervisionLetters.Overdue(@case, order, office));
        }
        return await ReminderLetters.WriteAsync(db, dues, now).ConfigureAwait(false);
    }
}
