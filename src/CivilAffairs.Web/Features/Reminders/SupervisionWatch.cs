using System.Text.Json.Nodes;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Cases.Supervision;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using CivilAffairs.Web.Platform.Time;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Reminders;

/// <summary>
/// Reminds of supervision orders 督办 that are due on the next working day, and tells who issued it and the leaders once the day
/// is over without an answer. A batch is one transaction, as in <see cref="DeadlineWatch"/>: what a power failure stopped,
/// the next run does; what was told is never told again.
/// </summary>
internal sealed class SupervisionWatch(IReader reader, IWriter writer, Calendars calendars, TimeProvider time)
{
    internal const string Before = "supervision-due.mail", Late = "supervision-late.mail";

    /// <returns>How many letters were written.</returns>
    public Task<int> RunAsync(CancellationToken cancel)
    {
        var (now, today) = (time.GetUtcNow(), time.Today());
        return WatchRound.RunAsync(reader, db => db.Set<SupervisionOrder>().Where(o => o.WatchOn != null && o.WatchOn <= today).Select(o => new Watched { On = o.WatchOn, Id = o.Id }),
            ids => writer.WriteAsync((db, _) => OrdersAsync(db, ids, now), cancel), cancel);
    }

    private async Task<int> OrdersAsync(CivilAffairsDb db, IReadOnlyList<Guid> ids, DateTimeOffset now)
    {
        var today = BureauTime.Day(now);
        var orders = (await db.LockFreeAsync<SupervisionOrder>(ids).ConfigureAwait(false)).Where(o => o.EndedAt is null && o.State == SupervisionState.Open && o.WatchOn <= today).ToList();
        var caseIds = orders.Select(o => o.CaseId).Distinct().ToList();
        var cases = await db.Set<Case>().AsNoTracking().Where(c => EF.Parameter(caseIds).Contains(c.Id)).ToDictionaryAsync(c => c.Id).ConfigureAwait(false);
        var seats = (await db.Set<WorkTask>().AsNoTracking().Where(t => EF.Parameter(caseIds).Contains(t.CaseId) && t.State == TaskState.Open && t.Role != Roles.Applicant)
            .Select(t => new { t.CaseId, t.Role, t.Division, t.HolderId }).ToListAsync().ConfigureAwait(false)).ToLookup(t => t.CaseId, t => new Seat(t.Role, t.Division, t.HolderId));
        var dues = new List<StageDue>();
        foreach (var order in orders)
        {
            var (@case, late) = (cases[order.CaseId], order.DueOn < today);
            order.WatchOn = late ? null : order.DueOn.AddDays(1);
            // A case that is over has nobody left to answer: who issued the order closes it.
            if (@case.ClosedAt is not null) continue;
            IReadOnlyList<Seat> office = [.. seats[order.CaseId].Distinct()];
            if (SupervisionRules.Eve(order.DueOn, calendars.Working) is var eve && eve <= today) dues.Add(Of(@case, order, "before", eve, Before) with { Passed = late, Seats = office });
            if (late) dues.Add(Of(@case, order, "late", order.DueOn.AddDays(1), Late) with { To = ["holder", "supervisor", $"role:{Roles.Leader}"], Seats = [.. office, new Seat("", @case.County, order.IssuedById)] });
        }
        return await ReminderLetters.WriteAsync(db, dues, now).ConfigureAwait(false);
    }

    // Another last day is another stage: what was told of the earlier one has become wrong.
    private static StageDue Of(Case @case, SupervisionOrder order, string stage, DateOnly day, string template) =>
        new(ReminderSubject.Supervision, order.Id, @case.Id, new Place(@case.County, @case.Township, @case.Village), $"{stage}:{order.DueOn:yyyy-MM-dd}", day, false, ["holder"], template, null,
            new JsonObject { ["number"] = order.Number, ["lastDay"] = BureauTime.Iso(order.DueOn) }) { DeskPath = $"/desk/cases/{@case.Id}" };
}
