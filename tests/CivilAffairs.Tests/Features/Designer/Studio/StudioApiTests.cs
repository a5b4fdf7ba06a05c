using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using CivilAffairs.Engine.Activities;
using CivilAffairs.Engine.CaseActivities;
using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Features.Designer.Drafts;
using CivilAffairs.Web.Features.Designer.Studio;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CivilAffairs.Tests.Features.Designer.Studio;

/// <summary>Elsa's API over our store: who may read, who may save, what is refused and how.</summary>
public sealed class StudioApiTests(BothDatabases databases) : IClassFixture<BothDatabases>
{
    // Matters that no other test of this class saves.
    private const string FreeMatter = "so-rectification", Free = FreeMatter + ".apply", OtherMatter = "marriage-reissue", Other = OtherMatter + ".apply";

    /// <summary>Everything that the editor asks at its start and on use; any other answer than success breaks its page.</summary>
    private static readonly string[] Asked =
    [
        "/workflow-definitions/by-definition-id/rural-dibao.apply?versionOptions=Latest", "/descriptors/activities?Refresh=True", "/descriptors/expression-descriptors", "/descriptors/workflow-activation-strategies",
        "/descriptors/incident-strategies", "/descriptors/log-persistence-strategies", "/descriptors/commit-strategies/workflows", "/descriptors/commit-strategies/activities", "/descriptors/output-converters", "/features/installed",
        "/descriptors/variables", "/descriptors/storage-drivers", "/descriptors/activities/CivilAffairs.HumanTask", "/workflow-definitions?versionOptions=AllVersions&DefinitionIds=rural-dibao.apply", "/workflow-definitions?versionOptions=LatestOrPublished&Page=0&PageSize=15",
        "/workflow-definitions/validation/is-name-unique?name=x", "/workflow-definitions/query/count", "/workflow-definitions/rural-dibao.apply/consumers", "/workflow-definitions/rural-dibao.apply/export", "/resilience/strategies?category=HTTP", "/package/version", "/secrets",
    ];

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Everything_the_editor_asks_is_answered_for_all_matters_and_for_one(string kind)
    {
        using var manager = await StudioKit.AsAsync(await databases.GetAsync(kind), Roles.Manager);
        foreach (var path in Asked)
        {
            await manager.GetAsync(path);
            await manager.GetAsync("/matters/rural-dibao" + path);
        }
        using var types = await manager.PostAsync($"/scripting/javascript/type-definitions/{StudioKit.Dibao}", new JsonObject());
        Assert.Contains("declare function getAmount(): number;", await types.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var options = await manager.PostAsync("/matters/rural-dibao/descriptors/activities/CivilAffairs.HumanTask/options/Role", new JsonObject());
        Assert.Contains("县级", await options.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_manager_saves_a_draft_and_what_is_in_force_stays(string kind)
    {
        var app = await databases.GetAsync(kind);
        using var manager = await StudioKit.AsAsync(app, Roles.Manager);
        var before = await manager.DefinitionAsync("marriage.apply");
        Assert.Contains(before["links"]!.AsArray(), l => (string?)l!["rel"] == "publish");
        before["root"]!["activities"]![0]!["metadata"]!["displayText"] = "改名后的第一步";
        using var answer = await manager.SaveAsync(before);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var saved = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["workflowDefinition"]!.AsObject();
        Assert.Equal((true, false, (int)before["version"]! + 1), ((bool)saved["isLatest"]!, (bool)saved["isPublished"]!, (int)saved["version"]!));
        Assert.Contains(saved["links"]!.AsArray(), l => (string?)l!["rel"] == "publish");
        await using var db = app.Services.GetRequiredService<IReader>().Open();
        var draft = await db.Set<MatterDraft>().AsNoTracking().SingleAsync(d => d.Matter == "marriage");
        Assert.Contains("改名后的第一步", draft.Bundle, StringComparison.Ordinal);
        // The next save of the same window goes on from there, and the editor is told the draft when it opens again.
        saved["root"]!["activities"]![0]!["metadata"]!["displayText"] = "再改一次";
        using var second = await manager.SaveAsync(saved);
        Assert.Equal(HttpStatusCode.OK, second.StatusCode);
        Assert.Equal("再改一次", (string)(await manager.DefinitionAsync("marriage.apply"))["root"]!["activities"]![0]!["metadata"]!["displayText"]!);
        // Officers see what is in force and nothing of drafts.
        using var clerk = await StudioKit.AsAsync(app, Roles.CountyClerk);
        Assert.NotEqual("再改一次", (string?)(await clerk.DefinitionAsync("marriage.apply"))["root"]!["activities"]![0]!["metadata"]!["displayText"]);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task The_second_of_two_managers_is_told_who_saved_and_when(string kind)
    {
        var app = await databases.GetAsync(kind);
        using var first = await StudioKit.AsAsync(app, Roles.Manager);
        using var second = await StudioKit.AsAsync(app, Roles.Manager);
        var (one, other) = (await first.DefinitionAsync("divorce.apply"), await second.DefinitionAsync("divorce.apply"));
        one["description"] = "甲的改动";
        other["description"] = "乙的改动";
        using var taken = await first.SaveAsync(one);
        Assert.Equal(HttpStatusCode.OK, taken.StatusCode);
        using var refused = await second.SaveAsync(other);
        var reasons = await StudioKit.ReasonsAsync(refused);
        Assert.Contains(first.Name, reasons, StringComparison.Ordinal);
        Assert.Matches(@"\d{4}年\d+月\d+日 \d\d:\d\d", reasons);
        Assert.Equal("甲的改动", (string?)(await second.DefinitionAsync("divorce.apply"))["description"]);
        // The first one's window, which has not heard of its own save yet, is not somebody else.
        one["description"] = "甲又改";
        using var again = await first.SaveAsync(one);
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task After_a_publication_the_same_window_begins_a_new_draft_and_another_s_is_told(string kind)
    {
        var app = await databases.GetAsync(kind);
        var drafts = app.Services.GetRequiredService<MatterDrafts>();
        using var manager = await StudioKit.AsAsync(app, Roles.Manager);
        var (shown, old) = (await manager.DefinitionAsync(Free), await manager.DefinitionAsync(Free));
        shown["description"] = "第一稿";
        using var first = await manager.SaveAsync(shown);
        var saved = JsonNode.Parse(await first.Content.ReadAsStringAsync())!["workflowDefinition"]!.AsObject();
        var draft = (await drafts.FindAsync(FreeMatter))!;
        await drafts.PublishAsync(manager.Viewer, FreeMatter, "试一试", draft.Version, Guid.NewGuid().ToString());

        // The window still draws what is now in force: its next save is a draft again, and what is in force stays.
        saved["description"] = "第二稿";
        using var next = await manager.SaveAsync(saved);
        Assert.Equal(HttpStatusCode.OK, next.StatusCode);
        var now = await manager.DefinitionAsync(Free);
        Assert.Equal(("第二稿", false, (int)saved["version"]! + 1), ((string?)now["description"], (bool)now["isPublished"]!, (int)now["version"]!));
        var versions = (await manager.GetAsync($"/workflow-definitions?versionOptions=AllVersions&DefinitionIds={Free}"))["items"]!.AsArray();
        Assert.Equal([false, true, false], versions.Select(v => (bool)v!["isPublished"]!));

        // A step that goes is named in the page's header.
        var step = now["root"]!["activities"]!.AsArray().First(a => (string?)a!["metadata"]?["displayText"] is { Length: > 0 })!;
        var name = (string)step["metadata"]!["displayText"]!;
        now["root"]!["activities"]!.AsArray().Remove(step);
        using var fewer = await manager.SaveAsync(now);
        Assert.Equal(HttpStatusCode.OK, fewer.StatusCode);
        var state = await manager.GetAsync($"/matters/{FreeMatter}/state?workflow=apply");
        Assert.Contains(name, (string?)state["gone"], StringComparison.Ordinal);
        Assert.Contains("删去 1 步", (string)state["check"]!, StringComparison.Ordinal);

        // A window opened before all that would undo it, though there was no draft then and, once this one is thrown away, there is none again.
        await drafts.DiscardAsync(manager.Viewer, FreeMatter, (await drafts.FindAsync(FreeMatter))!.Version, Guid.NewGuid().ToString());
        old["description"] = "旧稿";
        using var late = await manager.SaveAsync(old);
        Assert.Matches($"^{System.Text.RegularExpressions.Regex.Escape(manager.Name)}已于.+发布了新的一稿", await StudioKit.ReasonsAsync(late));
        Assert.Equal("第一稿", (string?)(await manager.DefinitionAsync(Free))["description"]);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task The_same_save_sent_again_is_stored_once_and_never_taken_for_another(string kind)
    {
        var app = await databases.GetAsync(kind);
        var drafts = app.Services.GetRequiredService<MatterDrafts>();
        using var manager = await StudioKit.AsAsync(app, Roles.Manager);
        var shown = await manager.DefinitionAsync(Other);
        shown["description"] = "改动";
        using var first = await manager.SaveAsync(shown);
        var version = (await drafts.FindAsync(OtherMatter))!.Version;
        using var again = await manager.SaveAsync(shown);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK, version), (first.StatusCode, again.StatusCode, (await drafts.FindAsync(OtherMatter))!.Version));
        // Thrown away and drawn once more just so: that is a new save.
        await drafts.DiscardAsync(manager.Viewer, OtherMatter, version, Guid.NewGuid().ToString());
        using var once = await manager.SaveAsync(shown);
        Assert.Equal(HttpStatusCode.OK, once.StatusCode);
        Assert.Contains("改动", (await drafts.FindAsync(OtherMatter))!.Bundle, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_page_s_header_leads_only_where_there_is_something()
    {
        var app = await databases.GetAsync(Databases.Sqlite);
        using var manager = await StudioKit.AsAsync(app, Roles.Manager);
        var html = await manager.Client.GetStringAsync(new Uri("/studio/edit/rural-dibao/apply", UriKind.Relative));
        var links = System.Text.RegularExpressions.Regex.Matches(html[..html.IndexOf("</header>", StringComparison.Ordinal)], "<a href=\"([^\"]+)\"").Select(m => m.Groups[1].Value).ToList();
        Assert.Contains("/studio", links);
        foreach (var link in links)
        {
            using var answer = await manager.Client.GetAsync(new Uri(link, UriKind.Relative));
            Assert.Equal((link, HttpStatusCode.OK), (link, answer.StatusCode));
        }
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Who_may_not_save_is_told_by_the_links_and_refused(string kind)
    {
        var app = await databases.GetAsync(kind);
        foreach (var (role, division) in new[] { (Roles.CountyApprover, "341299"), (Roles.Administrator, "341299"), (Roles.Manager, "341299101") })
        {
            using var reader = await StudioKit.AsAsync(app, role, division);
            var shown = await reader.DefinitionAsync();
            Assert.DoesNotContain(shown["links"]!.AsArray(), l => (string?)l!["rel"] == "publish");
            using var refused = await reader.SaveAsync(shown);
            Assert.Contains("不能修改", await StudioKit.ReasonsAsync(refused), StringComparison.Ordinal);
        }
        using var applicant = await SignedIn.AsAsync(app, (await TestAccounts.ApplicantAsync(app)).UserName!);
        Assert.Equal(HttpStatusCode.Forbidden, (await applicant.GetAsync("/elsa/api/descriptors/activities")).StatusCode);
        Assert.NotEqual(HttpStatusCode.OK, (await applicant.GetAsync("/studio/edit/rural-dibao/apply")).StatusCode);
        using var nobody = SignedIn.Nobody(app);
        Assert.Equal(HttpStatusCode.Unauthorized, (await nobody.GetAsync("/elsa/api/descriptors/activities")).StatusCode);
        // And a save too, not the page for people, which would say 400 for want of a token: by 401 the editor asks who is there and keeps the draft.
        Assert.Equal(HttpStatusCode.Unauthorized, (await nobody.Client.PostAsJsonAsync(new Uri("/elsa/api/matters/rural-dibao/workflow-definitions", UriKind.Relative), new { })).StatusCode);
        using var manager = await StudioKit.AsAsync(app, Roles.Manager);
        using var missing = await manager.Client.GetAsync(new Uri("/studio/edit/rural-dibao/no-such", UriKind.Relative));
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_forged_save_is_refused(string kind)
    {
        var app = await databases.GetAsync(kind);
        using var manager = await StudioKit.AsAsync(app, Roles.Manager);
        var body = new JsonObject { ["model"] = StudioKit.AsEditor(await manager.DefinitionAsync()), ["publish"] = false };
        foreach (var origin in new[] { "http://evil.example", "null", null })
        {
            using var forged = await manager.PostAsync("/workflow-definitions", body.DeepClone(), origin);
            Assert.Equal(HttpStatusCode.Forbidden, forged.StatusCode);
        }
        // Signed in, but never on the page: the cookie that browsers keep from other sites is not there.
        var account = await TestAccounts.OfficerAsync(app, null, new HeldRole(Roles.Manager, "341299"));
        using var elsewhere = new StudioKit(await SignedIn.AsAsync(app, account.UserName!));
        using var without = await elsewhere.PostAsync("/workflow-definitions", body.DeepClone());
        Assert.Equal(HttpStatusCode.Unauthorized, without.StatusCode);
        using var page = await manager.Client.GetAsync(new Uri("/studio/edit/rural-dibao/apply", UriKind.Relative));
        Assert.Contains(page.Headers.GetValues("Set-Cookie"), c => c.StartsWith(StudioGuard.CookieName, StringComparison.Ordinal) && c.Contains("samesite=strict", StringComparison.OrdinalIgnoreCase) && c.Contains("httponly", StringComparison.OrdinalIgnoreCase));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_save_that_loses_work_and_what_is_done_elsewhere_are_refused_with_reasons(string kind)
    {
        using var manager = await StudioKit.AsAsync(await databases.GetAsync(kind), Roles.Manager);
        var shown = await manager.DefinitionAsync("so-renewal.apply");
        using var publish = await manager.SaveAsync(shown, publish: true);
        Assert.Contains("发布", await StudioKit.ReasonsAsync(publish), StringComparison.Ordinal);
        foreach (var path in new[] { "/workflow-definitions/so-renewal.apply/publish", "/workflow-definitions/so-renewal.apply/execute", "/workflow-definitions/import", "/bulk-actions/publish/workflow-definitions/by-definition-ids", "/tests/activities" })
        {
            using var answer = await manager.PostAsync(path, new JsonObject());
            Assert.NotEmpty(await StudioKit.ReasonsAsync(answer));
        }
        shown["root"]!["activities"] = new JsonArray();
        using var empty = await manager.SaveAsync(shown);
        Assert.Contains("流程图是空的", await StudioKit.ReasonsAsync(empty), StringComparison.Ordinal);
        Assert.Equal(49, (await manager.DefinitionAsync("so-renewal.apply"))["root"]!["activities"]!.AsArray().Count);
    }

    [Fact]
    public async Task Every_activity_that_the_engine_runs_is_in_the_toolbox_in_both_languages()
    {
        using var manager = await StudioKit.AsAsync(await databases.GetAsync(Databases.Sqlite), Roles.Manager);
        var items = (await manager.GetAsync("/matters/rural-dibao/descriptors/activities"))["items"]!.AsArray().Select(i => i!.AsObject()).ToDictionary(i => (string)i["typeName"]!);
        Assert.Equal(StockActivities.All.Count + CaseActivityCatalogue.Declarations.Count, items.Count);
        Assert.All(items.Keys, type => Assert.True(StockActivities.Knows(type), type));
        var task = items["CivilAffairs.HumanTask"];
        Assert.Equal(("民政业务", "人工办理", "Action"), ((string)task["category"]!, (string)task["displayName"]!, (string)task["kind"]!));
        JsonObject Input(string name) => task["inputs"]!.AsArray().Single(i => (string)i!["name"]! == name)!.AsObject();
        Assert.Equal("dynamic-outcomes", (string)Input("Outcomes")["uiHint"]!);
        Assert.Contains(Input("Role")["uiSpecifications"]!["dropdown"]!["selectList"]!["items"]!.AsArray(), o => (string)o!["value"]! == "CAP");
        Assert.Contains(items["CivilAffairs.Notify"]["inputs"]![1]!["uiSpecifications"]!["dropdown"]!["selectList"]!["items"]!.AsArray(), o => ((string)o!["value"]!).EndsWith(".liquid", StringComparison.Ordinal) || ((string)o["value"]!).Contains('.', StringComparison.Ordinal));
        using var english = new HttpRequestMessage(HttpMethod.Get, new Uri("/elsa/api/descriptors/activities", UriKind.Relative));
        english.Headers.Add("Accept-Language", "en");
        using var answer = await manager.Client.SendAsync(english);
        Assert.Contains("\"Civil affairs\"", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [SharedFact("elsa-recordings")]
    public async Task Answers_have_the_shape_of_Elsa_s_own()
    {
        using var manager = await StudioKit.AsAsync(await databases.GetAsync(Databases.Sqlite), Roles.Manager);
        JsonNode Recorded(string name) => JsonNode.Parse(File.ReadAllText(Path.Combine(SharedFolder.Item("elsa-recordings")!, name + ".json")))!["response"]!["body"]!;
        static IEnumerable<string> Lacking(JsonNode theirs, JsonNode ours, params string[] without) => theirs.AsObject().Select(p => p.Key).Except(without).Where(k => !ours.AsObject().ContainsKey(k));

        Assert.Empty(Lacking(Recorded("workflow-definitions-by-definition-id"), await manager.DefinitionAsync()));
        var theirs = Recorded("descriptors-activities")["items"]!.AsArray().Single(i => (string)i!["typeName"]! == "Elsa.FlowSwitch")!;
        var own = (await manager.GetAsync("/descriptors/activities"))["items"]!.AsArray().Single(i => (string)i!["typeName"]! == "Elsa.FlowSwitch")!;
        Assert.Empty(Lacking(theirs, own, "clrType"));
        Assert.Empty(Lacking(theirs["inputs"]![0]!, own["inputs"]![0]!, "description"));
        Assert.Empty(Lacking(theirs["ports"]![0]!, own["ports"]![0]!));
        Assert.Empty(Lacking(Recorded("workflow-definitions-list"), await manager.GetAsync("/workflow-definitions?versionOptions=Latest")));
        Assert.Empty(Lacking(Recorded("workflow-definitions-list")["items"]![0]!, (await manager.GetAsync("/workflow-definitions?versionOptions=Latest"))["items"]![0]!));
        var version = (string)(await manager.DefinitionAsync())["id"]!;
        Assert.Empty(Lacking(Recorded("workflow-definitions-subgraph"), await manager.GetAsync($"/workflow-definitions/subgraph/{version}?parentNodeId=Workflow1:dibao")));
        Assert.Empty(Lacking(Recorded("workflow-definitions-subgraph-segments"), await manager.GetAsync($"/workflow-definitions/subgraph/segments/{version}?childNodeId=Workflow1:dibao:{(string)(await manager.DefinitionAsync())["root"]!["activities"]![1]!["id"]!}")));
    }
}
