using System.Net;
using System.Text.Json.Nodes;
using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;
using CaseStory = CivilAffairs.Tests.Support.CaseStory;

namespace CivilAffairs.Tests.Features.Designer.Studio;

/// <summary>The viewer's data come from the journal, and only for who sees the case.</summary>
public sealed class StudioInstanceTests(BothDatabases databases) : IClassFixture<BothDatabases>
{
    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Who_sees_the_case_sees_where_it_stands_and_nobody_else(string kind)
    {
        var app = await databases.GetAsync(kind);
        var story = new CaseStory(app);
        var example = story.Revision.Examples["granted.json"];
        var caseId = await story.PlayAsync("granted", example.At.AddDays(3));
        await using var db = story.Open();
        var id = await db.Set<WorkflowInstance>().Where(i => i.CaseId == caseId).Select(i => i.Id).SingleAsync();
        using var supervisor = await StudioKit.AsAsync(app, Roles.Supervisor, page: $"/studio/cases/{caseId}");

        var instance = await supervisor.GetAsync($"/workflow-instances/{id}");
        Assert.Equal(("Running", "Suspended", StudioKit.Dibao), ((string)instance["status"]!, (string)instance["subStatus"]!, (string)instance["definitionId"]!));
        var definition = await supervisor.GetAsync($"/workflow-definitions/by-id/{(string)instance["definitionVersionId"]!}");
        var nodes = definition["root"]!["activities"]!.AsArray().Select(a => (string)a!["nodeId"]!).ToHashSet();
        using var journalAnswer = await supervisor.PostAsync($"/workflow-instances/{id}/journal?skip=0&take=500", new JsonObject { ["filter"] = new JsonObject { ["activityNodeIds"] = new JsonArray([.. nodes.Select(n => (JsonNode)n)]) } });
        var journal = JsonNode.Parse(await journalAnswer.Content.ReadAsStringAsync())!;
        Assert.True((int)journal["totalCount"]! > 4, journal.ToJsonString());
        Assert.All(journal["items"]!.AsArray(), line => Assert.Contains((string)line!["nodeId"]!, nodes));
        using var report = await supervisor.PostAsync("/activity-executions/report", new JsonObject { ["workflowInstanceId"] = id.ToString() });
        var stats = JsonNode.Parse(await report.Content.ReadAsStringAsync())!["stats"]!.AsArray();
        var waiting = Assert.Single(await db.Set<WorkTask>().Where(t => t.CaseId == caseId && t.State == TaskState.Open).Select(t => t.ActivityId).Distinct().ToListAsync());
        // Also inside of a container, whose own node waits with it.
        Assert.Contains(stats, s => (bool)s!["isBlocked"]! && nodes.Contains((string)s["activityNodeId"]!));
        Assert.True((bool)stats.Single(s => (string)s!["activityId"]! == waiting)!["isBlocked"]!);
        foreach (var path in new[] { "execution-state", "variables" }) await supervisor.GetAsync($"/workflow-instances/{id}/{path}");
        var run = (await supervisor.GetAsync($"/activity-executions/list?workflowInstanceId={id}"))["items"]![0]!;
        Assert.Equal((string)run["id"]!, (string)(await supervisor.GetAsync($"/activity-executions/by-id?id={(string)run["id"]!}"))["id"]!);
        await supervisor.GetAsync($"/activity-execution-summaries/list?workflowInstanceId={id}&activityNodeId={Uri.EscapeDataString((string)run["activityNodeId"]!)}");
        using var list = await supervisor.PostAsync("/workflow-instances", new JsonObject { ["page"] = 0, ["pageSize"] = 5, ["definitionIds"] = new JsonArray(StudioKit.Dibao) });
        Assert.Contains(JsonNode.Parse(await list.Content.ReadAsStringAsync())!["items"]!.AsArray(), i => (string)i!["id"]! == id.ToString());

        // A manager designs and sees no case; a village worker of elsewhere sees this one as little.
        foreach (var (role, division) in new[] { (Roles.Manager, "341299"), (Roles.Administrator, "341299"), (Roles.VillageWorker, "341299999999") })
        {
            using var other = await StudioKit.AsAsync(app, role, division);
            foreach (var path in new[] { $"/elsa/api/workflow-instances/{id}", $"/elsa/api/workflow-instances/{id}/journal", $"/elsa/api/activity-executions/list?workflowInstanceId={id}", $"/studio/cases/{caseId}" })
            {
                using var hidden = await other.Client.GetAsync(new Uri(path, UriKind.Relative));
                Assert.Equal((path, HttpStatusCode.NotFound), (path, hidden.StatusCode));
            }
            using var none = await other.PostAsync("/workflow-instances", new JsonObject());
            Assert.Equal(0, (int)JsonNode.Parse(await none.Content.ReadAsStringAsync())!["totalCount"]!);
        }
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task The_page_says_in_words_what_happened_and_which_way_was_not_taken(string kind)
    {
        var app = await databases.GetAsync(kind);
        var caseId = await new CaseStory(app).PlayAsync("granted");
        var account = await TestAccounts.OfficerAsync(app, null, new HeldRole(Roles.Supervisor, "341299"));
        using var supervisor = await SignedIn.AsAsync(app, account.UserName!);
        using var page = await supervisor.PageAsync($"/studio/cases/{caseId}");
        var happened = page.QuerySelectorAll("#story-happened li").Select(l => l.TextContent).ToList();
        Assert.Contains(happened, l => l.Contains("受理", StringComparison.Ordinal));
        Assert.Contains(page.QuerySelectorAll("#story-skipped li"), l => l.TextContent.Contains("没有走", StringComparison.Ordinal) && l.TextContent.Contains("跳过", StringComparison.Ordinal));
        // Codes are no words.
        Assert.DoesNotContain(happened, l => l.Contains("Grant", StringComparison.Ordinal) || l.Contains("CivilAffairs.", StringComparison.Ordinal));
        Assert.Equal("elsa-workflow-instance-viewer", page.Body!.GetAttribute("data-element"));
    }
}
