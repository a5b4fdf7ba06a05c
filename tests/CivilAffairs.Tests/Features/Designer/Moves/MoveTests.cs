using System.Text.Json;
using System.Text.Json.Nodes;
using CivilAffairs.Tests.Support;
using CivilAffairs.Tests.Support.Api;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Designer.Moves;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Audit;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Outbox;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace CivilAffairs.Tests.Features.Designer.Moves;

/// <summary>Running cases go over to another version of their matter: each once, in a transaction of its own, and nothing is done by moving.</summary>
public sealed class MoveTests
{
    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Fifty_running_cases_are_moved_past_a_kill_but_the_one_that_was_decided_meanwhile(string kind)
    {
        await using var app = await Databases.StartAsync(kind);
        var kit = new MoveKit(app);
        var cases = new List<Guid>();
        for (var i = 0; i < 50; i++) cases.Add(await kit.PlayAsync(700 + i, MoveKit.Stages[i % MoveKit.Stages.Count]));
        var target = await Versions.PublishAsync(app, kit.Shipped, j => Versions.WithReview(j));
        var (account, _) = await Versions.ManagerAsync(app);
        await using var db = kit.Open();
        var before = await CountsAsync(db, cases[3]);

        using var caller = await ApiCaller.AsAsync(app, account.UserName!);
        Assert.Equal([(target.Hash, 0), (kit.Shipped.Hash, 50)], (await caller.GetListAsync("/matters/rural-dibao/running")).Select(v => ((string)v!["hash"]!, (int)v["cases"]!)).OrderBy(v => v.Item2));
        var preview = (await caller.DoAsync(HttpMethod.Post, "/matters/rural-dibao/moves/preview?pageSize=100", new JsonObject { ["to"] = target.Hash }))!["items"]!.AsArray();
        Assert.Equal(50, preview.Count);
        Assert.All(preview, p => Assert.True((bool)p!["safe"]!, p.ToJsonString()));
        // Of those behind the opinion it says that they are not reviewed; nobody's name is told.
        Assert.Equal(cases.Where((_, i) => i % 6 > 3).Order(), preview.Where(p => p!["remarks"]!.AsArray().Any(r => (string?)r!["code"] == "PassedOver")).Select(p => (Guid)p!["id"]!).Order());
        var name = await db.Set<Case>().Where(c => c.Id == cases[0]).Select(c => c.ApplicantName).SingleAsync();
        Assert.DoesNotContain(preview, p => p!.ToJsonString(new JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }).Contains(name, StringComparison.Ordinal));

        var (key, move) = (ApiCaller.NewKey(), Guid.Empty);
        var order = new JsonObject { ["to"] = target.Hash, ["all"] = true, ["reason"] = "县局要求增加复审" };
        for (var i = 0; i < 2; i++)
        {
            using var answer = await caller.SendAsync(HttpMethod.Post, "/matters/rural-dibao/moves", order.DeepClone(), key);
            move = (Guid)(await ApiCaller.JsonAsync(answer))["id"]!;
        }
        Assert.Equal(1, await db.Set<CaseMove>().CountAsync());
        // One is decided upon before its turn comes.
        await kit.GoOnAsync(cases[3], "opinion countyReview confirm");
        var cut = new CutOff(kit.Service<IWriter>(), after: 20);
        await Assert.ThrowsAsync<TimeoutException>(() => kit.Runner(cut).RunAsync(move, null, default));
        Assert.Equal(20, (await kit.EntriesAsync(move)).Values.Count(e => e.State != MoveEntryState.Waiting));
        var job = new MoveJob(kit.Service<IReader>(), kit.Runner());
        Assert.Equal(30, await job.BacklogAsync(db, kit.Clock.GetUtcNow(), 100, default));
        Assert.Equal(30, await job.RunAsync(default));
        Assert.Equal(0, await job.RunAsync(default));

        var entries = await kit.EntriesAsync(move);
        Assert.Equal((MoveEntryState.Stayed, "Changed"), (entries[cases[3]].State, Code(entries[cases[3]])));
        Assert.All(entries.Where(e => e.Key != cases[3]), e => Assert.Equal(MoveEntryState.Moved, e.Value.State));
        Assert.Equal(49, await db.Set<AuditEntry>().CountAsync(a => a.Action == "case.moved"));
        Assert.Equal(49, await db.Set<Case>().CountAsync(c => c.Revision == target.Hash));
        Assert.Equal(before, await CountsAsync(db, cases[3]));
        var result = await caller.GetAsync($"/matters/rural-dibao/moves/{move}?pageSize=100");
        Assert.Equal(("Done", 49, 1), ((string?)result["move"]!["state"], (int)result["move"]!["cases"]!["Moved"]!, (int)result["move"]!["cases"]!["Stayed"]!));
        Assert.Equal(cases[3], (Guid)result["cases"]!["items"]![0]!["id"]!);
        await kit.ProveAsync();

