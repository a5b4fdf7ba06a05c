using System.Net;
using System.Text.Json.Nodes;
using CivilAffairs.Tests.Support;
using CivilAffairs.Tests.Support.Api;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Cases.Foresight;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Demo;
using CivilAffairs.Web.Platform.Audit;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Outbox;
using CivilAffairs.Web.Platform.Security;
using CivilAffairs.Web.Platform.Time;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using CaseStory = CivilAffairs.Tests.Support.CaseStory;

namespace CivilAffairs.Tests.Features.Desk;

/// <summary>What a decision is said to bring is what it brings; and saying it leaves nothing behind.</summary>
public sealed class ForesightTests(BothDatabases databases) : IClassFixture<BothDatabases>
{
    public static TheoryData<string, string, string> Stories
    {
        get
        {
            (string Matter, string Example)[] all =
            [
                ("rural-dibao", "reverify-lowered"), ("rural-dibao", "reverify-stopped"), ("rural-dibao", "reverify-phase-out"), ("rural-dibao", "reverify-raised"), ("rural-dibao", "reverify-continues"),
                ("rural-dibao", "refused"), ("rural-dibao", "sample-drawn"), ("marriage", "registered"), ("so-renewal", "granted"),
            ];
            var data = new TheoryData<string, string, string>();
            foreach (var (matter, example) in all) data.Add(Databases.Sqlite, matter, example);
            if (Databases.Kinds.Contains(Databases.Postgres)) foreach (var (matter, example) in all.Where(s => s.Example is "reverify-lowered" or "reverify-stopped" or "registered")) data.Add(Databases.Postgres, matter, example);
            return data;
        }
    }

