using System.Reflection;
using System.Runtime.CompilerServices;
using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Features.Cases;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Demo;
using CivilAffairs.Web.Platform.Audit;
using CivilAffairs.Web.Platform.Commands;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Outbox;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using CaseStory = CivilAffairs.Tests.Support.CaseStory;

namespace CivilAffairs.Tests.Features.Cases;

/// <summary>A decision is superseded, never edited: who reopens a case, what comes of it, and what stays of the earlier decision.</summary>
public sealed class ReviewTests(BothDatabases databases) : IClassFixture<BothDatabases>
{
    private const string Paper = "测行初字〔2026〕7号";
    private static readonly Viewer Supervisor = CaseStory.Officer("sup-1", Roles.Supervisor, "341299");
    private static readonly DateOnly Day = new(2026, 6, 10);

    public static TheoryData<string, string, string, string, string> Stories
    {
        get
        {
            var data = new TheoryData<string, string, string, string, string>();
            foreach (var kind in Databases.Kinds)
            {
                data.Add(kind, "refused", "review-refusal-kept", "Refused", "Refused");
                data.Add(kind, "refused", "review-refusal-granted", "Granted", "Paying");
                data.Add(kind, "refused", "review-objection-granted", "Granted", "Paying");
                data.Add(kind, "refused", "review-objection-kept", "Refused", "Refused");
                data.Add(kind, "granted", "review-grant-kept", "Granted", "Paying");
                data.Add(kind, "granted", "review-grant-revoked", "Refused", "Refused");
            }
            return data;
        }
    }

