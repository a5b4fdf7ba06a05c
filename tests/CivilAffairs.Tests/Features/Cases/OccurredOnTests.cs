using System.Text.Json.Nodes;
using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Features.Cases;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Audit;
using CivilAffairs.Web.Platform.Commands;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace CivilAffairs.Tests.Features.Cases;

/// <summary>What is recorded later than it happened is dated when it happened, and the law counts from that day; nobody outside loses a day by it.</summary>
public sealed class OccurredOnTests(BothDatabases databases) : IClassFixture<BothDatabases>
{
    private static readonly DateOnly Today = new(2026, 3, 18);

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_paper_decision_of_an_earlier_day_is_dated_and_paid_from_that_day_on(string kind)
    {
        var app = await databases.GetAsync(kind);
        var relief = await ReliefCases.InAsync(app);
        // Received and accepted in February by post, decided on paper on its last day; recorded in March.
        var (received, accepted, decided) = (new DateOnly(2026, 2, 24), new DateOnly(2026, 2, 25), new DateOnly(2026, 2, 27));
        var caseId = await relief.FileAsync("apply", [ReliefCases.Somebody(), ReliefCases.Somebody()], receivedOn: received);
        var accept = await relief.TaskAsync(caseId);
        // Two and five working days from the day it came in: 02-28 is a make-up Saturday.
        Assert.Equal((received, received, new DateOnly(2026, 2, 26), new DateOnly(2026, 3, 2)), (accept.OpenedOn, accept.CountedFrom, accept.StartBy, accept.FinishBy));
        await relief.CloseAsync(caseId, accepted);
        var decide = await relief.TaskAsync(caseId);
        Assert.Equal((accepted, accepted), (decide.OpenedOn, decide.CountedFrom));
        await relief.CloseAsync(caseId, decided);

        await using var db = relief.Open();
        var @case = await db.Set<Case>().SingleAsync(c => c.Id == caseId);
        Assert.Equal((received, accepted, accepted, decided, ReliefCases.Start), (@case.ReceivedOn, @case.AcceptedOn, @case.Clock.StartedOn, @case.LatestOn, @case.SubmittedAt));
        Assert.Equal((decided, ReliefCases.Start), (await db.Set<CaseDecision>().SingleAsync(d => d.CaseId == caseId)) is var decision ? (decision.OccurredOn, decision.RecordedAt) : default);
        // From the month after the decision, not after the record.
        var grant = await db.Set<Grant>().SingleAsync(g => g.CaseId == caseId);
        Assert.Equal((decided, new DateOnly(2026, 3, 1)), (grant.OccurredOn, grant.FirstMonth));
        Assert.Equal((decided, decided, new DateOnly(2027, 12, 31)), (await db.Set<RegisterEntry>().SingleAsync(e => e.CaseId == caseId)) is var entry ? (entry.OccurredOn, entry.ValidFrom, entry.ValidTo!.Value) : default);
        Assert.Equal((decided, decided.AddMonths(12), grant.Id), (await db.Set<PlannedReverification>().SingleAsync(p => p.CaseId == caseId)) is var plan ? (plan.OccurredOn, plan.DueOn, plan.GrantId!.Value) : default);
        Assert.Equal((decided, ReliefCases.Start), (await db.Set<IssuedDocument>().SingleAsync(d => d.CaseId == caseId)) is var paper ? (paper.OccurredOn, paper.IssuedAt) : default);
        Assert.All(await db.Set<CaseParty>().Where(p => p.CaseId == caseId).ToListAsync(), p => Assert.Equal(received, p.OccurredOn));
        Assert.Equal([accepted, decided], await db.Set<CaseContent>().Where(c => c.CaseId == caseId && c.Kind == ContentKind.Task).OrderBy(c => c.OccurredOn).Select(c => c.OccurredOn).ToListAsync());
        Assert.Equal([accepted, decided], await db.Set<WorkTask>().Where(t => t.CaseId == caseId).OrderBy(t => t.OccurredOn).Select(t => t.OccurredOn).ToListAsync());
        Assert.Equal([received, accepted, decided], (await db.Set<JournalRow>().Where(j => j.CaseId == caseId).Select(j => j.OccurredOn!.Value).ToListAsync()).Distinct().Order());
        // The day stands in the audit beside the instant.
        Assert.Contains(await db.Set<AuditEntry>().Where(a => a.Chain == caseId.ToString() && a.Action == "task.completed").Select(a => a.Details).ToListAsync(), d => d.Contains("\"occurredOn\":\"2026-02-27\"", StringComparison.Ordinal));
        var proof = app.Services.GetRequiredService<CaseProof>();
        Assert.Empty((await proof.RunAsync()).Faults);

        // And the replay rests on it: without the day, the case would have come to another state.
        await db.Set<JournalRow>().Where(j => j.CaseId == caseId).ExecuteUpdateAsync(s => s.SetProperty(j => j.OccurredOn, (DateOnly?)null));
        Assert.Contains((await proof.RunAsync()).Faults, f => f.StartsWith(caseId.ToString(), StringComparison.Ordinal) && f.Contains("another state", StringComparison.Ordinal));
        await db.Set<JournalRow>().Where(j => j.CaseId == caseId && j.Step == 1).ExecuteUpdateAsync(s => s.SetProperty(j => j.OccurredOn, received));
        await db.Set<JournalRow>().Where(j => j.CaseId == caseId && j.Step == 2).ExecuteUpdateAsync(s => s.SetProperty(j => j.OccurredOn, accepted));
        await db.Set<JournalRow>().Where(j => j.CaseId == caseId && j.Step > 2).ExecuteUpdateAsync(s => s.SetProperty(j => j.OccurredOn, decided));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Values_in_force_are_those_of_the_day_it_happened_with_their_source_and_first_day(string kind)
    {
        var app = await databases.GetAsync(kind);
        var relief = await ReliefCases.InAsync(app);
        await app.Services.GetRequiredService<IWriter>().WriteAsync(async (db, cancel) =>
        {
            if (await db.Set<ParameterValue>().AnyAsync(p => p.Key == "test.amount", cancel)) return 0;
            db.AddRange(new ParameterValue { Key = "test.amount", Value = "31000", ValidFrom = new(2026, 1, 1), Source = "测民〔2026〕1号" }, new ParameterValue { Key = "test.amount", Value = "40000", ValidFrom = new(2026, 3, 15), Source = "测民〔2026〕2号" });
            return 0;
        });
        var before = await relief.FileAsync("apply", [ReliefCases.Somebody()], receivedOn: new(2026, 3, 12));
        await relief.CloseAsync(before, new DateOnly(2026, 3, 12));
        await relief.CloseAsync(before, new DateOnly(2026, 3, 14));
        var after = await relief.DecideAsync("apply", [ReliefCases.Somebody()]);

        await using var db = relief.Open();
        var first = await db.Set<Grant>().SingleAsync(g => g.CaseId == before);
        Assert.Equal((31_000, """[{"key":"test.amount","value":31000,"source":"L 测民〔2026〕1号","validFrom":"2026-01-01"}]"""), (first.AmountFen, JsonNode.Parse(first.Parameters)!.ToJsonString(Plain)));
        var second = await db.Set<Grant>().SingleAsync(g => g.CaseId == after);
        Assert.Equal((40_000, "2026-03-15"), (second.AmountFen, (string?)JsonNode.Parse(second.Parameters)![0]!["validFrom"]));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_day_that_cannot_be_is_refused_by_its_field_and_nothing_is_done(string kind)
    {
        var app = await databases.GetAsync(kind);
        var relief = await ReliefCases.InAsync(app);
        await RefusedAsync(() => relief.FileAsync("apply", [ReliefCases.Somebody()], receivedOn: Today.AddDays(1)), "日期不能晚于今天。", "The day cannot lie in the future.");
        // The matter lets an application be recorded thirty days late.
        await RefusedAsync(() => relief.FileAsync("apply", [ReliefCases.Somebody()], receivedOn: Today.AddDays(-31)), "日期不能早于30 天以前（2026年2月16日）。", "The day cannot be before 30 days ago (2026-02-16).");
        var caseId = await relief.FileAsync("apply", [ReliefCases.Somebody()], receivedOn: Today.AddDays(-30));
        await RefusedAsync(() => relief.CloseAsync(caseId, Today.AddDays(-31)), "日期不能早于这项任务开始的日期（2026年2月16日）。", "The day cannot be before the day that this task began (2026-02-16).");
        await RefusedAsync(() => relief.CloseAsync(caseId, Today.AddDays(1)), "日期不能晚于今天。", "The day cannot lie in the future.");
        Assert.Equal(TaskState.Open, (await relief.TaskAsync(caseId)).State);

        await relief.CloseAsync(caseId, Today.AddDays(-3));
        // What follows cannot have been before it.
        await RefusedAsync(() => relief.CloseAsync(caseId, Today.AddDays(-4)), "日期不能早于这项任务开始的日期（2026年3月15日）。", "The day cannot be before the day that this task began (2026-03-15).");
        await RefusedAsync(() => relief.Kit.Events.WithdrawAsync(relief.Clerk, caseId, "w", null, Today.AddDays(-31), default), "日期不能早于收到申请的日期（2026年2月16日）。", "The day cannot be before the day that the application came in (2026-02-16).");
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Who_applies_online_states_no_day_and_one_key_means_one_day(string kind)
    {
        var app = await databases.GetAsync(kind);
        var relief = await ReliefCases.InAsync(app);
        var applicant = new Viewer(Guid.NewGuid(), "甲", AccountKind.Applicant, []);
        var draft = await relief.Kit.Drafts.StartAsync(applicant, ReliefMatter.Id, Guid.NewGuid().ToString());
        await RefusedAsync(() => relief.Kit.Drafts.SubmitAsync(applicant, draft, "k", null, Today.AddDays(-1), default), "网上办理的，以提交当天为准。", "What is done online counts from the day it is sent.");

        var caseId = await relief.FileAsync("apply", [ReliefCases.Somebody()], receivedOn: Today.AddDays(-2));
        var task = await relief.TaskAsync(caseId);
        Task<TaskResult> AcceptAsync(DateOnly? on) => relief.Kit.Tasks.CompleteAsync(relief.Clerk, task.Id, "Accept", [], "the-key", null, on, default);
        var done = await AcceptAsync(Today.AddDays(-1));
        Assert.Equal(done, await AcceptAsync(Today.AddDays(-1)));
        await Assert.ThrowsAsync<KeyReusedException>(() => AcceptAsync(Today));
        await Assert.ThrowsAsync<KeyReusedException>(() => AcceptAsync(null));
    }

    /// <summary>A record made late takes no day from people outside: the notice hangs, and they have time, from the day they can hear of it.</summary>
    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Limits_of_the_applicant_and_the_board_count_from_the_day_of_the_record(string kind)
    {
        var app = await databases.GetAsync(kind);
        var story = new Support.CaseStory(app);
        var example = story.Revision.Examples["corrected.json"];
        var caseId = await story.PlayAsync("corrected", example.At);
        var at = example.At.AddDays(3);
        var clock = new CivilAffairs.Web.Features.Demo.StoryClock(at);
        var kit = new CivilAffairs.Web.Features.Demo.CaseKit(app.Services, new CommandRunner(app.Services.GetRequiredService<IWriter>(), clock), clock);
        await using var db = story.Open();
        var accept = await db.Set<WorkTask>().SingleAsync(t => t.CaseId == caseId && t.State == TaskState.Open);
        var fields = example.Answers["accept"][0].Result!.DeepClone().AsObject();
        fields.Remove("outcome");
        var filed = CivilAffairs.Web.Platform.Time.BureauTime.Day(example.At);
        await kit.Tasks.CompleteAsync(Support.CaseStory.Officer("tck-late", accept.Role, accept.Division), accept.Id, "Correct", fields, "k", null, filed.AddDays(1), default);
        var correction = await db.Set<WorkTask>().SingleAsync(t => t.CaseId == caseId && t.State == TaskState.Open);
        Assert.Equal(("Correction", filed.AddDays(3), filed.AddDays(3)), (correction.Kind, correction.OpenedOn, correction.CountedFrom));
        Assert.Equal(filed.AddDays(1), (await db.Set<IssuedDocument>().SingleAsync(d => d.CaseId == caseId)).OccurredOn);
        Assert.DoesNotContain((await app.Services.GetRequiredService<CaseProof>().RunAsync()).Faults, f => f.StartsWith(caseId.ToString(), StringComparison.Ordinal));
    }

    /// <summary>No fact of a case is recorded without its day: neither a kind of row nor, after stories that bring all of them, a single one.</summary>
    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Whatever_is_recorded_has_its_day(string kind)
    {
        var app = await databases.GetAsync(kind);
        var story = new Support.CaseStory(app);
        foreach (var name in (string[])["corrected", "notice-objected", "relative"]) await story.PlayAsync(name);
        var (reader, documents) = (app.Services.GetRequiredService<IReader>(), app.Services.GetRequiredService<CivilAffairs.Web.Features.Documents.DocumentFiles>());
        await using var db = reader.Open();
        var paper = await db.Set<IssuedDocument>().FirstAsync();
        await documents.PdfAsync(new Viewer(Guid.NewGuid(), "甲", AccountKind.Applicant, []), paper);
        var facts = db.Model.GetEntityTypes().Where(e => e.ClrType.Namespace == typeof(Case).Namespace && e.FindProperty("RecordedAt") is not null).ToList();
        // A person is no fact: who somebody is did not happen on a day. Nor did the account that somebody is paid to: it holds from the record on.
        Assert.Equal([nameof(PayAccount), nameof(Person)], facts.Where(e => e.FindProperty("OccurredOn") is null).Select(e => e.ClrType.Name));
        foreach (var table in facts.Where(e => e.FindProperty("OccurredOn") is not null).Select(e => e.GetTableName()!))
        {
            var count = "SELECT CAST(COUNT(*) AS integer) AS \"Value\" FROM " + table + " WHERE \"OccurredOn\" < '2020-01-01'";
            Assert.Equal((table, 0), (table, (await db.Database.SqlQueryRaw<int>(count).ToListAsync())[0]));
        }
        Assert.Contains(await db.Set<CaseFile>().Where(f => f.Slot == "document").Select(f => f.OccurredOn).ToListAsync(), d => d == paper.OccurredOn);
    }

    private static readonly System.Text.Json.JsonSerializerOptions Plain = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static async Task RefusedAsync(Func<Task> what, string zh, string en)
    {
        var fault = Assert.Single((await Assert.ThrowsAsync<InvalidAnswersException>(what)).Faults);
        Assert.Equal((OccurredDay.Field, zh, en), (fault.Path, fault.Zh, fault.En));
    }
}
