using CivilAffairs.Web.Platform.Jobs;
using CivilAffairs.Web.Features.Jobs.Board;
using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Features.Cases;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Demo;
using CivilAffairs.Web.Features.Overview;
using CivilAffairs.Web.Platform.Audit;
using CivilAffairs.Web.Platform.Commands;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Outbox;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using CaseStory = CivilAffairs.Tests.Support.CaseStory;

namespace CivilAffairs.Tests.Features.Cases;

/// <summary>A planned re-verification becomes a case on its day, once, and what it decides reaches the benefit.</summary>
public sealed class ReverificationTests(BothDatabases databases) : IClassFixture<BothDatabases>
{
    private static readonly DateTimeOffset Due = new(2026, 9, 10, 9, 0, 0, TimeSpan.FromHours(8));

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task It_opens_on_its_day_with_everything_of_the_case_it_comes_of_and_once(string kind)
    {
        var app = await databases.GetAsync(kind);
        var (story, origin, plan) = await GrantedAsync(app);
        Assert.Equal((new DateOnly(2026, 9, 10), "reverify"), (plan.DueOn, plan.Workflow));
        await Kit(app, Due.AddDays(-1)).OpenDueAsync(50, default);
        await using var db = story.Open();
        Assert.Null((await PlanAsync(db, plan.Id)).SettledAt);

        await Kit(app, Due).OpenDueAsync(1, default);
        var settled = await PlanAsync(db, plan.Id);
        Assert.Equal(Due.ToUniversalTime(), settled.SettledAt);
        var opened = await db.Set<Case>().AsNoTracking().SingleAsync(c => c.Id == settled.OpenedCaseId);
        Assert.Equal((Channel.Office, origin.Id, plan.GrantId, "Investigating", origin.ApplicantAccountId), (opened.Channel, opened.OriginId, opened.GrantId, opened.Status, opened.ApplicantAccountId));
        Assert.Equal((origin.Township, origin.Village), (opened.Township, opened.Village));
        Assert.Equal(await db.Set<CaseParty>().CountAsync(p => p.CaseId == origin.Id && p.Current), await db.Set<CaseParty>().CountAsync(p => p.CaseId == opened.Id && p.Current));
        var tasks = await db.Set<WorkTask>().Where(t => t.CaseId == opened.Id).ToListAsync();
        Assert.Equal([("reCheck", "CHK", origin.County), ("reVisit", "INV", origin.Township!), ("reVisit", "INV", origin.Township!)], tasks.Select(t => (t.ActivityId, t.Role, t.Division)).Order());
        Assert.Equal(["reverify.mail"], await db.Set<OutboxMessage>().Where(m => m.CaseId == opened.Id).Select(m => m.Template!).Distinct().ToListAsync());

        // Leaders are told of it from the day after, until somebody takes one of its tasks.
        async Task<bool> ToldAsync(int days) => (await new ReverificationsDueQuery(app.Services.GetRequiredService<IReader>(), new StoppedClock(Due.AddDays(days).ToUniversalTime())).ReadAsync(CaseStory.Officer("ldr-9", Roles.Leader, story.Township), new(), 1))!.Rows.Any(r => r.PlanId == plan.Id && r.CaseId == opened.Id && r.Opened);
        Assert.Equal((false, true), (await ToldAsync(0), await ToldAsync(1)));
        var visit = tasks.First(t => t.ActivityId == "reVisit");
        await app.Services.GetRequiredService<TaskCommands>().ClaimAsync(CaseStory.Officer("inv-9", Roles.Investigator, story.Township), visit.Id);
        Assert.False(await ToldAsync(1));

        await Kit(app, Due.AddDays(30)).OpenDueAsync(50, default);
        Assert.Equal(1, await db.Set<Case>().CountAsync(c => c.GrantId == plan.GrantId));
        await SoundAsync(app, db);
    }

