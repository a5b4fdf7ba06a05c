using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using CivilAffairs.Tests.Support;
using CivilAffairs.Tests.Support.Api;
using CivilAffairs.Web.Platform.Security;

namespace CivilAffairs.Tests.Features.Designer;

/// <summary>The life of a definition over the HTTP API alone.</summary>
[Collection(ApiStories.Name)]
public sealed class DesignerApiTests(StoryApps apps)
{
    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_matter_is_begun_changed_published_exported_and_retired(string kind)
    {
        var app = await apps.GetAsync(kind);
        using var one = await ManagerAsync(app);
        using var two = await ManagerAsync(app);
        var id = DraftKit.NewId();
        var at = $"/designer/matters/{id}";
        Assert.Equal(id, (string?)(await one.DoAsync(HttpMethod.Post, "/designer/matters", new JsonObject { ["id"] = id, ["nameZh"] = "村规民约备案", ["nameEn"] = "Village rules" }))!["matter"]);
        Assert.Equal(HttpStatusCode.NotFound, (await one.SendAsync(HttpMethod.Get, $"/matters/{id}")).StatusCode);
        var files = (await one.GetAsync($"{at}/files?version=draft"))["matter.json"]!.ToString();
        var changed = new JsonObject { ["files"] = new JsonObject { ["matter.json"] = files.Replace("村规民约备案", "村规民约备案登记", StringComparison.Ordinal) } };
        // Without the version that was seen nothing is written.
        Assert.Equal(HttpStatusCode.BadRequest, (await one.SendAsync(HttpMethod.Patch, $"{at}/draft", changed.DeepClone(), DraftKit.Key())).StatusCode);
        using var saved = await one.SendAsync(HttpMethod.Patch, $"{at}/draft", changed.DeepClone(), DraftKit.Key(), "\"1\"");
        Assert.Equal((HttpStatusCode.OK, "\"2\""), (saved.StatusCode, saved.Headers.ETag!.Tag));
        using var stale = await two.SendAsync(HttpMethod.Patch, $"{at}/draft", changed.DeepClone(), DraftKit.Key(), "\"1\"");
        Assert.Equal(HttpStatusCode.PreconditionFailed, stale.StatusCode);
        Assert.Matches("已由 测试officer.* 于 .* 改动", (string?)(await ApiCaller.JsonAsync(stale))["detail"]);
        using var silent = await one.SendAsync(HttpMethod.Post, $"{at}/draft/publish", new JsonObject { ["comment"] = "" }, DraftKit.Key(), "\"2\"");
        Assert.NotNull((await ApiCaller.JsonAsync(silent))["errors"]!["comment"]);
        using var published = await one.SendAsync(HttpMethod.Post, $"{at}/draft/publish", new JsonObject { ["comment"] = "新开事项" }, DraftKit.Key(), "\"2\"");
        Assert.Equal(HttpStatusCode.OK, published.StatusCode);
        var hash = (string)(await ApiCaller.JsonAsync(published))["hash"]!;
        Assert.Equal(hash, (string?)(await one.GetAsync($"/matters/{id}"))["revision"]);

        // One definition as it is stored, to the byte, and back.
        var json = await one.Client.GetStringAsync(new Uri($"/api/v1{at}/workflows/apply?version=1", UriKind.Relative));
        using var put = await one.SendAsync(HttpMethod.Put, $"{at}/workflows/apply", null, DraftKit.Key(), "\"0\"", content: new StringContent(json.Replace("\"审批\"", "\"审批决定\"", StringComparison.Ordinal), Encoding.UTF8, "application/json"));
        Assert.Equal(HttpStatusCode.OK, put.StatusCode);
        Assert.Contains((await one.GetListAsync($"{at}/changes?from=1&to=draft")).Select(c => (string?)c!["text"]!["zh"]), c => c == "流程“apply”：步骤“审批”改名为“审批决定”。");
        using var wrong = await one.SendAsync(HttpMethod.Put, $"{at}/workflows/apply", null, DraftKit.Key(), put.Headers.ETag!.Tag, content: new StringContent("[]", Encoding.UTF8, "application/json"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, wrong.StatusCode);
        var archive = await one.Client.GetByteArrayAsync(new Uri($"/api/v1{at}/archive?version=1", UriKind.Relative));
        using var import = await two.SendAsync(HttpMethod.Post, "/designer/matters/archive", key: DraftKit.Key(), ifMatch: put.Headers.ETag.Tag, content: ApiCaller.File(archive, "matter.zip"));
        Assert.Equal(HttpStatusCode.OK, import.StatusCode);
        Assert.Empty(await one.GetListAsync($"{at}/changes?from=1&to=draft"));
        using var gone = await two.SendAsync(HttpMethod.Delete, $"{at}/draft", key: DraftKit.Key(), ifMatch: import.Headers.ETag!.Tag);
        Assert.Equal(HttpStatusCode.NoContent, gone.StatusCode);

        // The product's folder becomes the draft; the same request again, since its answer got lost, gives that answer.
        const string shipped = "/designer/matters/marriage-reissue/draft";
        var key = DraftKit.Key();
        using var taken = await one.SendAsync(HttpMethod.Post, $"{shipped}/folder", null, key, "\"0\"");
        using var again = await one.SendAsync(HttpMethod.Post, $"{shipped}/folder", null, key, "\"0\"");
        Assert.Equal((HttpStatusCode.OK, taken.StatusCode, taken.Headers.ETag!.Tag), (taken.StatusCode, again.StatusCode, again.Headers.ETag!.Tag));
        Assert.Equal(HttpStatusCode.NotFound, (await one.SendAsync(HttpMethod.Post, $"{at}/draft/folder", null, DraftKit.Key(), "\"0\"")).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await one.SendAsync(HttpMethod.Delete, shipped, null, DraftKit.Key(), taken.Headers.ETag.Tag)).StatusCode);

        await one.DoAsync(HttpMethod.Post, $"{at}/retire", new JsonObject { ["comment"] = "依据废止", ["number"] = 1 });
        Assert.Equal(HttpStatusCode.NotFound, (await one.SendAsync(HttpMethod.Get, $"/matters/{id}")).StatusCode);
        await one.DoAsync(HttpMethod.Post, $"{at}/versions/1/publish", new JsonObject { ["comment"] = "恢复" });
        var life = await one.GetAsync(at);
        Assert.Equal([2, 1], life["versions"]!.AsArray().Select(v => (int)v!["number"]!));
        Assert.Equal("依据废止", (string?)life["versions"]![1]!["retireComment"]);
    }

    private static async Task<ApiCaller> ManagerAsync(TestApp app) => await ApiCaller.AsAsync(app, (await TestAccounts.OfficerAsync(app, null, new HeldRole(Roles.Manager, DraftKit.County))).UserName!);
}