    [Theory, MemberData(nameof(Stories))]
    public async Task A_review_brings_a_decision_that_supersedes_the_earlier_one(string kind, string name, string review, string decided, string status)
    {
        var app = await databases.GetAsync(kind);
        var story = new CaseStory(app);
        var caseId = await story.PlayAsync(name);
        await using var db = story.Open();
        var first = Assert.Single(await db.Set<CaseDecision>().Where(d => d.CaseId == caseId).ToListAsync());
        var papers = await db.Set<IssuedDocument>().CountAsync(d => d.CaseId == caseId);
        var expect = story.Revision.Examples[review + ".json"].Expect;
        await story.ReviewAsync(caseId, review);

        var found = await db.Set<Case>().SingleAsync(c => c.Id == caseId);
        var decisions = await db.Set<CaseDecision>().Where(d => d.CaseId == caseId).OrderBy(d => d.Number).ToListAsync();
        Assert.Equivalent(first, decisions[0]);
        Assert.Equal((2, 2, decided, first.Id), (decisions.Count, decisions[1].Number, decisions[1].Status, decisions[1].SupersedesId!.Value));
        // Where nobody objects the end of the notice brings it, which is nobody's act.
        Assert.Equal(review == "review-refusal-granted" ? null : CaseStory.Officer("cap-2", Roles.CountyApprover, "341299").AccountId, decisions[1].ActorId);
        Assert.Equal((status, decisions[1].RecordedAt), (found.Status, found.DecidedAt!.Value));
        Assert.NotNull(found.ClosedAt);
        var reopened = await db.Set<CaseReview>().SingleAsync(r => r.CaseId == caseId);
        Assert.Equal((reopened.Id, reopened.InstanceId), (decisions[1].ReviewId!.Value, decisions[1].InstanceId));
        Assert.Equal(expect.Documents, (await db.Set<IssuedDocument>().Where(d => d.CaseId == caseId).OrderBy(d => d.IssuedAt).ThenBy(d => d.Id).Select(d => d.Template).ToListAsync()).Skip(papers));
        Assert.Equal(expect.Mails, (await db.Set<OutboxMessage>().Where(m => m.CaseId == caseId && m.PersonId != null && m.CreatedAt >= reopened.RecordedAt).OrderBy(m => m.CreatedAt).ThenBy(m => m.Id).Select(m => m.Template!).ToListAsync()).Distinct());
        var grants = await db.Set<Grant>().Where(g => g.CaseId == caseId).ToListAsync();
        Assert.Equal(name == "granted" || decided == "Granted" ? 1 : 0, grants.Count);
        Assert.Equal(expect.Ran?.Contains("endBenefit") == true ? new DateOnly(2026, 6, 1) : null, grants.SingleOrDefault()?.LastMonth);
        if (expect.AmountFen is { } amount) Assert.Equal((amount, expect.FirstMonth!.Value), (grants[0].AmountFen, grants[0].FirstMonth));
        Assert.Empty(await db.VerifyAsync(default));
        Assert.DoesNotContain((await app.Services.GetRequiredService<CaseProof>().RunAsync()).Faults, f => f.StartsWith(caseId.ToString(), StringComparison.Ordinal));
        Assert.Equal(status, (await Web.Features.Cases.CaseStory.ReadAsync(db, found, story.Revision)).Reached[^1].Status);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Only_whom_the_matter_names_reopens_a_case_and_only_where_they_work(string kind)
    {
        var app = await databases.GetAsync(kind);
        var story = new CaseStory(app);
        var caseId = await story.PlayAsync("refused");
        Viewer Post(string role, string division) => CaseStory.Officer($"{role}-{division}", role, division);
        foreach (var who in new[] { Post(Roles.Clerk, story.Township), Post(Roles.TownshipReviewer, story.Township), Post(Roles.Supervisor, story.Township), Post(Roles.Leader, "341299"), Post(Roles.CountyClerk, "341299"), story.Applicant })
            Assert.Equal("review.notYours", (await Assert.ThrowsAsync<NotAllowedException>(() => ReopenAsync(app, who, caseId, "k"))).Reason);
        foreach (var who in new[] { Post(Roles.Supervisor, "341298"), Post(Roles.CountyApprover, "341298"), Post(Roles.Manager, "341299"), new Viewer(Guid.NewGuid(), "旁人", AccountKind.Applicant, []) })
            await Assert.ThrowsAsync<UnknownCaseException>(() => ReopenAsync(app, who, caseId, "k"));
        var recused = Post(Roles.Supervisor, "341299");
        await app.Services.GetRequiredService<IWriter>().WriteAsync((db, _) => Task.FromResult(db.Add(new CaseRecusal { CaseId = caseId, AccountId = recused.AccountId, Reason = "other" })));
        await Assert.ThrowsAsync<UnknownCaseException>(() => ReopenAsync(app, recused, caseId, "k"));
        await using var db = story.Open();
        Assert.Empty(await db.Set<CaseReview>().Where(r => r.CaseId == caseId).ToListAsync());
        Assert.Equal("Review", (await ReopenAsync(app, Post(Roles.CountyApprover, "341299"), caseId, "k")).Status);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_case_is_reopened_once_and_says_what_is_wrong_with_a_request(string kind)
    {
        var app = await databases.GetAsync(kind);
        var story = new CaseStory(app);
        var caseId = await story.PlayAsync("refused");
        async Task<IEnumerable<string>> FaultsAsync(string basis, string reference, DateOnly day) =>
            (await Assert.ThrowsAsync<InvalidAnswersException>(() => Kit(app).Reviews.ReopenAsync(Supervisor, caseId, basis, reference, day, "f"))).Faults.Select(f => f.Path);
        Assert.Equal(["basis", "reference", "occurredOn"], await FaultsAsync("mood", " ", Day.AddDays(1)));
        Assert.Equal(["reference"], await FaultsAsync("courtJudgment", new string('字', 201), Day));
        // Before the decision it is about.
        Assert.Equal(["occurredOn"], await FaultsAsync("courtJudgment", Paper, new DateOnly(2026, 4, 29)));

        var first = await ReopenAsync(app, Supervisor, caseId, "once");
        Assert.Equal(first, await ReopenAsync(app, Supervisor, caseId, "once"));
        await Assert.ThrowsAsync<KeyReusedException>(() => Kit(app).Reviews.ReopenAsync(Supervisor, caseId, "selfCorrection", Paper, Day, "once" + caseId));
        Assert.Equal("review.running", (await Assert.ThrowsAsync<NotAllowedException>(() => ReopenAsync(app, Supervisor, caseId, "again"))).Reason);
        await using var db = story.Open();
        var open = await db.Set<Case>().SingleAsync(c => c.Id == caseId);
        Assert.Equal(("Review", null, null), (open.Status, open.DecidedAt, open.ClosedAt));
        var audit = await db.Set<AuditEntry>().SingleAsync(a => a.Chain == caseId.ToString() && a.Action == "case.reopened");
        Assert.Equal(Supervisor.AccountId, audit.ActorId);
        // The typed reference lies in the case's own encryption and nowhere else.
        var review = await db.Set<CaseReview>().SingleAsync(r => r.CaseId == caseId);
        var cipher = await app.Services.GetRequiredService<CaseVault>().OpenAsync(db, caseId);
        Assert.Equal(Paper, (string?)cipher.OpenJson(review.Cipher, CaseReview.Purpose(review.Id))["reference"]);
        Assert.DoesNotContain(Paper, audit.Details + string.Concat(await db.Set<JournalRow>().Where(j => j.InstanceId == review.InstanceId).Select(j => j.Input).ToListAsync()) + (await db.Set<WorkflowInstance>().SingleAsync(i => i.Id == review.InstanceId)).State, StringComparison.Ordinal);
        Assert.Equal("case.tooLate", (await Assert.ThrowsAsync<NotAllowedException>(() => Kit(app).Events.WithdrawAsync(story.Applicant, caseId, "w"))).Reason);
        Assert.DoesNotContain((await app.Services.GetRequiredService<CaseProof>().RunAsync()).Faults, f => f.StartsWith(caseId.ToString(), StringComparison.Ordinal));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task What_is_not_decided_or_still_worked_on_is_not_reopened(string kind)
    {
        var app = await databases.GetAsync(kind);
        var (early, served) = (new CaseStory(app), new CaseStory(app));
        var undecided = await early.PlayAsync("refused", new DateTimeOffset(2026, 4, 29, 0, 0, 0, TimeSpan.Zero));
        Assert.Equal("review.notDecided", (await Assert.ThrowsAsync<NotAllowedException>(() => ReopenAsync(app, Supervisor, undecided, "a"))).Reason);
        // Refused, and not served yet.
        var unserved = await served.PlayAsync("refused", new DateTimeOffset(2026, 5, 1, 0, 0, 0, TimeSpan.Zero));
        Assert.Equal("review.atWork", (await Assert.ThrowsAsync<NotAllowedException>(() => ReopenAsync(app, Supervisor, unserved, "b"))).Reason);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_review_that_is_in_notice_is_still_one(string kind)
    {
        var app = await databases.GetAsync(kind);
        var story = new CaseStory(app);
        var caseId = await story.PlayAsync("refused");
        await story.ReviewAsync(caseId, "review-refusal-granted", until: new DateTimeOffset(2026, 6, 18, 0, 0, 0, TimeSpan.Zero));
        await using var db = story.Open();
        var found = await db.Set<Case>().SingleAsync(c => c.Id == caseId);
        Assert.Equal(("Notice", null), (found.Status, found.DecidedAt));
        Assert.Equal("review.running", (await Assert.ThrowsAsync<NotAllowedException>(() => ReopenAsync(app, Supervisor, caseId, "n"))).Reason);
        Assert.Equal("case.tooLate", (await Assert.ThrowsAsync<NotAllowedException>(() => Kit(app).Events.WithdrawAsync(story.Applicant, caseId, Guid.NewGuid().ToString()))).Reason);
        var told = await Web.Features.Cases.CaseStory.ReadAsync(db, found, story.Revision);
        Assert.Equal(["Refused", "Review", "Notice"], told.Reached.TakeLast(3).Select(p => p.Status));
        Assert.Empty(told.Ahead);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Who_decided_does_not_review_and_who_reviewed_does_not_review_again(string kind)
    {
        var app = await databases.GetAsync(kind);
        var story = new CaseStory(app);
        var caseId = await story.PlayAsync("refused");
        await ReopenAsync(app, Supervisor, caseId, "first");
        async Task<string> RefusedAsync(string by)
        {
            await using var db = story.Open();
            var task = await db.Set<WorkTask>().SingleAsync(t => t.CaseId == caseId && t.State == TaskState.Open);
            return (await Assert.ThrowsAsync<NotAllowedException>(() => Kit(app).Tasks.ClaimAsync(CaseStory.Officer(by, Roles.CountyApprover, "341299"), task.Id))).Reason;
        }
        Assert.Equal("task.sameAs", await RefusedAsync("cap-1"));
        // The county's checker of the application may not decide on it either, whatever posts they hold.
        Assert.Equal("task.separated", await RefusedAsync("cck-1"));
        await using var db = story.Open();
        var open = await db.Set<WorkTask>().SingleAsync(t => t.CaseId == caseId && t.State == TaskState.Open);
        var second = CaseStory.Officer("cap-2", Roles.CountyApprover, "341299");
        await Kit(app).Tasks.CompleteAsync(second, open.Id, "Keep", new() { ["reason"] = "事实清楚。" }, Guid.NewGuid().ToString());
        await ReopenAsync(app, Supervisor, caseId, "second");
        Assert.Equal("task.sameAs", await RefusedAsync("cap-2"));
        var third = await db.Set<WorkTask>().SingleAsync(t => t.CaseId == caseId && t.State == TaskState.Open);
        await Kit(app).Tasks.CompleteAsync(CaseStory.Officer("cap-3", Roles.CountyApprover, "341299"), third.Id, "Keep", new() { ["reason"] = "事实清楚。" }, Guid.NewGuid().ToString());
        var decisions = await db.Set<CaseDecision>().Where(d => d.CaseId == caseId).OrderBy(d => d.Number).ToListAsync();
        Assert.Equal([null, decisions[0].Id, decisions[1].Id], decisions.Select(d => d.SupersedesId));
        Assert.Equal([second.AccountId, CaseStory.Officer("cap-3", Roles.CountyApprover, "341299").AccountId], decisions.Skip(1).Select(d => d.ActorId!.Value));
        Assert.DoesNotContain((await app.Services.GetRequiredService<CaseProof>().RunAsync()).Faults, f => f.StartsWith(caseId.ToString(), StringComparison.Ordinal));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_benefit_granted_anew_is_the_one_that_a_later_review_ends(string kind)
    {
        var app = await databases.GetAsync(kind);
        var story = new CaseStory(app);
        var caseId = await story.PlayAsync("granted");
        await story.ReviewAsync(caseId, "review-grant-revoked");
        await story.ReviewAsync(caseId, "review-refusal-granted", new DateTimeOffset(2026, 9, 1, 1, 0, 0, TimeSpan.Zero));
        await story.ReviewAsync(caseId, "review-grant-revoked", new DateTimeOffset(2026, 11, 2, 1, 0, 0, TimeSpan.Zero));
        await using var db = story.Open();
        var grants = await db.Set<Grant>().Where(g => g.CaseId == caseId).OrderBy(g => g.RecordedAt).ToListAsync();
        Assert.Equal([new DateOnly(2026, 6, 1), new DateOnly(2026, 11, 1)], grants.Select(g => g.LastMonth));
        Assert.Equal(["Granted", "Refused", "Granted", "Refused"], await db.Set<CaseDecision>().Where(d => d.CaseId == caseId).OrderBy(d => d.Number).Select(d => d.Status).ToListAsync());
    }

    /// <summary>An earlier decision cannot be changed by the product's code: not by assignment, not past the tracker.</summary>
    [Theory, InlineData(typeof(CaseDecision)), InlineData(typeof(CaseReview))]
    public void What_was_decided_is_only_ever_added(Type entity)
    {
        Assert.Empty(entity.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.SetMethod is { } set && !IsInit(set)).Select(p => p.Name));
        Assert.Empty(Changing(Directory.EnumerateFiles(Repository.Path("src"), "*.cs", SearchOption.AllDirectories).Where(f => !f.Contains("/obj/", StringComparison.Ordinal) && !f.Contains("Migrations", StringComparison.Ordinal)).Select(File.ReadAllText), entity.Name));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task The_store_refuses_a_decision_that_was_changed_or_taken_away(string kind)
    {
        var app = await databases.GetAsync(kind);
        var story = new CaseStory(app);
        var caseId = await story.PlayAsync("refused");
        await story.ReviewAsync(caseId, "review-refusal-kept");
        var writer = app.Services.GetRequiredService<IWriter>();
        Task<int> ChangeAsync(Action<CivilAffairsDb, CaseDecision> change) => writer.WriteAsync(async (db, cancel) =>
        {
            change(db, await db.Set<CaseDecision>().AsTracking().SingleAsync(d => d.CaseId == caseId && d.Number == 1, cancel));
            return await db.SaveChangesAsync(cancel);
        });
        await Assert.ThrowsAsync<InvalidOperationException>(() => ChangeAsync((db, decision) => db.Entry(decision).Property(d => d.Status).CurrentValue = "Granted"));
        // What a later one supersedes cannot go.
        await Assert.ThrowsAsync<DbUpdateException>(() => ChangeAsync((db, decision) => db.Remove(decision)));
        await using var read = story.Open();
        Assert.Equal(["Refused", "Refused"], await read.Set<CaseDecision>().Where(d => d.CaseId == caseId).OrderBy(d => d.Number).Select(d => d.Status).ToListAsync());
    }

    [Fact]
    public void The_guard_sees_a_setter_and_a_change_past_the_tracker()
    {
        Assert.False(IsInit(typeof(CaseRecusal).GetProperty(nameof(CaseRecusal.Reason))!.SetMethod!));
        string[] bad = ["await db.Set<CaseDecision>().Where(d => d.Number == 1).ExecuteUpdateAsync(s => s);", "db.Set<CaseDecision>()\n  .Where(d => true).ExecuteDeleteAsync();", "db.Set<CaseDecision>().Remove(old);", "UPDATE case_decisions SET"];
        Assert.Equal(bad.Length, Changing(bad, nameof(CaseDecision)).Count());
    }

    private static bool IsInit(MethodInfo setter) => setter.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit));

    private static IEnumerable<string> Changing(IEnumerable<string> sources, string entity) => sources.SelectMany(s => s.Split(';'))
        .Where(s => (s.Contains($"Set<{entity}>", StringComparison.Ordinal) && (s.Contains("ExecuteDelete", StringComparison.Ordinal) || s.Contains("Remove", StringComparison.Ordinal)
            // The text of an erased case's review goes with its key.
            || (s.Contains("ExecuteUpdate", StringComparison.Ordinal) && !s.Contains("SetProperty(r => r.Cipher, nothing)", StringComparison.Ordinal))))
            || s.Contains("UPDATE case_decisions", StringComparison.OrdinalIgnoreCase) || s.Contains("DELETE FROM case_decisions", StringComparison.OrdinalIgnoreCase));

    private static CaseKit Kit(TestApp app)
    {
        var clock = new StoryClock(new DateTimeOffset(2026, 6, 10, 4, 0, 0, TimeSpan.Zero));
        return new CaseKit(app.Services, new CommandRunner(app.Services.GetRequiredService<IWriter>(), clock), clock);
    }

    private static Task<TaskResult> ReopenAsync(TestApp app, Viewer by, Guid caseId, string key) => Kit(app).Reviews.ReopenAsync(by, caseId, "courtJudgment", Paper, Day, key + caseId);
}