    /// <summary>The same plan taken up by several nodes in one moment.</summary>
    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Nodes_that_open_it_at_once_open_one_case(string kind)
    {
        var app = await databases.GetAsync(kind);
        var (story, origin, plan) = await GrantedAsync(app);
        var nodes = Enumerable.Range(0, 6).Select(_ => Kit(app, Due)).ToList();
        var opened = await Task.WhenAll(nodes.Select(n => Task.Run(() => n.OpenAsync(plan.Id, default))));
        Assert.Single(opened, done => done);
        await using var db = story.Open();
        Assert.Equal(1, await db.Set<Case>().CountAsync(c => c.OriginId == origin.Id));
        // Were the plan's mark lost, the store itself would still refuse a second plan of the same case.
        await Assert.ThrowsAnyAsync<DbUpdateException>(() => app.Services.GetRequiredService<IWriter>().WriteAsync(async (w, cancel) =>
        {
            var mine = await w.Set<PlannedReverification>().AsNoTracking().SingleAsync(p => p.Id == plan.Id, cancel);
            w.Add(new PlannedReverification { CaseId = origin.Id, Benefit = mine.Benefit, Workflow = mine.Workflow, DueOn = mine.DueOn, OpenedCaseId = mine.OpenedCaseId });
            return await w.SaveChangesAsync(cancel);
        }));
    }

    public static TheoryData<string, string, string, long?, bool> Outcomes
    {
        get
        {
            var data = new TheoryData<string, string, string, long?, bool>();
            foreach (var kind in Databases.Kinds)
            {
                data.Add(kind, "reverify-continues", "Paying", 120_000, true);
                data.Add(kind, "reverify-raised", "Paying", 150_000, true);
                data.Add(kind, "reverify-lowered", "Paying", 80_000, true);
                data.Add(kind, "reverify-reconsidered", "Paying", 120_000, true);
                data.Add(kind, "reverify-stopped", "Ended", null, false);
                data.Add(kind, "reverify-refuses-to-cooperate", "Ended", null, false);
            }
            return data;
        }
    }

    /// <param name="paid">Fen a month from October on; null: nothing.</param>
    [Theory, MemberData(nameof(Outcomes))]
    public async Task What_is_decided_reaches_the_benefit_from_the_next_month(string kind, string example, string status, long? paid, bool again)
    {
        var app = await databases.GetAsync(kind);
        var (story, _, plan) = await GrantedAsync(app);
        var caseId = await story.ReverifyAsync(plan.Id, example);
        await using var db = story.Open();
        var @case = await db.Set<Case>().SingleAsync(c => c.Id == caseId);
        Assert.Equal(status, @case.Status);
        Assert.Equal(status == "Paying" ? "Granted" : "Ended", (await db.Set<CaseDecision>().SingleAsync(d => d.CaseId == caseId)).Status);
        var grant = await db.Set<Grant>().SingleAsync(g => g.Id == plan.GrantId);
        var changes = await db.Set<GrantChange>().Where(c => c.GrantId == grant.Id).ToListAsync();
        Assert.Equal(120_000, grant.AmountFen);
        // What was found is kept even where the amount stays: persons and category may have changed.
        Assert.Equal((paid, new DateOnly(2026, 10, 1), caseId), (Assert.Single(changes).AmountFen, changes[0].FromMonth, changes[0].CaseId));
        if (paid is not null) Assert.Equal(example == "reverify-continues" ? (null, "stable") : (4, "unsteady"), (changes[0].Persons, changes[0].Category));
        Assert.Equal(paid is null ? new DateOnly(2026, 9, 1) : null, grant.LastMonth);
        var next = await db.Set<PlannedReverification>().SingleOrDefaultAsync(p => p.CaseId == caseId);
        Assert.Equal(again, next is { SettledAt: null } && next.GrantId == grant.Id);
        // Twelve months where income is stable, six where it is not [DB 31], from the decision.
        if (next is not null)
            Assert.Equal((await db.Set<CaseDecision>().SingleAsync(d => d.CaseId == caseId)).OccurredOn.AddMonths(example == "reverify-continues" ? 12 : 6), next.DueOn);
        var expect = story.Revision.Examples[example + ".json"].Expect;
        Assert.Equal(expect.Documents, await db.Set<IssuedDocument>().Where(d => d.CaseId == caseId).OrderBy(d => d.IssuedAt).ThenBy(d => d.Id).Select(d => d.Template).ToListAsync());
        // A node that read the plan before finds it settled, though the case that came of it is over too.
        Assert.False(await Kit(app, Due.AddDays(40)).OpenAsync(plan.Id, default));
        Assert.Equal(1, await db.Set<Case>().CountAsync(c => c.OriginId == plan.CaseId));
        await SoundAsync(app, db);
    }

