using System.Text.Json.Nodes;
using CivilAffairs.Tests.Support;
using CivilAffairs.Tests.Support.Api;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Desk.Handover;
using CivilAffairs.Web.Platform.Audit;
using CivilAffairs.Web.Platform.Outbox;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using CaseStory = CivilAffairs.Tests.Support.CaseStory;

namespace CivilAffairs.Tests.Features.Desk.Handover;

/// <summary>What an officer has in hand goes to a colleague, each task once and under its own rules, with one letter.</summary>
public sealed class HandoverTests(BothDatabases databases) : IClassFixture<BothDatabases>
{
    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task All_go_but_what_the_successor_may_not_do_and_one_letter_tells_of_them(string kind)
    {
        var office = await OpenAsync(kind);
        await office.App.Services.GetRequiredService<RecusalCommands>().DeclareAsync(office.Heir, office.Cases[2], "relative", Guid.NewGuid().ToString());
        using var supervisor = await ApiCaller.AsAsync(office.App, office.Supervisor.UserName!);
        Assert.Equal(3, await CountAsync(supervisor, office.Giver.AccountId));
        var view = await supervisor.GetAsync($"/handovers/{office.Giver.AccountId}");
        Assert.Equal(office.Tasks.Order(), view["tasks"]!.AsArray().Select(t => (Guid)t!["id"]!).Order());
        Assert.Equal(3, (int)view["successors"]!.AsArray().Single(s => (Guid)s!["id"]! == office.Heir.AccountId)!["posts"]!);

        // Twice with one key is once.
        var key = ApiCaller.NewKey();
        for (var i = 0; i < 2; i++)
        {
            using var answer = await supervisor.SendAsync(HttpMethod.Post, "/handovers", Body(office), key);
            var report = await ApiCaller.JsonAsync(answer);
            Assert.Equal(office.Tasks.Take(2).Order(), report["given"]!.AsArray().Select(t => (Guid)t!).Order());
            var refused = Assert.Single(report["refused"]!.AsArray())!;
            Assert.Equal((office.Tasks[2], "reassign.recused"), ((Guid)refused["id"]!, (string?)refused["code"]));
        }
        await using var db = office.Story.Open();
        Assert.Equal([office.Heir.AccountId, office.Heir.AccountId, office.Giver.AccountId], await HoldersAsync(db, office));
        var letter = await db.Set<OutboxMessage>().SingleAsync(m => m.AccountId == office.Heir.AccountId && m.Template == "tasks-given.mail");
        Assert.Equal(("/desk?mine=true", (Guid?)null), ((string?)JsonNode.Parse(letter.Data!)!["path"], letter.CaseId));
        Assert.Equal(2, await db.Set<AuditEntry>().CountAsync(a => office.Chains.Contains(a.Chain) && a.Action == "task.reassigned"));
        Assert.Equal(1, await CountAsync(supervisor, office.Giver.AccountId));
        Assert.Equal(2, await CountAsync(supervisor, office.Heir.AccountId));

        // Back again is the other way.
        await supervisor.DoAsync(HttpMethod.Post, "/handovers", new JsonObject { ["from"] = office.Heir.AccountId, ["to"] = office.Giver.AccountId, ["reason"] = "handover", ["tasks"] = Named(office) });
        Assert.Equal(3, await CountAsync(supervisor, office.Giver.AccountId));
        Assert.Empty(await db.VerifyAsync(default));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task After_a_power_failure_the_same_request_does_the_rest_and_nothing_twice(string kind)
    {
        var office = await OpenAsync(kind);
        var (commands, key) = (office.App.Services.GetRequiredService<HandoverCommands>(), ApiCaller.NewKey());
        var actor = new Viewer(office.Supervisor.Id, office.Supervisor.DisplayName, AccountKind.Officer, [new HeldRole(Roles.Supervisor, "341299")]);
        Task<HandoverReport> SendAsync(Func<int, Task>? progress = null) => commands.HandOverAsync(actor, office.Giver.AccountId, office.Heir.AccountId, "handover", office.Tasks, key, progress);
        await Assert.ThrowsAsync<TimeoutException>(() => SendAsync(_ => throw new TimeoutException()));
        await using var db = office.Story.Open();
        Assert.Equal(1, (await HoldersAsync(db, office)).Count(h => h == office.Heir.AccountId));
        for (var i = 0; i < 2; i++) Assert.Equal(3, (await SendAsync()).Given.Count);
        Assert.All(await HoldersAsync(db, office), h => Assert.Equal(office.Heir.AccountId, h));
        Assert.Equal(3, await db.Set<AuditEntry>().CountAsync(a => office.Chains.Contains(a.Chain) && a.Action == "task.reassigned"));
        Assert.Equal(1, await db.Set<OutboxMessage>().CountAsync(m => m.AccountId == office.Heir.AccountId && m.Template == "tasks-given.mail"));

        // What is in other hands by now is not taken from them.
        var third = await ViewerAsync(office.App, office.Posts);
        var late = await commands.HandOverAsync(actor, office.Giver.AccountId, third.AccountId, "handover", office.Tasks, ApiCaller.NewKey());
        Assert.All(late.Refused, r => Assert.Equal("handover.movedOn", Assert.IsType<NotAllowedException>(r.Why).Reason));
        Assert.Equal((0, 3), (late.Given.Count, late.Refused.Count));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Only_who_supervises_there_hands_over(string kind)
    {
        var office = await OpenAsync(kind);
        using var elsewhere = await ApiCaller.AsAsync(office.App, (await TestAccounts.OfficerAsync(office.App, null, new HeldRole(Roles.Supervisor, "341299998"))).UserName!);
        using var clerk = await ApiCaller.AsAsync(office.App, (await TestAccounts.OfficerAsync(office.App, null, new HeldRole(Roles.Clerk, office.Story.Township))).UserName!);
        foreach (var who in (ApiCaller[])[elsewhere, clerk])
        {
            Assert.Equal(0, await CountAsync(who, office.Giver.AccountId));
            Assert.Empty((await who.GetAsync($"/handovers/{office.Giver.AccountId}"))["tasks"]!.AsArray());
        }
        using (var refused = await clerk.PostAsync("/handovers", Body(office))) await ApiCaller.RefusedAsync(refused, 403, "recusal.supervisorOnly");
        var report = await elsewhere.DoAsync(HttpMethod.Post, "/handovers", Body(office));
        Assert.All(report!["refused"]!.AsArray(), r => Assert.Equal("notFound", (string?)r!["code"]));
        foreach (var (field, value) in new (string, JsonNode)[] { ("to", office.Giver.AccountId.ToString()), ("reason", "because"), ("tasks", new JsonArray()) })
        {
            var wrong = Body(office);
            wrong[field] = value;
            using var supervisor = await ApiCaller.AsAsync(office.App, office.Supervisor.UserName!);
            using var answer = await supervisor.PostAsync("/handovers", wrong);
            await ApiCaller.RefusedAsync(answer, 422);
        }
        await using var db = office.Story.Open();
        Assert.All(await HoldersAsync(db, office), h => Assert.Equal(office.Giver.AccountId, h));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_preview_names_for_each_task_why_it_would_stay_and_changes_nothing(string kind)
    {
        var office = await OpenAsync(kind);
        await office.App.Services.GetRequiredService<RecusalCommands>().DeclareAsync(office.Heir, office.Cases[0], "relative", Guid.NewGuid().ToString());
        using var supervisor = await ApiCaller.AsAsync(office.App, office.Supervisor.UserName!);
        var preview = await PreviewAsync(supervisor, office, office.Heir.AccountId);
        Assert.Equal(2, (int)preview["given"]!);
        Assert.Equal([(office.Tasks[0], "reassign.recused")], Refused(preview));
        Assert.Equal($"{office.Heir.Name} 已回避这个办件。", (string)preview["refused"]![0]!["text"]!);

        // Somebody posted in the second township alone; somebody who did what must be apart; somebody unknown.
        var narrow = await ViewerAsync(office.App, office.Posts[1]);
        Assert.Equal([(office.Tasks[0], "reassign.notYourRole"), (office.Tasks[2], "reassign.notYourRole")], Refused(await PreviewAsync(supervisor, office, narrow.AccountId)));
        var apart = await ViewerAsync(office.App, [.. office.Posts, new HeldRole(Roles.TownshipReviewer, office.Posts[1].Division)]);
        await using var db = office.Story.Open();
        var first = await db.Set<WorkTask>().AsNoTracking().SingleAsync(t => t.Id == office.Tasks[1]);
        await office.App.Services.GetRequiredService<Web.Platform.Data.IWriter>().WriteAsync((w, _) =>
        {
            w.Add(new WorkTask { CaseId = first.CaseId, InstanceId = first.InstanceId, BookmarkId = "earlier", ActivityId = "earlier", Role = Roles.TownshipReviewer, Division = first.Division, TitleZh = "审核", TitleEn = "Review", Outcomes = "[]", FinishLimit = "none", State = TaskState.Done, ClosedById = apart.AccountId, ClosedAt = DateTimeOffset.UtcNow, CreatedAt = DateTimeOffset.UtcNow });
            return Task.FromResult(0);
        });
        var separated = await PreviewAsync(supervisor, office, apart.AccountId);
        Assert.Equal([(office.Tasks[1], "reassign.separated")], Refused(separated));
        Assert.StartsWith($"{apart.Name} 在本办件中已办理", (string)separated["refused"]![0]!["text"]!, StringComparison.Ordinal);
        Assert.Equal(office.Tasks.ConvertAll(t => (t, "reassign.notEligible")), Refused(await PreviewAsync(supervisor, office, Guid.NewGuid())));

        // What the preview says is what happens; before, nothing did.
        Assert.All(await HoldersAsync(db, office), h => Assert.Equal(office.Giver.AccountId, h));
        var report = await supervisor.DoAsync(HttpMethod.Post, "/handovers", new JsonObject { ["from"] = office.Giver.AccountId, ["to"] = apart.AccountId, ["reason"] = "handover", ["tasks"] = Named(office) });
        Assert.Equal(Refused(separated), Refused(report!));
        // In other hands by now, and decided.
        await office.App.Services.GetRequiredService<Web.Platform.Data.IWriter>().WriteAsync((w, token) => w.Set<WorkTask>().Where(t => t.Id == office.Tasks[1]).ExecuteUpdateAsync(s => s.SetProperty(t => t.State, TaskState.Done).SetProperty(t => t.ClosedBy, "某人").SetProperty(t => t.ClosedAt, DateTimeOffset.UtcNow).SetProperty(t => t.Outcome, "Accepted"), token));
        Assert.Equal([(office.Tasks[0], "handover.movedOn"), (office.Tasks[1], "decided"), (office.Tasks[2], "handover.movedOn")], Refused(await PreviewAsync(supervisor, office, narrow.AccountId)));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task An_officer_hands_over_their_own_to_who_may_do_it_and_the_supervisors_are_told_once(string kind)
    {
        var office = await OpenAsync(kind);
        var account = await UserNameAsync(office, office.Giver.AccountId);
        using var giver = await ApiCaller.AsAsync(office.App, account);
        Assert.Equal(3, await CountAsync(giver, office.Giver.AccountId));
        Assert.Equal(0, await CountAsync(giver, office.Heir.AccountId));
        var outsider = await ViewerAsync(office.App, new HeldRole(Roles.Clerk, "341299998"));
        var refused = await giver.DoAsync(HttpMethod.Post, "/handovers", new JsonObject { ["from"] = office.Giver.AccountId, ["to"] = outsider.AccountId, ["reason"] = "workload", ["tasks"] = Named(office) });
        Assert.Equal(office.Tasks.ConvertAll(t => (t, "reassign.notYourRole")), Refused(refused!));
        await using var db = office.Story.Open();
        Assert.Equal(0, await db.Set<OutboxMessage>().CountAsync(m => m.AccountId == office.Supervisor.Id && m.Template == "tasks-handed-over.mail"));
        var key = ApiCaller.NewKey();
        for (var i = 0; i < 2; i++)
        {
            using var answer = await giver.SendAsync(HttpMethod.Post, "/handovers", Body(office), key);
            Assert.Equal(3, (await ApiCaller.JsonAsync(answer))["given"]!.AsArray().Count);
        }
        Assert.All(await HoldersAsync(db, office), h => Assert.Equal(office.Heir.AccountId, h));
        var told = await db.Set<OutboxMessage>().AsNoTracking().SingleAsync(m => m.AccountId == office.Supervisor.Id && m.Template == "tasks-handed-over.mail");
        Assert.Equal((office.Giver.Name, office.Heir.Name), ((string)JsonNode.Parse(told.Data!)!["officer"]!, (string)JsonNode.Parse(told.Data!)!["successor"]!));
        // They are not theirs to take back, nor anybody else's to give away.
        using (var back = await giver.PostAsync("/handovers", new JsonObject { ["from"] = office.Heir.AccountId, ["to"] = office.Giver.AccountId, ["reason"] = "handover", ["tasks"] = Named(office) })) await ApiCaller.RefusedAsync(back, 403, "recusal.supervisorOnly");
        Assert.Equal(office.Tasks.ConvertAll(t => (t, "recusal.supervisorOnly")), Refused((await giver.DoAsync(HttpMethod.Post, "/handovers", Body(office)))!));
        using (var free = await giver.PostAsync("/handovers", new JsonObject { ["from"] = null, ["to"] = office.Heir.AccountId, ["reason"] = "handover", ["tasks"] = Named(office) })) await ApiCaller.RefusedAsync(free, 403);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task What_nobody_holds_is_given_out_together_and_only_while_nobody_holds_it(string kind)
    {
        var office = await OpenAsync(kind);
        foreach (var task in office.Tasks.Take(2)) await office.App.Services.GetRequiredService<TaskCommands>().ReleaseAsync(office.Giver, task);
        using var supervisor = await ApiCaller.AsAsync(office.App, office.Supervisor.UserName!);
        var report = await supervisor.DoAsync(HttpMethod.Post, "/handovers", new JsonObject { ["from"] = null, ["to"] = office.Heir.AccountId, ["reason"] = "recusal", ["tasks"] = Named(office) });
        Assert.Equal(office.Tasks.Take(2), report!["given"]!.AsArray().Select(t => (Guid)t!));
        Assert.Equal([(office.Tasks[2], "handover.movedOn")], Refused(report));
        await using var db = office.Story.Open();
        Assert.Equal(1, await db.Set<OutboxMessage>().CountAsync(m => m.AccountId == office.Heir.AccountId && m.Template == "tasks-given.mail"));
    }

    /// <summary>As it leaves the house, in both languages: of one reassigned task, and of an officer's own hand-over.</summary>
    [Theory]
    [InlineData("zh-CN", "有任务交给您办理", "把任务交给了您，请到工作台“我认领的”中查看。", "移交了任务", "把自己认领的任务移交给了")]
    [InlineData("en", "Tasks were given to you", "gave tasks to you. You find them at the desk under “Mine”.", "handed tasks over", "handed their own tasks over to")]
    public async Task The_letters_of_a_reassignment_say_who_and_where_and_no_more(string language, string givenSubject, string givenText, string handedSubject, string handedText)
    {
        var office = await OpenAsync(Databases.Sqlite);
        await office.App.Services.GetRequiredService<Web.Platform.Data.IWriter>().WriteAsync((w, token) => w.Users.Where(a => a.Id == office.Heir.AccountId || a.Id == office.Supervisor.Id)
            .ExecuteUpdateAsync(s => s.SetProperty(a => a.Language, language).SetProperty(a => a.Email, "officer@bureau.example"), token));
        var commands = office.App.Services.GetRequiredService<RecusalCommands>();
        var supervisor = new Viewer(office.Supervisor.Id, office.Supervisor.DisplayName, AccountKind.Officer, [new HeldRole(Roles.Supervisor, "341299")]);
        await commands.ReassignAsync(supervisor, office.Tasks[0], office.Heir.AccountId, "workload", Guid.NewGuid().ToString());
        await office.App.Services.GetRequiredService<HandoverCommands>().HandOverAsync(office.Giver, office.Giver.AccountId, office.Heir.AccountId, "workload", [office.Tasks[1]], Guid.NewGuid().ToString());
        await using var db = office.Story.Open();
        var number = await db.Set<Case>().Where(c => c.Id == office.Cases[0]).Select(c => c.Number).SingleAsync();
        var (given, handed) = (await LetterAsync(office, office.Heir.AccountId, "tasks-given.mail"), await LetterAsync(office, office.Supervisor.Id, "tasks-handed-over.mail"));
        Assert.Contains(givenSubject, given, StringComparison.Ordinal);
        Assert.Contains($"{office.Supervisor.DisplayName} {givenText}", given, StringComparison.Ordinal);
        Assert.Contains("/desk?mine=true", given, StringComparison.Ordinal);
        Assert.Contains(handedSubject, handed, StringComparison.Ordinal);
        Assert.Contains($"{office.Giver.Name} {handedText} {office.Heir.Name}", handed, StringComparison.Ordinal);
        Assert.Contains("/desk/handover", handed, StringComparison.Ordinal);
        Assert.All((string[])[given, handed], l => Assert.DoesNotContain(number!, l, StringComparison.Ordinal));
    }

    /// <summary>Subject and text of the first letter of a template to somebody, made as the dispatcher makes it.</summary>
    private static async Task<string> LetterAsync(Office office, Guid reader, string template)
    {
        await using var db = office.Story.Open();
        var message = await db.Set<OutboxMessage>().AsNoTracking().Where(m => m.AccountId == reader && m.Template == template).OrderBy(m => m.Id).FirstAsync();
        var batch = await office.App.Services.GetRequiredService<Web.Features.Mail.LetterMaker>().PrepareAsync([message], default);
        var (letter, fault) = batch.Make(message);
        Assert.Null(fault);
        return $"{letter!.Subject}\n{letter.TextBody}";
    }

    private static async Task<JsonObject> PreviewAsync(ApiCaller who, Office office, Guid to) =>
        (await who.DoAsync(HttpMethod.Post, "/handovers/preview", new JsonObject { ["from"] = office.Giver.AccountId, ["to"] = to, ["tasks"] = Named(office) }))!;
    private static List<(Guid Id, string Code)> Refused(JsonObject report) => [.. report["refused"]!.AsArray().Select(r => ((Guid)r!["id"]!, (string)r["code"]!))];
    private static async Task<string> UserNameAsync(Office office, Guid account)
    {
        await using var db = office.Story.Open();
        return (await db.Users.Where(a => a.Id == account).Select(a => a.UserName).SingleAsync())!;
    }

    private sealed record Office(TestApp App, IReadOnlyList<CaseStory> Stories, List<Guid> Cases, List<Guid> Tasks, Viewer Giver, Viewer Heir, Account Supervisor)
    {
        public CaseStory Story => Stories[0];
        public HeldRole[] Posts => [.. Stories.Select(s => new HeldRole(Roles.Clerk, s.Township))];
        public List<string> Chains => Cases.ConvertAll(c => c.ToString());
    }

    /// <summary>A case in each of three townships, whose first task one clerk has in hand; a colleague of the same posts, and the county's supervisor.</summary>
    private async Task<Office> OpenAsync(string kind)
    {
        var app = await databases.GetAsync(kind);
        CaseStory[] stories = [new(app), new(app), new(app)];
        HeldRole[] posts = [.. stories.Select(s => new HeldRole(Roles.Clerk, s.Township))];
        var (giver, heir) = (await ViewerAsync(app, posts), await ViewerAsync(app, posts));
        var (cases, tasks) = (new List<Guid>(), new List<Guid>());
        await using var db = stories[0].Open();
        foreach (var story in stories)
        {
            var caseId = await story.PlayAsync("granted", (await story.PrepareAsync("granted")).At);
            var task = (await db.Set<WorkTask>().SingleAsync(t => t.CaseId == caseId && t.State == TaskState.Open)).Id;
            await app.Services.GetRequiredService<TaskCommands>().ClaimAsync(giver, task);
            cases.Add(caseId);
            tasks.Add(task);
        }
        return new Office(app, stories, cases, tasks, giver, heir, await TestAccounts.OfficerAsync(app, null, new HeldRole(Roles.Supervisor, "341299")));
    }

    private static async Task<Viewer> ViewerAsync(TestApp app, params HeldRole[] held)
    {
        var account = await TestAccounts.OfficerAsync(app, null, held);
        return new Viewer(account.Id, account.DisplayName, AccountKind.Officer, held);
    }

    private static JsonObject Body(Office office) => new() { ["from"] = office.Giver.AccountId, ["to"] = office.Heir.AccountId, ["reason"] = "handover", ["tasks"] = Named(office) };
    private static JsonArray Named(Office office) => [.. office.Tasks.Select(t => JsonValue.Create(t))];

    private static async Task<int> CountAsync(ApiCaller who, Guid officer) =>
        (int?)(await who.GetAsync("/handovers"))["items"]!.AsArray().FirstOrDefault(h => (Guid)h!["id"]! == officer)?["count"] ?? 0;

    private static async Task<List<Guid?>> HoldersAsync(Web.Platform.Data.CivilAffairsDb db, Office office)
    {
        var found = await db.Set<WorkTask>().AsNoTracking().Where(t => office.Tasks.Contains(t.Id)).ToDictionaryAsync(t => t.Id, t => t.HolderId);
        return office.Tasks.ConvertAll(t => found[t]);
    }
}
