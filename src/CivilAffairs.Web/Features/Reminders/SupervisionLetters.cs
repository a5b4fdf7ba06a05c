using System.Text.Json.Nodes;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using CivilAffairs.Web.Platform.Time;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Reminders;

/// <summary>
/// Letters about supervision orders 督办: that something is asked, answered, over or late. They name the order, the case and the
/// day, never what was said or whom the case is about. Written as reminders: one per officer and stage, ever.
/// </summary>
internal static class SupervisionLetters
{
    private const string Asked = "supervision.mail", Answered = "supervision-answer.mail", Ended = "supervision-ended.mail", Before = "supervision-due.mail", Late = "supervision-late.mail";

    /// <summary>Tells of what was just said, in the caller's transaction: an answer to who ordered it, all else to who has the case in hand.</summary>
    public static async Task TellAsync(CivilAffairsDb db, Case @case, SupervisionOrder order, SupervisionEntryKind kind, Guid actor, DateTimeOffset now)
    {
        var (today, seats) = (BureauTime.Day(now), (await SeatsAsync(db, [@case.Id]).ConfigureAwait(false))[@case.Id].ToList());
        var due = kind switch
        {
            SupervisionEntryKind.Answered => Of(@case, order, $"answered:{order.Round}:{now.ToUnixTimeMilliseconds()}", Answered, today, [Issuer(@case, order)]),
            SupervisionEntryKind.Issued or SupervisionEntryKind.Demanded => Of(@case, order, $"asked:{order.Round}", Asked, today, seats),
            _ => Of(@case, order, "ended", Ended, today, [.. seats, .. await AnsweredByAsync(db, @case, order).ConfigureAwait(false)]),
        };
        // Nobody is written to about what they did themselves.
        await ReminderLetters.WriteAsync(db, [due with { Seats = [.. due.Seats.Where(s => s.HolderId != actor)] }], now).ConfigureAwait(false);
    }

    /// <summary>What the watch tells on a day: the working day before, to the office; once the day is over, to the office, who ordered it and the leaders.</summary>
    /// <param name="passed">A later stage has come too.</param>
    public static StageDue DueSoon(Case @case, SupervisionOrder order, DateOnly day, bool passed, IEnumerable<Seat> seats) =>
        Of(@case, order, $"before:{order.DueOn:yyyy-MM-dd}", Before, day, [.. seats]) with { Passed = passed };

    public static StageDue Overdue(Case @case, SupervisionOrder order, IEnumerable<Seat> seats) =>
        Of(@case, order, $"late:{order.DueOn:yyyy-MM-dd}", Late, order.DueOn.AddDays(1), [.. seats, Issuer(@case, order)]) with { To = ["holder", "supervisor", $"role:{Roles.Leader}"] };

    /// <summary>Who has the cases' open tasks, or the posts that they wait for.</summary>
    public static async Task<ILookup<Guid, Seat>> SeatsAsync(CivilAffairsDb db, IReadOnlyList<Guid> cases) =>
        (await db.Set<WorkTask>().AsNoTracking().Where(t => EF.Parameter(cases).Contains(t.CaseId) && t.State == TaskState.Open && t.Role != Roles.Applicant)
            .Select(t => new { t.CaseId, t.Role, t.Division, t.HolderId }).ToListAsync().ConfigureAwait(false)).ToLookup(t => t.CaseId, t => new Seat(t.Role, t.Division, t.HolderId));

    private static async Task<IEnumerable<Seat>> AnsweredByAsync(CivilAffairsDb db, Case @case, SupervisionOrder order) =>
        (await db.Set<SupervisionEntry>().Where(e => e.OrderId == order.Id && e.Kind == SupervisionEntryKind.Answered).Select(e => e.RecordedById).Distinct().ToListAsync().ConfigureAwait(false))
            .Select(id => new Seat("", @case.County, id));

    private static Seat Issuer(Case @case, SupervisionOrder order) => new("", @case.County, order.IssuedById);

    private static StageDue Of(Case @case, SupervisionOrder order, string stage, string template, DateOnly day, IReadOnlyList<Seat> seats) =>
        new(ReminderSubject.Supervision, order.Id, @case.Id, new Place(@case.County, @case.Township, @case.Village), stage, day, false, ["holder"], template, null,
            new JsonObject { ["number"] = order.Number, ["lastDay"] = BureauTime.Iso(order.DueOn) })
        {
            Seats = seats, DeskPath = $"/desk/cases/{@case.Id}",
        };
}