    [Theory, MemberData(nameof(Stories))]
    public async Task What_is_foreseen_of_each_answer_is_what_comes(string kind, string matter, string name)
    {
        var app = await databases.GetAsync(kind);
        var told = await PlayAsync(app, matter, name);
        Assert.NotEmpty(told);
        if (name == "reverify-lowered")
        {
            // The township's opinion: the household is heard first, and if nobody objects it is 800 from October.
            var opinion = told.Single(t => t.Activity == "reOpinion").Foreseen;
            Assert.Equal((80_000, 120_000), (opinion.Reckoned!.AmountFen!.Value, opinion.NowFen!.Value));
            Assert.Equal(new DateOnly(2026, 9, 22), opinion.Lines.Single(l => l.Kind == "asked").Until);
            Assert.Equal(["NoObjection", "Uphold", "Agree", "Approve"], opinion.Later!.Answers.Select(a => a.Outcome));
            foreach (var amount in new[] { opinion.Later.Lines.Single(l => l.Kind == "amount"), told.Single(t => t.Activity == "reConfirm").Foreseen.Lines.Single(l => l.Kind == "amount") })
                Assert.Equal((120_000, 80_000, new DateOnly(2026, 10, 1)), (amount.BeforeFen, amount.AfterFen, amount.From));
            Assert.Equal(["reduction-notice.html"], opinion.Lines.Where(l => l.Kind == "document").Select(l => l.Code));
            Assert.Equal("低保听", told.Single(t => t.Activity == "hearing").Foreseen.Lines.Single(l => l.Kind == "document").Series);
        }
        if (name is "reverify-stopped" or "reverify-phase-out")
        {
            var end = told.Single(t => t.Activity == "reConfirm").Foreseen.Lines.Single(l => l.Kind == "end");
            Assert.Equal(name == "reverify-stopped" ? (120_000, new DateOnly(2026, 9, 1), 0) : (120_000, new DateOnly(2027, 3, 1), 6), (end.BeforeFen, end.Until, end.Count));
        }
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_decision_that_could_not_be_taken_is_told_with_its_step_and_still_nothing_is_written(string kind)
    {
        var app = await databases.GetAsync(kind);
        var story = new CaseStory(app);
        var plan = await PlanAsync(story, await story.PlayAsync("granted"));
        var example = story.Revision.Examples["reverify-lowered.json"];
        var at = example.Answers["reConfirm"][0].At!.Value;
        var caseId = (await story.ReverifyAsync(plan.Id, "reverify-lowered", until: at.AddHours(-1)))!.Value;
        await using var db = story.Open();
        var task = await db.Set<WorkTask>().SingleAsync(t => t.CaseId == caseId && t.State == TaskState.Open);
        var approver = CaseStory.Officer("cap-1", task.Role, task.Division);
        var fields = example.Answers["reConfirm"][0].Result!.DeepClone().AsObject();
        fields.Remove("outcome");
        var foresight = Of(app, new StoryClock(at));
        Assert.Empty((await foresight.OfAsync(approver, task.Id, "Approve", fields)).Faults);

        // The benefit ended meanwhile.
        await app.Services.GetRequiredService<IWriter>().WriteAsync((w, cancel) => w.Set<Grant>().Where(g => g.Id == plan.GrantId).ExecuteUpdateAsync(s => s.SetProperty(g => g.LastMonth, new DateOnly(2026, 8, 1)), cancel));
        var before = await RowsAsync(db);
        var wrong = await foresight.OfAsync(approver, task.Id, "Approve", fields);
        Assert.Equal((0, "The grant ended with 2026-08."), (wrong.Lines.Count, Assert.Single(wrong.Faults).Message));
        Assert.NotEqual("adjust", wrong.Faults[0].Activity.Zh);
        Assert.Equal(before, await RowsAsync(db));

        // Who may not decide it, and who left something out, is told that instead.
        await Assert.ThrowsAsync<UnknownCaseException>(() => foresight.OfAsync(CaseStory.Officer("cap-9", Roles.CountyApprover, "341298"), task.Id, "Approve", fields));
        Assert.Equal("task.sameAs", (await Assert.ThrowsAsync<NotAllowedException>(() => foresight.OfAsync(CaseStory.Officer("cck-1", task.Role, task.Division), task.Id, "Approve", fields))).Reason);
        Assert.Contains("evidence", (await Assert.ThrowsAsync<InvalidAnswersException>(() => foresight.OfAsync(approver, task.Id, "Approve", new JsonObject { ["reason"] = "x", ["article"] = "y" }))).Faults.Select(f => f.Path));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Programs_are_told_as_the_desk_is(string kind)
    {
        var app = await databases.GetAsync(kind);
        var story = new CaseStory(app);
        var (caseId, task) = await story.WaitingAsync();
        await using var db = story.Open();
        var clerk = await TestAccounts.OfficerAsync(app, null, new HeldRole(Roles.Clerk, story.Township));
        var other = await TestAccounts.OfficerAsync(app, null, new HeldRole(Roles.Clerk, "341299990"));
        using var caller = await ApiCaller.AsAsync(app, clerk.UserName!);
        using var stranger = await ApiCaller.AsAsync(app, other.UserName!);
        var body = new JsonObject { ["outcome"] = "Accept", ["fields"] = new JsonObject { ["relative"] = false } };
        var (before, audit) = (await RowsAsync(db), await db.Set<AuditEntry>().CountAsync(a => a.Chain == caseId.ToString()));
        using var told = await caller.SendAsync(HttpMethod.Post, $"/tasks/{task}/preview", body.DeepClone());
        Assert.Equal(HttpStatusCode.OK, told.StatusCode);
        var foreseen = await ApiCaller.JsonAsync(told);
        var lines = foreseen["lines"]!.AsArray().Select(l => (Kind: (string)l!["kind"]!, Code: (string?)l["code"])).ToList();
        Assert.Contains(("document", "acceptance-notice.html"), lines);
        Assert.Contains(("letter", "accepted.mail"), lines);
        Assert.Contains("task", lines.Select(l => l.Kind));
        Assert.Empty(foreseen["faults"]!.AsArray());
        Assert.DoesNotContain("\"name\":null", foreseen["lines"]!.AsArray().First(l => (string)l!["kind"]! == "document")!.ToJsonString(), StringComparison.Ordinal);

        await ApiCaller.RefusedAsync(await stranger.SendAsync(HttpMethod.Post, $"/tasks/{task}/preview", body.DeepClone()), 404);
        await ApiCaller.RefusedAsync(await caller.SendAsync(HttpMethod.Post, $"/tasks/{task}/preview", new JsonObject { ["outcome"] = "Accept" }), 422);
        await ApiCaller.RefusedAsync(await caller.SendAsync(HttpMethod.Post, $"/tasks/{task}/preview", new JsonObject { ["outcome"] = "Approve" }), 403, "task.noSuchOutcome");
        Assert.Equal((before, audit), (await RowsAsync(db), await db.Set<AuditEntry>().CountAsync(a => a.Chain == caseId.ToString())));
    }

    /// <summary>Plays an example; before each officer's answer it is asked what it would bring, and after it what it brought is held against that.</summary>
    private static async Task<List<(string Activity, Foreseen Foreseen)>> PlayAsync(TestApp app, string matter, string name)
    {
        var story = new CaseStory(app, matter);
        var (clock, told, done) = (new StoryClock(DateTimeOffset.MinValue.AddYears(2000)), new List<(string, Foreseen)>(), new List<WorkTask>());
        var player = new StoryPlayer(app.Services, clock, (task, by) =>
        {
            done.Add(task);
            return CaseStory.Officer(by, task.Role, task.Division);
        });
        Guid caseId;
        var example = story.Revision.Examples[name + ".json"];
        if (example.Workflow == "reverify")
        {
            var plan = await PlanAsync(story, await story.PlayAsync("granted"));
            // Some examples tell of a spring; the plan is due when it is.
            if (plan.DueOn > BureauTime.Day(example.At)) example = example with { At = BureauTime.Start(plan.DueOn, new TimeOnly(9, 0)) };
            clock.MoveTo(example.At);
            caseId = (await player.ReverifyAsync(plan.Id, example, story.Applicant, DateTimeOffset.MinValue))!.Value;
        }
        else
        {
            example = await story.PrepareAsync(name);
            story.Draw(example.SampleSelects);
            caseId = await player.PlayAsync(story.Revision, example, story.Applicant, DateTimeOffset.MinValue);
        }
        var (answers, foresight) = (player.Answers(example, ""), Of(app, clock));
        await using var db = story.Open();
        while (await player.NextAsync(caseId, answers, CaseStory.Forever) is { } next)
        {
            clock.MoveTo(next.At);
            var (before, foreseen) = (await RowsAsync(db), new Dictionary<Guid, Foreseen>());
            foreach (var task in await db.Set<WorkTask>().AsNoTracking().Where(t => t.CaseId == caseId && t.State == TaskState.Open && t.Role != Roles.Applicant && t.Kind == null).ToListAsync())
                if (answers.TryGetValue(task.ActivityId, out var queue) && queue.TryPeek(out var answer) && !(answer.Answer.At > next.At))
                {
                    var fields = (answer.Answer.Result as JsonObject)?.DeepClone().AsObject() ?? [];
                    var outcome = (string?)fields["outcome"] ?? (string?)(answer.Answer.Result as JsonValue) ?? "";
                    fields.Remove("outcome");
                    foreseen[task.Id] = await foresight.OfAsync(CaseStory.Officer(answer.Answer.By ?? "", task.Role, task.Division), task.Id, outcome, fields);
                }
            Assert.Equal(before, await RowsAsync(db));
            done.Clear();
            var old = await SeenAsync(db, caseId);
            await next.Do(story.Applicant);
            if (done is not [var did] || !foreseen.TryGetValue(did.Id, out var said)) continue;
            var came = await SeenAsync(db, caseId);
            Compare(said, old, came);
            // The comparison can fail: each thing left out is missed.
            if (!said.Chance)
                foreach (var line in said.Lines.Where(l => Compared.Contains(l.Kind)))
                    Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => Compare(said with { Lines = [.. said.Lines.Where(l => l != line)] }, old, came));
            told.Add((did.ActivityId, said));
        }
        return told;
    }

    private static readonly string[] Compared = ["document", "task", "asked", "notice", "result", "amount", "end", "reverification", "certificate"];

    private static void Compare(Foreseen said, Seen before, Seen after)
    {
        IReadOnlyList<ForeseenLine> Lines(params string[] kinds) => [.. said.Lines.Where(l => kinds.Contains(l.Kind))];
        Assert.Empty(said.Faults);
        // What a draw brings nobody was told.
        if (said.Chance) return;
        Assert.Equal(after.Documents.Skip(before.Documents.Count), Lines("document").Select(l => l.Code!));
        Assert.Equal(after.Tasks - before.Tasks, Lines("task", "asked").Sum(l => l.Count ?? 1));
        Assert.Equal(after.Notices.Skip(before.Notices.Count), Lines("notice", "result").Select(l => (l.Until, l.Division!)));
        Assert.Equal(after.Letters.Except(before.Letters).Order(), Lines("letter").Where(l => !l.To!.StartsWith("role:", StringComparison.Ordinal)).Select(l => l.Code!).Distinct().Except(before.Letters).Order());
        Assert.Equal(after.Changes.Skip(before.Changes.Count), Lines("amount", "end").Select(l => (l.AfterFen, l.Kind == "end" ? l.Until!.Value.AddMonths(1) : l.From!.Value)));
        Assert.Equal(after.Plans.Skip(before.Plans.Count), Lines("reverification").Select(l => l.Until!.Value));
        Assert.Equal(after.Certificates - before.Certificates, Lines("certificate").Count(l => l.Code != "Suspend"));
        if (Lines("status") is [.., var last]) Assert.Equal(after.Status, last.Code);
        else Assert.Equal(before.Status, after.Status);
        Assert.Equal(after.Closed && !before.Closed, said.Closes);
    }

    /// <summary>What a case has brought so far. A certificate is told as one, and not as the document that it is too.</summary>
    private sealed record Seen(IReadOnlyList<string> Documents, int Tasks, IReadOnlyList<(DateOnly?, string)> Notices, HashSet<string> Letters, IReadOnlyList<(long?, DateOnly)> Changes, IReadOnlyList<DateOnly> Plans, int Certificates, string Status, bool Closed);

    private static async Task<Seen> SeenAsync(CivilAffairsDb db, Guid caseId)
    {
        var @case = await db.Set<Case>().AsNoTracking().SingleAsync(c => c.Id == caseId);
        return new Seen(
            await db.Set<IssuedDocument>().Where(d => d.CaseId == caseId && !db.Set<Certificate>().Any(c => c.DocumentId == d.Id)).OrderBy(d => d.Id).Select(d => d.Template).ToListAsync(), await db.Set<WorkTask>().CountAsync(t => t.CaseId == caseId),
            [.. (await db.Set<PublicNotice>().AsNoTracking().Where(n => n.CaseId == caseId).OrderBy(n => n.Id).ToListAsync()).Select(n => (n.BookmarkId is null ? null : n.LastDay, n.Division))],
            [.. await db.Set<OutboxMessage>().Where(m => m.CaseId == caseId && (m.PersonId != null || m.SubjectId != null)).Select(m => m.Template!).Distinct().ToListAsync()],
            [.. (await db.Set<GrantChange>().AsNoTracking().Where(c => c.CaseId == caseId).OrderBy(c => c.Id).ToListAsync()).Select(c => (c.AmountFen, c.FromMonth))],
            await db.Set<PlannedReverification>().Where(p => p.CaseId == caseId).OrderBy(p => p.Id).Select(p => p.DueOn).ToListAsync(), await db.Set<Certificate>().CountAsync(c => c.CaseId == caseId), @case.Status, @case.ClosedAt is not null);
    }

    /// <summary>Every row that a decision writes somewhere, and every number that is drawn, counted.</summary>
    private static async Task<string> RowsAsync(CivilAffairsDb db) =>
        $"{await db.Set<AuditEntry>().CountAsync()} {await db.Set<JournalRow>().CountAsync()} {await db.Set<WorkTask>().CountAsync()} {await db.Set<CaseContent>().CountAsync()} {await db.Set<OutboxMessage>().CountAsync()} {await db.Set<IssuedDocument>().CountAsync()} {await db.Set<GrantChange>().CountAsync()} {await db.Set<NumberCounter>().SumAsync(n => n.Next)} {await db.Set<Case>().SumAsync(c => c.Version)}";

    private static async Task<PlannedReverification> PlanAsync(CaseStory story, Guid caseId)
    {
        await using var db = story.Open();
        return await db.Set<PlannedReverification>().AsNoTracking().SingleAsync(p => p.CaseId == caseId);
    }

    private static DecisionForesight Of(TestApp app, TimeProvider clock) =>
        new(app.Services.GetRequiredService<IReader>(), app.Services.GetRequiredService<CaseLoader>(), app.Services.GetRequiredService<TaskRules>(), app.Services.GetRequiredService<Rehearsal>(), clock);
}