    /// <summary>What was raised is compared with the raised amount the next time, and the chain goes on from case to case.</summary>
    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task The_next_one_looks_at_what_is_paid_then(string kind)
    {
        var app = await databases.GetAsync(kind);
        var (story, _, plan) = await GrantedAsync(app);
        var first = await story.ReverifyAsync(plan.Id, "reverify-raised");
        await using var db = story.Open();
        var next = await db.Set<PlannedReverification>().SingleAsync(p => p.CaseId == first);
        var second = await story.ReverifyAsync(next.Id, "reverify-continues", new DateTimeOffset(next.DueOn.ToDateTime(new TimeOnly(1, 0)), TimeSpan.Zero), until: DateTimeOffset.MinValue);
        var opened = await db.Set<Case>().SingleAsync(c => c.Id == second);
        Assert.Equal((first, plan.GrantId), (opened.OriginId, opened.GrantId));
        var start = await db.Set<JournalRow>().Where(j => j.CaseId == second && j.Step == 1).Select(j => j.Input).SingleAsync();
        Assert.Contains("\"amountFen\":150000", start, StringComparison.Ordinal);
    }

    /// <summary>Whoever filed at a counter has no account to answer by: the counter of the township writes it down.</summary>
    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Who_has_no_account_is_heard_at_the_counter(string kind)
    {
        var app = await databases.GetAsync(kind);
        var (story, _, plan) = await GrantedAsync(app);
        await app.Services.GetRequiredService<IWriter>().WriteAsync((w, cancel) => w.Set<Case>().Where(c => c.Id == plan.CaseId).ExecuteUpdateAsync(s => s.SetProperty(c => c.ApplicantAccountId, (Guid?)null), cancel));
        var caseId = await story.ReverifyAsync(plan.Id, "reverify-lowered", until: new DateTimeOffset(2026, 9, 16, 20, 0, 0, TimeSpan.FromHours(8)));
        await using var db = story.Open();
        var @case = await db.Set<Case>().SingleAsync(c => c.Id == caseId);
        var hear = await db.Set<WorkTask>().SingleAsync(t => t.CaseId == caseId && t.State == TaskState.Open);
        Assert.Equal(("hear", Roles.Applicant), (hear.ActivityId, hear.Role));
        var rules = app.Services.GetRequiredService<TaskRules>();
        Assert.Null(await rules.RefusalAsync(db, CaseStory.Officer("tck-9", Roles.Clerk, story.Township), @case, hear));
        Assert.NotNull(await rules.RefusalAsync(db, CaseStory.Officer("tck-8", Roles.Clerk, "341299101"), @case, hear));
        Assert.NotNull(await rules.RefusalAsync(db, CaseStory.Officer("trv-9", Roles.TownshipReviewer, story.Township), @case, hear));
        @case.ApplicantAccountId = Guid.NewGuid();
        Assert.NotNull(await rules.RefusalAsync(db, CaseStory.Officer("tck-9", Roles.Clerk, story.Township), @case, hear));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_benefit_that_ended_meanwhile_is_not_verified_and_one_under_review_waits(string kind)
    {
        var app = await databases.GetAsync(kind);
        var (ended, endedCase, endedPlan) = await GrantedAsync(app);
        await ended.ReviewAsync(endedCase.Id, "review-grant-revoked");
        var (waiting, waitingCase, waitingPlan) = await GrantedAsync(app);
        await waiting.ReviewAsync(waitingCase.Id, "review-grant-kept", until: DateTimeOffset.MinValue);

        await Kit(app, Due).OpenDueAsync(50, default);
        await using var db = ended.Open();
        var settled = await PlanAsync(db, endedPlan.Id);
        Assert.True(settled is { SettledAt: not null, OpenedCaseId: null });
        Assert.Contains(await db.Set<AuditEntry>().Where(a => a.Chain == endedCase.Id.ToString()).Select(a => a.Action).ToListAsync(), a => a == "reverification.notNeeded");
        Assert.Null((await PlanAsync(db, waitingPlan.Id)).SettledAt);
    }

    /// <returns>A granted case, and the plan that its workflow made.</returns>
    private static async Task<(CaseStory Story, Case Case, PlannedReverification Plan)> GrantedAsync(TestApp app)
    {
        var story = new CaseStory(app);
        var caseId = await story.PlayAsync("granted");
        await using var db = story.Open();
        return (story, await db.Set<Case>().AsNoTracking().SingleAsync(c => c.Id == caseId), await db.Set<PlannedReverification>().AsNoTracking().SingleAsync(p => p.CaseId == caseId));
    }

    private static Task<PlannedReverification> PlanAsync(CivilAffairsDb db, Guid id) => db.Set<PlannedReverification>().AsNoTracking().SingleAsync(p => p.Id == id);

    /// <summary>One that cannot be opened is named on the page of jobs, to whoever sees its case, until it is open.</summary>
    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task One_that_cannot_be_opened_is_named_tried_again_and_goes_once_it_is_open(string kind)
    {
        var app = await databases.GetAsync(kind);
        var ((story, origin, plan), (_, _, sound)) = (await GrantedAsync(app), await GrantedAsync(app));
        await using var db = story.Open();
        Task WorkflowAsync(string workflow) => app.Services.GetRequiredService<IWriter>().WriteAsync((w, token) => w.Set<PlannedReverification>().Where(p => p.Id == plan.Id).ExecuteUpdateAsync(s => s.SetProperty(p => p.Workflow, workflow), token));
        await WorkflowAsync("none");
        for (var times = 1; times <= 2; times++)
        {
            await Kit(app, Due.AddHours(times)).OpenDueAsync(50, default);
            var item = await db.Set<FailedItem>().AsNoTracking().SingleAsync(i => i.SubjectId == plan.Id);
            Assert.Equal(("reverifications", (Guid?)origin.Id, nameof(KeyNotFoundException), times, Due.AddHours(1).ToUniversalTime(), Due.AddHours(times).ToUniversalTime()), (item.Job, item.CaseId, item.Error, item.Times, item.FirstAt, item.LastAt));
        }
        Assert.NotNull((await PlanAsync(db, sound.Id)).SettledAt);
        var board = app.Services.GetRequiredService<JobBoard>();
        async Task<FailedLine?> LineAsync(string role, string division) => (await board.FailedAsync(Support.CaseStory.Officer($"{role}-board", role, division))).SingleOrDefault(l => l.FirstAt == Due.AddHours(1).ToUniversalTime() && l.Job == "reverifications");
        Assert.Equal((origin.Number, (Guid?)origin.Id), await LineAsync(Roles.Supervisor, "341299") is { } seen ? (seen.Number, seen.CaseId) : default);
        // Who looks after the product, and who supervises elsewhere, learns that there is one.
        foreach (var (role, division) in new[] { (Roles.Administrator, "341299"), (Roles.Supervisor, "341299998") })
            Assert.Equal(("case", (string?)null, (Guid?)null), await LineAsync(role, division) is { } hidden ? (hidden.Kind, hidden.Number, hidden.CaseId) : default);

        await WorkflowAsync("reverify");
        await Kit(app, Due.AddHours(3)).OpenDueAsync(50, default);
        Assert.NotNull((await PlanAsync(db, plan.Id)).SettledAt);
        Assert.Equal(0, await db.Set<FailedItem>().CountAsync(i => i.SubjectId == plan.Id));
    }

    private static Reverifications Kit(TestApp app, DateTimeOffset now)
    {
        var clock = new StoryClock(now.ToUniversalTime());
        return new CaseKit(app.Services, new CommandRunner(app.Services.GetRequiredService<IWriter>(), clock), clock).Reverifications;
    }

    private static async Task SoundAsync(TestApp app, CivilAffairsDb db)
    {
        Assert.Empty(await db.VerifyAsync(default));
        Assert.Empty((await app.Services.GetRequiredService<CaseProof>().RunAsync()).Faults);
    }
}
