using CivilAffairs.Web.Platform.Jobs;
using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Features.Cases;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Demo;
using CivilAffairs.Web.Features.Desk.Casefile;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Audit;
using CivilAffairs.Web.Platform.Commands;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using CaseStory = CivilAffairs.Tests.Support.CaseStory;

namespace CivilAffairs.Tests.Features.Cases;

/// <summary>What becomes of a benefit after it was granted: published, changed, phased out 渐退, ended; and what the next one who looks at it is shown.</summary>
public sealed class GrantLifeTests(BothDatabases databases) : IClassFixture<BothDatabases>
{
    private static readonly DateTimeOffset Due = new(2026, 9, 10, 9, 0, 0, TimeSpan.FromHours(8));

    /// <summary>Found on 10 September: paid until March, six months after, as worked example B22 has it.</summary>
    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_benefit_that_is_phased_out_is_paid_for_six_months_more_and_then_its_case_ends(string kind)
    {
        var app = await databases.GetAsync(kind);
        var (story, origin, plan) = await GrantedAsync(app);
        await story.ReverifyAsync(plan.Id, "reverify-phase-out", Due);
        await using var db = story.Open();
        Assert.Equal(new DateOnly(2027, 3, 1), await db.Set<Grant>().Where(g => g.Id == plan.GrantId).Select(g => g.LastMonth).SingleAsync());
        Assert.Equal(new DateOnly(2027, 3, 31), await db.Set<PublicNotice>().Where(n => n.GrantId == plan.GrantId).Select(n => n.LastDay).SingleAsync());
        Assert.Equal("reverifyPhaseOut", await db.Set<GrantChange>().Where(c => c.GrantId == plan.GrantId).Select(c => c.Reason).SingleAsync());

        await EndsOn(app, new DateTimeOffset(2027, 3, 31, 23, 50, 0, TimeSpan.FromHours(8))).EnterAsync(1, default);
        Assert.Equal("Paying", await StatusAsync(db, origin));
        // Two nodes at once, and again: it ends once.
        var after = EndsOn(app, new DateTimeOffset(2027, 4, 1, 0, 10, 0, TimeSpan.FromHours(8)));
        await Task.WhenAll(after.EnterAsync(1, default), EndsOn(app, new DateTimeOffset(2027, 4, 1, 0, 10, 0, TimeSpan.FromHours(8))).EnterAsync(50, default));
        Assert.Equal(0, await after.EnterAsync(50, default));
        Assert.Equal("Ended", await StatusAsync(db, origin));
        Assert.Equal(1, await db.Set<AuditEntry>().CountAsync(a => a.Chain == origin.ToString() && a.Action == "benefit.ended"));
        Assert.Empty(await db.VerifyAsync(default));
        Assert.Empty((await app.Services.GetRequiredService<CaseProof>().RunAsync()).Faults);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_case_under_review_keeps_its_state_until_the_review_has_set_it(string kind)
    {
        var app = await databases.GetAsync(kind);
        var (story, origin, plan) = await GrantedAsync(app);
        await story.ReverifyAsync(plan.Id, "reverify-stopped");
        await story.ReviewAsync(origin, "review-grant-kept", at: new DateTimeOffset(2026, 10, 8, 9, 0, 0, TimeSpan.FromHours(8)), until: DateTimeOffset.MinValue);
        await EndsOn(app, new DateTimeOffset(2026, 10, 9, 0, 10, 0, TimeSpan.FromHours(8))).EnterAsync(50, default);
        await using var db = story.Open();
        Assert.Equal(Case.UnderReview, await StatusAsync(db, origin));
        Assert.Null(await db.Set<Grant>().Where(g => g.Id == plan.GrantId).Select(g => g.EndedAt).SingleAsync());
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_changed_amount_is_published_in_place_of_the_earlier_one(string kind)
    {
        var app = await databases.GetAsync(kind);
        var (story, _, plan) = await GrantedAsync(app);
        var caseId = await story.ReverifyAsync(plan.Id, "reverify-lowered");
        await using var db = story.Open();
        var results = await db.Set<PublicNotice>().Where(n => n.GrantId == plan.GrantId).OrderBy(n => n.FirstDay).ToListAsync();
        Assert.Equal([new DateOnly(2026, 9, 21), null], results.Select(n => n.LastDay));
        Assert.Equal(caseId, results[1].CaseId);
        // Its own amount and nothing that must not be shown.
        Assert.Contains("800.00", results[1].Html, StringComparison.Ordinal);
        Assert.DoesNotContain("341299", results[1].Html, StringComparison.Ordinal);
    }

    /// <summary>A board keeps a result for the days its matter says [VC 35], here three hundred, though a later one takes its place before.</summary>
    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_result_hangs_its_least_days_though_a_later_one_comes_sooner(string kind)
    {
        var (story, _, plan) = await GrantedAsync(await databases.GetAsync(kind), leastDays: 300);
        await story.ReverifyAsync(plan.Id, "reverify-lowered");
        await using var db = story.Open();
        var results = await db.Set<PublicNotice>().Where(n => n.GrantId == plan.GrantId).OrderBy(n => n.FirstDay).ToListAsync();
        Assert.Equal(new DateOnly(2026, 9, 22), results[1].FirstDay);
        Assert.Equal([results[0].FirstDay.AddDays(299), null], results.Select(n => n.LastDay));
    }

    /// <summary>The reviewer starts from what this visit and check found, and sees what was found last time, from case to case.</summary>
    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task The_opinion_starts_from_the_fresh_check_beside_what_was_found_last_time(string kind)
    {
        var app = await databases.GetAsync(kind);
        var (story, _, plan) = await GrantedAsync(app);
        var first = await story.ReverifyAsync(plan.Id, "reverify-raised", until: new DateTimeOffset(2026, 9, 22, 9, 0, 0, TimeSpan.FromHours(8)));
        var entry = await EntryAsync(app, story, first!.Value);
        Assert.Equal(("18000", "21600", "4", "unsteady"), (entry.Typed("incomeFen"), entry.Before("incomeFen"), entry.Typed("members"), entry.Typed("category")));
        Assert.Equal(("true", "false", (string?)null), (entry.Typed("cooperates"), entry.Typed("unchanged"), entry.Before("unchanged")));
        Assert.True(entry.IsEmpty);
        entry.Type("incomeFen", "17000");
        Assert.Equal(("18000", false), (entry.First("incomeFen"), entry.IsEmpty));
        // What it starts from can be sent as it is, and the amount follows from the fresh figures.
        var sent = await EntryAsync(app, story, first.Value);
        sent.Choose("Submit");
        sent.Type("reason", "按本次核对提出意见。");
        var fields = sent.Check();
        Assert.True(fields is not null, string.Join("; ", sent.Faults));
        var reviewer = CaseStory.Officer("trv-1", Roles.TownshipReviewer, story.Township);
        var tasks = app.Services.GetRequiredService<TaskCommands>();
        await tasks.ClaimAsync(reviewer, sent.Task.Id);
        await tasks.CompleteAsync(reviewer, sent.Task.Id, "Submit", fields!, sent.Key);
        var reckoned = (await app.Services.GetRequiredService<DossierQuery>().ReadAsync(reviewer, first.Value))!.Reckoning;
        Assert.Equal(((bool?)true, (long?)150000), (reckoned.Eligible, reckoned.AmountFen));

        await using var db = story.Open();
        var done = (await GrantedAsync(app)).Story;
        var again = await db.Set<PlannedReverification>().Where(p => p.CaseId != plan.CaseId && p.SettledAt == null).OrderByDescending(p => p.RecordedAt).FirstAsync();
        var raised = await done.ReverifyAsync(again.Id, "reverify-raised");
        var next = await db.Set<PlannedReverification>().SingleAsync(p => p.CaseId == raised);
        var at = new DateTimeOffset(next.DueOn.ToDateTime(new TimeOnly(1, 0)), TimeSpan.Zero);
        var second = await done.ReverifyAsync(next.Id, "reverify-continues", at);
        var entryOfSecond = await EntryAsync(app, done, second!.Value);
        Assert.Equal(("21600", "18000"), (entryOfSecond.Typed("incomeFen"), entryOfSecond.Before("incomeFen")));
        // The second found no change and asked for no figures: the third still knows those of the first.
        var last = await db.Set<PlannedReverification>().SingleAsync(p => p.CaseId == second);
        at = new DateTimeOffset(last.DueOn.ToDateTime(new TimeOnly(1, 0)), TimeSpan.Zero);
        var third = await done.ReverifyAsync(last.Id, "reverify-continues", at);
        Assert.Equal("18000", (await EntryAsync(app, done, third!.Value)).Before("incomeFen"));
    }

    private static async Task<TaskEntry> EntryAsync(TestApp app, CaseStory story, Guid caseId)
    {
        var dossier = await app.Services.GetRequiredService<DossierQuery>().ReadAsync(CaseStory.Officer("trv-1", Roles.TownshipReviewer, story.Township), caseId);
        var entry = new TaskEntry(dossier!.Tasks.Last(t => t.ActivityId == "reOpinion"), dossier.Revision.Form, dossier.Answers, dossier.Earlier, dossier.SoFar);
        return entry;
    }

    private static async Task<(CaseStory Story, Guid CaseId, PlannedReverification Plan)> GrantedAsync(TestApp app, int? leastDays = null)
    {
        var story = new CaseStory(app);
        if (leastDays is { } days)
            await app.Services.GetRequiredService<IWriter>().WriteAsync((w, _) => Task.FromResult(w.Add(new ParameterValue { Key = "dibao.result.leastDays", Scope = story.Township, Value = $"{days}", ValidFrom = new DateOnly(2020, 1, 1), Source = "test" })));
        var caseId = await story.PlayAsync("granted");
        await using var db = story.Open();
        return (story, caseId, await db.Set<PlannedReverification>().AsNoTracking().SingleAsync(p => p.CaseId == caseId));
    }

    private static Task<string> StatusAsync(CivilAffairsDb db, Guid id) => db.Set<Case>().Where(c => c.Id == id).Select(c => c.Status).SingleAsync();

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task An_end_that_cannot_be_entered_is_named_tried_again_and_goes_once_it_is(string kind)
    {
        var app = await databases.GetAsync(kind);
        var (story, origin, plan) = await GrantedAsync(app);
        await story.ReverifyAsync(plan.Id, "reverify-phase-out", Due);
        await using var db = story.Open();
        var april = new DateTimeOffset(2027, 4, 1, 0, 10, 0, TimeSpan.FromHours(8));
        await using (await BrokenRow.MakeAsync(app, kind, "grants", "UPDATE", "Id", plan.GrantId!.Value))
            for (var times = 1; times <= 2; times++)
            {
                await EndsOn(app, april.AddHours(times)).EnterAsync(50, default);
                var item = await db.Set<FailedItem>().AsNoTracking().SingleAsync(i => i.SubjectId == plan.GrantId);
                Assert.Equal(("benefit-ends", (Guid?)origin, times), (item.Job, item.CaseId, item.Times));
                Assert.Equal("Paying", await StatusAsync(db, origin));
            }
        await EndsOn(app, april.AddHours(3)).EnterAsync(50, default);
        Assert.Equal("Ended", await StatusAsync(db, origin));
        Assert.Equal(0, await db.Set<FailedItem>().CountAsync(i => i.SubjectId == plan.GrantId));
    }

    private static GrantEnds EndsOn(TestApp app, DateTimeOffset now)
    {
        var clock = new StoryClock(now.ToUniversalTime());
        return new CaseKit(app.Services, new CommandRunner(app.Services.GetRequiredService<IWriter>(), clock), clock).GrantEnds;
    }
}
