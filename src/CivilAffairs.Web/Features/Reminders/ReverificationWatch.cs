using System.Text.Json.Nodes;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Divisions;
using CivilAffairs.Web.Platform.Jobs;
using CivilAffairs.Web.Platform.Time;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Reminders;

/// <summary>
/// Gives each planned re-verification 定期复核 its opening day, two months before its own at the latest, and reminds of it
/// [domain §11]. The days count back from the opening: by then the household must be ready.
/// </summary>
/// <remarks>A batch is one transaction, as in <see cref="DeadlineWatch"/>. An opening day once given stays.</remarks>
public sealed class ReverificationWatch
{
    private const int PlannedMonths = 2;
    private readonly IReader reader;
    private readonly IWriter writer;
    private readonly MatterLibrary library;
    private readonly DivisionDirectory divisions;
    private readonly Calendars calendars;
    private readonly TimeProvider time;

    internal ReverificationWatch(IReader reader, IWriter writer, MatterLibrary library, DivisionDirectory divisions, Calendars calendars, TimeProvider time) =>
        (this.reader, this.writer, this.library, this.divisions, this.calendars, this.time) = (reader, writer, library, divisions, calendars, time);

    /// <returns>How many letters were written and days given.</returns>
    public async Task<int> RunAsync(CancellationToken cancel)
    {
        var (now, today) = (time.GetUtcNow(), time.Today());
        return await WatchRound.RunAsync(reader, db => db.Set<PlannedReverification>().Where(p => p.SettledAt == null && p.WatchOn != null && p.WatchOn <= today).Select(p => new Watched { On = p.WatchOn, Id = p.Id }),
            ids => writer.WriteAsync((db, _) => PlansAsync(db, ids, now), cancel), cancel).ConfigureAwait(false);
    }

    private async Task<int> PlansAsync(CivilAffairsDb db, IReadOnlyList<Guid> ids, DateTimeOffset now)
    {
        var today = BureauTime.Day(now);
        var plans = (await db.LockFreeAsync<PlannedReverification>(ids).ConfigureAwait(false)).Where(p => p.SettledAt is null && p.WatchOn <= today).ToList();
        var (caseIds, grantIds) = (plans.Select(p => p.CaseId).Distinct().ToList(), plans.Select(p => p.GrantId).OfType<Guid>().ToList());
        var cases = await db.Set<Case>().AsNoTracking().Where(c => EF.Parameter(caseIds).Contains(c.Id)).ToDictionaryAsync(c => c.Id).ConfigureAwait(false);
        var ended = (await db.Set<Grant>().AsNoTracking().Where(g => EF.Parameter(grantIds).Contains(g.Id) && g.LastMonth != null).Select(g => new { g.Id, g.LastMonth }).ToListAsync().ConfigureAwait(false)).ToDictionary(g => g.Id, g => g.LastMonth!.Value);
        var (dues, given) = (new List<StageDue>(), 0);
        foreach (var plan in plans)
        {
            var @case = cases[plan.CaseId];
            var from = new DateOnly(plan.DueOn.Year, plan.DueOn.Month, 1).AddMonths(-PlannedMonths);
            if (today < from)
            {
                plan.WatchOn = from;
                continue;
            }
            if (plan.OpensOn is null && (plan.OpensOn = OpeningOf(plan, @case, today)) is not null) given++;
            var opens = plan.OpensOn ?? plan.DueOn;
            var revision = library.Find(@case.Matter);
            var days = (revision?.Matter.Reminders?.Reverification ?? ProductTemplates.Rules.Reverification ?? []).Select(r => (Rule: r, Day: r.DayOf(opens))).ToList();
            var come = days.Where(d => d.Day <= today).ToList();
            // A benefit that ends before needs no verification; what opens today or did is told by its own letter.
            var moot = opens < today || (plan.GrantId is { } grant && ended.TryGetValue(grant, out var last) && last < new DateOnly(opens.Year, opens.Month, 1));
            if (!moot && come.Count > 0)
                dues.AddRange(come.Select(d => Of(plan, @case, d.Rule, d.Day, opens, passed: d.Day < come.Max(c => c.Day), revision)));
            plan.WatchOn = moot ? null : days.Where(d => d.Day > today).Select(d => (DateOnly?)d.Day).Min();
            // The calendar of that month is not loaded yet.
            if (plan.OpensOn is null && !moot) plan.WatchOn = new[] { plan.WatchOn ?? DateOnly.MaxValue, today.AddDays(7), plan.DueOn }.Where(d => d > today).Select(d => (DateOnly?)d).Min();
        }
        return given + await ReminderLetters.WriteAsync(db, dues, now).ConfigureAwait(false);
    }

    private DateOnly? OpeningOf(PlannedReverification plan, Case @case, DateOnly today)
    {
        if (plan.DueOn <= today) return null;
        var villages = @case.Township is { } township ? divisions.Below(township).Select(d => d.Code).ToList() : [];
        // Where the village is not known, by a number of the plan's own that stays the same.
        var place = @case.Village is { } village && villages.IndexOf(village) is >= 0 and var known ? known : plan.Id.ToByteArray()[^1] % Math.Max(villages.Count, 1);
        return Spread.Day(plan.DueOn, place, villages.Count, calendars.Working, today);
    }

    private static StageDue Of(PlannedReverification plan, Case @case, DayReminder rule, DateOnly day, DateOnly opens, bool passed, MatterRevision? revision)
    {
        var data = new JsonObject { ["opensOn"] = BureauTime.Iso(opens), ["dueOn"] = BureauTime.Iso(plan.DueOn) };
        return new StageDue(ReminderSubject.Reverification, plan.Id, plan.CaseId, new Place(@case.County, @case.Township, @case.Village), rule.Before, day, passed, rule.To, rule.Template, revision, data)
        {
            DeskPath = rule.Link ?? $"/desk/cases/{@case.Id}", OwnPath = rule.Link ?? $"/my/cases/{@case.Id}",
        };
    }
}

/// <summary>Before the cases of the day are opened, and every hour of the day what a killed node or a failure left.</summary>
internal sealed class ReverificationPlanJob(ReverificationWatch watch) : Platform.Jobs.IJob
{
    public string Id => "reverification-plan";
    public string Cron => "10 6-20 * * *";

    public Task<int?> BacklogAsync(CivilAffairsDb db, DateTimeOffset now, int most, CancellationToken cancel) =>
        db.Set<PlannedReverification>().Where(p => p.SettledAt == null && p.WatchOn != null && p.WatchOn <= BureauTime.Day(now)).UpToAsync(most, cancel);

    public Task<int> RunAsync(CancellationToken cancel) => watch.RunAsync(cancel);
}
