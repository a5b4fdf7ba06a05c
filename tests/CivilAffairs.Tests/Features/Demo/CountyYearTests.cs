using System.Text.Json;
using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Features.Cases;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Cases.Queue;
using CivilAffairs.Web.Features.Demo;
using CivilAffairs.Web.Features.Overview;
using CivilAffairs.Web.Platform.Audit;
using CivilAffairs.Web.Platform.Commands;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Divisions;
using CivilAffairs.Web.Platform.Mail;
using CivilAffairs.Web.Platform.Outbox;
using CivilAffairs.Web.Platform.Security;
using CivilAffairs.Web.Platform.Time;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CivilAffairs.Tests.Features.Demo;

/// <summary>The county's last year: in working days, in order of time, proved like any other history, and with work for everybody.</summary>
public sealed class CountyYearTests(ToldCounty county) : IClassFixture<ToldCounty>
{
    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Every_state_of_every_matter_stands_in_the_county(string kind)
    {
        var app = await county.GetAsync(kind);
        Assert.Equal(0, app.Services.GetRequiredService<CountyFilling>().Broken);
        await using var db = app.Services.GetRequiredService<IReader>().Open();
        var there = (await db.Set<Case>().ToListAsync()).CountBy(c => (c.Matter, c.Status)).ToDictionary();
        (string Matter, string Status, int Least)[] wanted =
        [
            ("rural-dibao", "Draft", 2), ("rural-dibao", "Submitted", 2), ("rural-dibao", "Correction", 2), ("rural-dibao", "Investigating", 8), ("rural-dibao", "Reviewing", 2), ("rural-dibao", "Notice", 2), ("rural-dibao", "CountyReview", 5),
            ("rural-dibao", "Review", 2), ("rural-dibao", "Paying", 20), ("rural-dibao", "Refused", 10), ("rural-dibao", "NotAccepted", 2), ("rural-dibao", "Withdrawn", 2), ("rural-dibao", "Terminated", 2), ("rural-dibao", "Lapsed", 2),
            ("so-renewal", "Granted", 6), ("so-renewal", "Refused", 1), ("so-renewal", "Withdrawn", 1), ("so-renewal", "Correction", 1), ("so-renewal", "Investigating", 1), ("so-renewal", "Reviewing", 2),
            ("so-rectification", "Investigating", 2), ("so-rectification", "Reviewing", 1), ("so-rectification", "Registered", 3), ("so-rectification", "Ended", 3),
            ("marriage", "Registered", 1), ("marriage", "Refused", 1), ("divorce", "Accepted", 1), ("divorce", "Reviewing", 1), ("divorce", "Registered", 1), ("divorce", "Withdrawn", 1), ("divorce", "Lapsed", 1),
        ];
        if (kind == Databases.Sqlite)
        {
            var ends = ToldCounty.Others.GroupBy(s => s.Matter).SelectMany(g => g.SkipLast(1)).Select(s => (s.Matter, Status: Matters.ShippedMatters.Load(s.Matter).Revision!.Examples[s.Example + ".json"].Expect.Statuses[^1])).ToList();
            Assert.True(ends.Count > 60, "the other matters");
            // What was paid once has ended by now.
            Assert.Empty(ends.Where(e => !there.ContainsKey(e) && !(e.Status == "Paying" && there.ContainsKey((e.Matter, "Ended")))).Select(e => $"{e} among {string.Join(", ", there.Keys.Where(t => t.Matter == e.Matter).Select(t => t.Status))}"));
        }
        Assert.All(wanted, w => Assert.True(there.GetValueOrDefault((w.Matter, w.Status)) >= w.Least, $"{w}: {there.GetValueOrDefault((w.Matter, w.Status))}"));

        var today = app.Services.GetRequiredService<TimeProvider>().Today();
        var open = await db.Set<WorkTask>().Where(t => t.State == TaskState.Open && t.Role != Roles.Applicant && t.FinishBy != null).ToListAsync();
        Assert.True(open.Count(t => t.FinishBy < today) >= 5, "late");
        Assert.Contains(open, t => t.FinishBy >= today && t.AmberFrom <= today);
        Assert.True(await db.Set<Certificate>().CountAsync(c => c.ValidTo >= today && c.ValidTo <= today.AddDays(90)) >= 8, "running out soon");
        Assert.True(await db.Set<PlannedReverification>().AnyAsync(p => p.OpenedCaseId != null), "re-verified");
        // Two months are paid, a line that came back was paid again, and this month's batch waits for its checker.
        Assert.Equal([RosterState.Closed, RosterState.Closed, RosterState.Submitted], await db.Set<PayRoster>().OrderBy(r => r.Month).Select(r => r.State).ToListAsync());
        Assert.Equal(2, await db.Set<PayLine>().CountAsync(l => l.State == PayLineState.Returned));
        Assert.True(await db.Set<PayLine>().AnyAsync(l => l.Kind == PayKind.Repaid && l.State == PayLineState.Paid), "paid again");
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task People_come_and_officers_work_on_working_days_of_the_last_year_and_nothing_lies_ahead(string kind)
    {
        var app = await county.GetAsync(kind);
        var (now, days) = (app.Services.GetRequiredService<TimeProvider>().GetUtcNow(), new StoryDays(app.Services.GetRequiredService<Calendars>().Working));
        await using var db = app.Services.GetRequiredService<IReader>().Open();
        var filed = await db.Set<Case>().Where(c => c.SubmittedAt != null && c.Channel != Channel.Office).Select(c => c.SubmittedAt!.Value).ToListAsync();
        var done = await db.Set<WorkTask>().Where(t => t.State == TaskState.Done && t.Role != Roles.Applicant && t.ClosedAt != null).Select(t => t.ClosedAt!.Value).ToListAsync();
        Assert.All(filed.Concat(done), at =>
        {
            Assert.InRange(at, now.AddDays(-366), now);
            Assert.True(days.IsWorkday(BureauTime.Day(at)), $"{BureauTime.Local(at)} is no working day");
            Assert.InRange(BureauTime.Local(at).Hour, 7, 18);
        });
        Assert.True(filed.Select(f => BureauTime.Day(f).Month).Distinct().Count() >= 10, "months");
        Assert.False(await db.Set<AuditEntry>().AnyAsync(a => a.At > now));
        // A day that lies before is a holiday somewhere in these tests' years.
        Assert.False(days.IsWorkday(new DateOnly(2026, 10, 1)));
    }

    /// <summary>Of the whole plan, which is asked here and not told: what is under way came within weeks, but the year does not consist of it.</summary>
    [Fact]
    public void No_month_of_the_plan_has_much_more_than_its_share()
    {
        var stories = CountyPlan.Stories(couples: true);
        // Working days of a month, about: twelve months back.
        var months = stories.CountBy(s => s.FiledAgo / 21).ToDictionary();
        Assert.Equal(Enumerable.Range(0, 12), months.Keys.Where(m => m < 12).Order());
        Assert.All(months.Where(m => m.Key < 11), m => Assert.InRange(m.Value, stories.Count / 24, stories.Count / 6));
        Assert.InRange(stories.Count, 220, 260);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task The_story_is_in_order_of_time_and_proves_itself(string kind)
    {
        var app = await county.GetAsync(kind);
        await using var db = app.Services.GetRequiredService<IReader>().Open();
        Assert.Empty((await app.Services.GetRequiredService<CaseProof>().RunAsync()).Faults);
        Assert.Empty(await db.VerifyAsync(default));
        Assert.True(await db.Set<AuditHead>().CountAsync() > 300, "a head for each day");

        var receipts = (await db.Set<CommandRecord>().Where(c => c.Key.StartsWith("demo.year.") && c.Key.EndsWith(".submit")).Select(c => c.Result).ToListAsync()).ConvertAll(r => JsonSerializer.Deserialize<Receipt>(r)!);
        Assert.True(receipts.Count > 40, $"{receipts.Count} receipts");
        Assert.All(receipts.GroupBy(r => r.SubmittedAt.Year), year => Assert.Equal(year.OrderBy(r => r.Number, StringComparer.Ordinal).Select(r => r.CaseId), year.OrderBy(r => r.SubmittedAt).ThenBy(r => r.Number, StringComparer.Ordinal).Select(r => r.CaseId)));

        // Letters went on their days, and what was late then was told then: nothing is left that a job would now make up for.
        var letters = await db.Set<MailboxLetter>().Select(l => l.At).ToListAsync();
        Assert.True(letters.Count > 150 && letters.Select(l => BureauTime.Day(l).Month).Distinct().Count() >= 9, $"{letters.Count} letters");
        Assert.False(await db.Set<OutboxMessage>().AnyAsync(m => m.State == OutboxState.Pending));
        // Nor is any letter a year older than what it tells of.
        Assert.False(await db.Set<OutboxMessage>().AnyAsync(m => m.SentAt < m.CreatedAt));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Nobody_in_it_is_real(string kind)
    {
        var app = await county.GetAsync(kind);
        var cipher = app.Services.GetRequiredService<FieldCipher>();
        await using var db = app.Services.GetRequiredService<IReader>().Open();
        var persons = await db.Set<Person>().ToListAsync();
        Assert.All(persons, p => Assert.StartsWith("341299", p.IdNumber(cipher), StringComparison.Ordinal));
        Assert.All(persons.Where(p => !DemoOrganisations.Names.Contains(p.Name)), p => Assert.True(IsInvented(p.Name), p.Name));
        Assert.False(IsInvented("王建国"));
        Assert.All(persons.Select(p => p.Email(cipher)).OfType<string>(), e => Assert.EndsWith("@example.invalid", e, StringComparison.Ordinal));
        Assert.All(await db.Set<Division>().Select(d => d.Code).ToListAsync(), code => Assert.StartsWith("341299", code, StringComparison.Ordinal));
        Assert.All(await db.Set<Case>().Where(c => c.Number != null).Select(c => c.County).ToListAsync(), code => Assert.Equal("341299", code));
        // Households differ: the same people twice would be one.
        Assert.True(persons.Select(p => p.Name).Distinct().Count() > persons.Count / 3, "names");
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Whoever_works_there_has_something_to_do_and_the_leader_something_to_look_at(string kind)
    {
        var app = await county.GetAsync(kind);
        await using var db = app.Services.GetRequiredService<IReader>().Open();
        var viewers = (await db.Users.Include(a => a.Postings).Where(a => a.Kind == AccountKind.Officer).ToListAsync()).ConvertAll(a => new Viewer(a.Id, a.DisplayName, a.Kind, [.. a.Postings.Select(p => new HeldRole(p.Role, p.Division))], a.PersonId));
        foreach (var role in new[] { Roles.VillageWorker, Roles.Clerk, Roles.Investigator, Roles.TownshipReviewer, Roles.Checker, Roles.CountyClerk, Roles.CountyApprover, Roles.OrganisationClerk, Roles.DepartmentHead })
        {
            var totals = new List<int>();
            foreach (var viewer in viewers.Where(v => v.HoldsAny(role))) totals.Add((await app.Services.GetRequiredService<QueueQuery>().ReadAsync(viewer, new QueueFilter())).Counts.Sum(c => c.Count));
            Assert.True(totals.Sum() > 0, role);
        }
        var overview = await app.Services.GetRequiredService<OverviewQuery>().ReadAsync(viewers.First(v => v.HoldsAny(Roles.Leader)));
        Assert.NotNull(overview);
        Assert.True(overview.Received.Count(m => m.Received > 0) >= 9, "received");
        Assert.True(overview.Received.Count(m => m.Decided > 0) >= 9, "decided");
        Assert.True(overview.Expiring.Sum(m => m.Certificates) >= 8, "expiring");
        Assert.True(overview.Open.Count >= 3, "open");
        Assert.True(overview.LateReverifications > 0, "re-verifications that nobody began");
    }

    private static bool IsInvented(string name) => Families.Surnames.Contains(name[..1]) && Families.Given.Contains(name[1..]);
}
