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
            Assert.Equal((office.Tasks[2], "reassign.notEligible"), ((Guid)refused["id"]!, (string?)refused["code"]));
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