        // From each place it goes on in the new version: reviewed where the opinion was still to come, and not where it was over.
        await kit.GoOnAsync(cases[2], "neighbours check opinion countyReview confirm", MoveKit.Review);
        await kit.GoOnAsync(cases[9], "opinion countyReview confirm", MoveKit.Review);
        await kit.GoOnAsync(cases[4], "countyReview confirm");
        await kit.GoOnAsync(cases[5], "countyReview confirm");
        foreach (var (i, reviewed) in (ReadOnlySpan<(int, int)>)[(2, 1), (9, 1), (4, 0), (5, 0)])
            Assert.Equal(("Paying", reviewed), (db.Set<Case>().AsNoTracking().Single(c => c.Id == cases[i]).Status, db.Set<WorkTask>().Count(t => t.CaseId == cases[i] && t.ActivityId == "secondOpinion" && t.State == TaskState.Done)));
        Assert.All(await db.Set<WorkTask>().Where(t => t.State == TaskState.Done).GroupBy(t => new { t.CaseId, t.ActivityId, t.Seat }).Select(g => g.Count()).ToListAsync(), n => Assert.Equal(1, n));
        await kit.ProveAsync();
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task What_was_not_touched_goes_back_exactly_and_nobodys_work_is_taken_back(string kind)
    {
        await using var app = await Databases.StartAsync(kind);
        var kit = new MoveKit(app);
        var cases = new List<Guid>();
        for (var i = 0; i < 4; i++) cases.Add(await kit.PlayAsync(700 + i, MoveKit.Stages[3]));
        await using var db = kit.Open();
        // Somebody has begun; with the new version the county does it, in three days.
        var clerk = CaseStory.Officer("trv-1", Roles.TownshipReviewer, "341299700");
        await kit.ClaimAsync(clerk, cases[0]);
        var first = await db.Set<WorkTask>().AsNoTracking().SingleAsync(t => t.CaseId == cases[0] && t.State == TaskState.Open);
        var target = await Versions.PublishAsync(app, kit.Shipped, j => Versions.Change(j, "opinion", ("title", "县级初审"), ("role", "CCK"), ("level", "county"), ("finishWithin", "3wd")));
        var (_, manager) = await Versions.ManagerAsync(app);
        var was = await StandAsync(db, cases[0]);
        var move = await kit.OrderAsync(manager, target, cases, newLimits: true);
        Assert.Equal(4, await kit.Runner().RunAsync(move, null, default));

        var task = await db.Set<WorkTask>().AsNoTracking().SingleAsync(t => t.Id == first.Id);
        Assert.Equal(("县级初审", "CCK", "341299", "3wd", (Guid?)null), (task.TitleZh, task.Role, task.Division, task.FinishLimit, task.HolderId));
        // Counted from the day on which it began, not from the move.
        Assert.Equal((first.CountedFrom, first.StartedAt), (task.CountedFrom, task.StartedAt));
        Assert.True(task.FinishBy < first.FinishBy);
        await Assert.ThrowsAsync<NotAllowedException>(() => kit.Orders.UndoAsync(clerk, move, "x"));

        // One is claimed, one decided upon; the others were left alone.
        await kit.ClaimAsync(CaseStory.Officer("cck-7", Roles.CountyClerk, "341299"), cases[1]);
        await kit.GoOnAsync(cases[2], "opinion");
        await kit.Orders.UndoAsync(manager, move, "undo");
        await Assert.ThrowsAsync<NotAllowedException>(() => kit.Orders.UndoAsync(manager, move, "again"));
        var cut = new CutOff(kit.Service<IWriter>(), after: 1);
        await Assert.ThrowsAsync<TimeoutException>(() => kit.Runner(cut).RunAsync(move, null, default));
        await kit.Runner().RunAsync(move, null, default);
        var entries = await kit.EntriesAsync(move);
        Assert.Equal([MoveEntryState.Undone, MoveEntryState.Kept, MoveEntryState.Kept, MoveEntryState.Undone], cases.Select(c => entries[c].State));
        Assert.Equal(was, await StandAsync(db, cases[0]));
        Assert.Equal(["WentOn", "WentOn"], new[] { Code(entries[cases[1]]), Code(entries[cases[2]]) });
        Assert.Equal([kit.Shipped.Hash, target.Hash, target.Hash, kit.Shipped.Hash], cases.Select(c => db.Set<Case>().Single(x => x.Id == c).Revision));
        Assert.Equal(MoveState.Undone, (await db.Set<CaseMove>().SingleAsync()).State);
        await kit.ProveAsync();
        // And may be moved again, and goes on.
        var again = await kit.OrderAsync(manager, target, [cases[3]]);
        await kit.Runner().RunAsync(again, null, default);
        Assert.Equal(MoveEntryState.Moved, (await kit.EntriesAsync(again))[cases[3]].State);
        await kit.GoOnAsync(cases[3], "opinion countyReview confirm");
        await kit.GoOnAsync(cases[0], "opinion countyReview confirm");
        await kit.ProveAsync();
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Two_who_move_the_same_cases_at_once_move_each_of_them_once(string kind)
    {
        await using var app = await Databases.StartAsync(kind);
        var kit = new MoveKit(app);
        var cases = new List<Guid>();
        for (var i = 0; i < 6; i++) cases.Add(await kit.PlayAsync(700 + i, MoveKit.Stages[i]));
        var one = await Versions.PublishAsync(app, kit.Shipped, j => Versions.WithReview(j));
        var other = await Versions.PublishAsync(app, kit.Shipped, j => Versions.WithReview(j, "thirdOpinion"));
        var (_, manager) = await Versions.ManagerAsync(app);
        Guid[] moves = [await kit.OrderAsync(manager, one, cases), await kit.OrderAsync(manager, other, cases)];
        await Task.WhenAll(moves.Concat(moves).Select(m => Task.Run(() => kit.Runner().RunAsync(m, null, default))));
        var (first, second) = (await kit.EntriesAsync(moves[0]), await kit.EntriesAsync(moves[1]));
        foreach (var id in cases)
        {
            var stayed = Assert.Single(new[] { first[id], second[id] }, e => e.State == MoveEntryState.Stayed);
            Assert.Equal("Changed", Code(stayed));
            Assert.Single(new[] { first[id], second[id] }, e => e.State == MoveEntryState.Moved);
        }
        await using var db = kit.Open();
        Assert.Equal(6, await db.Set<AuditEntry>().CountAsync(a => a.Action == "case.moved"));
        await kit.ProveAsync();
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_renamed_step_is_found_by_what_the_manager_says_and_a_form_that_would_hide_answers_is_no_place(string kind)
    {
        await using var app = await Databases.StartAsync(kind);
        var kit = new MoveKit(app);
        Guid[] cases = [await kit.PlayAsync(700, MoveKit.Stages[3]), await kit.PlayAsync(701, MoveKit.Stages[0])];
        var renamed = await Versions.PublishAsync(app, kit.Shipped, Versions.WithOpinionRenamed);
        var (account, manager) = await Versions.ManagerAsync(app);
        var move = await kit.OrderAsync(manager, renamed, cases);
        await kit.Runner().RunAsync(move, null, default);
        var entries = await kit.EntriesAsync(move);
        Assert.Equal((MoveEntryState.Stayed, "Gone"), (entries[cases[0]].State, Code(entries[cases[0]])));
        Assert.Equal(MoveEntryState.Moved, entries[cases[1]].State);
        var choice = Assert.Single((await kit.Service<MoveQuery>().PreviewAsync(manager, new MoveWish("rural-dibao", renamed.Hash, null, null, new Dictionary<string, IReadOnlyDictionary<string, string>>()), 1)).Renames);
        Assert.Equal(("apply", "opinion", "firstOpinion"), (choice.Workflow, choice.Rename.Old.Id, choice.Rename.Suggested));
        move = await kit.OrderAsync(manager, renamed, [cases[0]], renamed: ("opinion", "firstOpinion"));
        await kit.Runner().RunAsync(move, null, default);
        await using var db = kit.Open();
        Assert.Equal("firstOpinion", (await db.Set<WorkTask>().SingleAsync(t => t.CaseId == cases[0] && t.State == TaskState.Open)).ActivityId);
        await kit.GoOnAsync(cases[0], "countyReview confirm", ("firstOpinion", "trv-1", kit.Shipped.Examples["granted.json"].Answers["opinion"][0].Result!));
        Assert.Equal("Paying", (await db.Set<Case>().AsNoTracking().SingleAsync(c => c.Id == cases[0])).Status);
        await kit.ProveAsync();
        // What was reached under the old version is still told, though the new one calls it otherwise.
        var moved = await db.Set<Case>().AsNoTracking().SingleAsync(c => c.Id == cases[0]);
        var story = await CivilAffairs.Web.Features.Cases.CaseStory.ReadAsync(db, moved, await kit.Service<MatterLibrary>().RevisionAsync(moved.Revision));
        Assert.Contains("Reviewing", story.Reached.Select(r => r.Status));

        // The new form asks more: told, and moved. It has no place for what was filled in: stays.
        var asksMore = await Versions.PublishAsync(app, kit.Shipped, f => Versions.Field(f, "account", fields => fields.Add(new JsonObject { ["id"] = "branch", ["type"] = "text", ["required"] = true, ["label"] = new JsonObject { ["zh"] = "开户网点", ["en"] = "Branch" } })), "form.json");
        var hides = await Versions.PublishAsync(app, kit.Shipped, f => Versions.Field(f, "account", fields => fields.RemoveAt(fields.Select((x, i) => (x, i)).First(x => (string?)x.x!["id"] == "bank").i)), "form.json");
        using var caller = await ApiCaller.AsAsync(app, account.UserName!);
        foreach (var (to, safe, code, label) in ((MatterRevision, bool, string, string)[])[(asksMore, true, "FormRefuses", "开户网点"), (hides, false, "FormLoses", "开户银行")])
        {
            var line = (await caller.DoAsync(HttpMethod.Post, "/matters/rural-dibao/moves/preview", new JsonObject { ["to"] = to.Hash }))!["items"]!.AsArray().Single()!;
            Assert.Equal((cases[1], safe), ((Guid)line["id"]!, (bool)line["safe"]!));
            Assert.Contains((safe ? line["remarks"]! : line["faults"]!).AsArray(), n => (string?)n!["code"] == code && ((string?)n["zh"])!.Length > 0 && (label.Length == 0 || ((string?)n["zh"])!.Contains(label[..2], StringComparison.Ordinal)));
        }
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_manager_moves_what_is_filed_in_the_jurisdiction_and_nothing_from_which_they_keep_off(string kind)
    {
        await using var app = await Databases.StartAsync(kind);
        var kit = new MoveKit(app);
        Guid[] cases = [await kit.PlayAsync(700, MoveKit.Stages[0]), await kit.PlayAsync(701, MoveKit.Stages[0])];
        var target = await Versions.PublishAsync(app, kit.Shipped, j => Versions.WithReview(j));
        var (township, viewer) = await Versions.ManagerAsync(app, "341299700");
        var clerk = await TestAccounts.OfficerAsync(app, null, new HeldRole(Roles.Supervisor, "341299"));
        using var caller = await ApiCaller.AsAsync(app, township.UserName!);
        using var other = await ApiCaller.AsAsync(app, clerk.UserName!);
        JsonObject Order(params Guid[] of) => new() { ["to"] = target.Hash, ["reason"] = "县局要求增加复审", ["cases"] = new JsonArray([.. of.Select(c => (JsonNode)new JsonObject { ["id"] = c, ["version"] = 1 })]) };
        Assert.Equal(1, (await caller.GetListAsync("/matters/rural-dibao/running")).Sum(v => (int)v!["cases"]!));
        Assert.Equal(cases[0], (Guid)(await caller.DoAsync(HttpMethod.Post, "/matters/rural-dibao/moves/preview", new JsonObject { ["to"] = target.Hash }))!["items"]!.AsArray().Single()!["id"]!);
        using (var refused = await caller.PostAsync("/matters/rural-dibao/moves", Order(cases[1]))) await ApiCaller.RefusedAsync(refused, 404);
        using (var refused = await other.PostAsync("/matters/rural-dibao/moves", Order(cases[0]))) await ApiCaller.RefusedAsync(refused, 403);
        foreach (var (field, body) in ((string, JsonObject)[])[("reason", With(Order(cases[0]), "reason", "短")), ("to", With(Order(cases[0]), "to", "00")), ("cases", Order()), ("renamed", With(Order(cases[0]), "renamed", new JsonObject { ["apply"] = new JsonObject { ["opinion"] = "nowhere" } }))])
        {
            using var refused = await caller.PostAsync("/matters/rural-dibao/moves", body);
            Assert.Contains(field, (await ApiCaller.RefusedAsync(refused, 422)).ToJsonString(), StringComparison.Ordinal);
        }

        // Kept off after the order was given: it stays, and the others see nothing of the move.
        await using var db = kit.Open();
        var move = await kit.OrderAsync(viewer, target, [cases[0]]);
        await kit.Service<IWriter>().WriteAsync((w, _) =>
        {
            w.Add(new CaseRecusal { CaseId = cases[0], AccountId = township.Id, Reason = "relative", RecordedById = clerk.Id, OccurredOn = new DateOnly(2026, 3, 5), RecordedAt = kit.Clock.GetUtcNow() });
            return Task.FromResult(0);
        });
        await kit.Runner().RunAsync(move, null, default);
        Assert.Equal("OutOfScope", Code((await kit.EntriesAsync(move))[cases[0]]));
        Assert.Equal(kit.Shipped.Hash, (await db.Set<Case>().SingleAsync(c => c.Id == cases[0])).Revision);
        var (elsewhere, _) = await Versions.ManagerAsync(app, "341299701");
        using var stranger = await ApiCaller.AsAsync(app, elsewhere.UserName!);
        using (var hidden = await stranger.SendAsync(HttpMethod.Get, $"/matters/rural-dibao/moves/{move}")) await ApiCaller.RefusedAsync(hidden, 404);
        using (var hidden = await stranger.PostAsync($"/matters/rural-dibao/moves/{move}/undo")) await ApiCaller.RefusedAsync(hidden, 404);
    }

    [Fact]
    public void Every_reason_and_state_has_words_in_both_languages()
    {
        var codes = Enum.GetNames<CivilAffairs.Engine.Port.PlacementCode>().Concat(typeof(MoveNotes).GetFields(System.Reflection.BindingFlags.Public | System.Reflection.BindingFlags.Static).Select(f => (string)f.GetValue(null)!)).Select(c => $"Note.{c}")
            .Concat(Enum.GetNames<MoveEntryState>().Select(s => $"State.{s}")).Concat(Enum.GetNames<MoveState>().Select(s => $"MoveState.{s}")).ToList();
        foreach (var file in (string[])["MoveTexts.resx", "MoveTexts.en.resx"])
        {
            var keys = System.Xml.Linq.XDocument.Load(Repository.Path("src", "CivilAffairs.Web", "Features", "Designer", "Moves", file)).Root!.Elements("data").Select(d => (string)d.Attribute("name")!).ToHashSet();
            Assert.Equal([], codes.Except(keys));
        }
    }

    private static JsonObject With(JsonObject body, string property, JsonNode value)
    {
        body[property] = value;
        return body;
    }

    private static string Code(CaseMoveEntry entry) => JsonSerializer.Deserialize<MoveNote[]>(entry.Notes)!.Single().Code;

    /// <summary>Everything of a case that a move may change.</summary>
    private static async Task<string> StandAsync(CivilAffairsDb db, Guid caseId)
    {
        var instance = await db.Set<WorkflowInstance>().AsNoTracking().SingleAsync(i => i.CaseId == caseId);
        var tasks = await db.Set<WorkTask>().AsNoTracking().Where(t => t.CaseId == caseId).OrderBy(t => t.Id).ToListAsync();
        var timers = await db.Set<CaseTimer>().AsNoTracking().Where(t => t.CaseId == caseId).OrderBy(t => t.Id).ToListAsync();
        var revision = await db.Set<Case>().Where(c => c.Id == caseId).Select(c => c.Revision).SingleAsync();
        return JsonSerializer.Serialize(new { instance.State, instance.Revision, tasks, timers, Case = revision });
    }

    /// <summary>Tasks, letters, documents and decisions that were made, of all cases but one.</summary>
    private static async Task<(int, int, int, int)> CountsAsync(CivilAffairsDb db, Guid without) => (await db.Set<WorkTask>().CountAsync(t => t.CaseId != without), await db.Set<OutboxMessage>().CountAsync(m => m.CaseId != without),
        await db.Set<IssuedDocument>().CountAsync(d => d.CaseId != without), await db.Set<CaseDecision>().CountAsync(d => d.CaseId != without));
}
