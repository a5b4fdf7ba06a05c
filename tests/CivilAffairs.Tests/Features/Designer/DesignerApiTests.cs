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

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Files_that_are_no_JSON_or_of_another_shape_are_told_in_the_caller_s_language(string kind)
    {
        var app = await apps.GetAsync(kind);
        using var one = await ManagerAsync(app);
        var id = DraftKit.NewId();
        var at = $"/designer/matters/{id}";
        await one.DoAsync(HttpMethod.Post, "/designer/matters", new JsonObject { ["id"] = id, ["nameZh"] = "村规民约备案", ["nameEn"] = "Village rules" });
        var form = (await one.GetAsync($"{at}/files?version=draft"))["form.json"]!.ToString();
        var version = "\"1\"";
        async Task SaveAsync(string path, string text)
        {
            using var saved = await one.SendAsync(HttpMethod.Patch, $"{at}/draft", new JsonObject { ["files"] = new JsonObject { [path] = text } }, DraftKit.Key(), version);
            Assert.Equal(HttpStatusCode.OK, saved.StatusCode);
            version = saved.Headers.ETag!.Tag;
        }

        // A draft may be faulty; its page and its programs are told what is wrong, by line and by part.
        var tree = JsonNode.Parse(form)!;
        tree["sections"]![0]!["fields"]![0]!["type"] = 7;
        await SaveAsync("form.json", tree.ToJsonString(new System.Text.Json.JsonSerializerOptions { WriteIndented = true }));
        var fault = (await one.GetAsync(at))["draft"]!["faults"]!.AsArray().Single(f => (string)f!["path"]! == "$.sections[0].fields[0].type")!;
        Assert.Matches("^第\\d+行：“.+”的“type”应是以下之一：.*，现在是数字 7。$", (string)fault["text"]!["zh"]!);
        Assert.Matches("^Line \\d+: “type” of “.+” must be one of: .*; it is the number 7\\.$", (string)fault["text"]!["en"]!);
        await SaveAsync("form.json", "{\n  \"sections\": [\n}");
        await Told(HttpMethod.Get, $"{at}/form", 422, "第3行", "Line 3");
        await SaveAsync("form.json", form);

        // Elsa JSON and archives.
        foreach (var (text, zh, en) in new[] { ("{\n\"root\": 7}", "root", "root"), ("{\n\"root\" 7}", "第2行", "Line 2"), ("{\"root\": {\"id\": \"a\", \"id\": \"b\"}}", "写了两次", "twice"), ("", "空", "empty"), ("{\"root\": {\"id\": 1}}", "活动类型", "activity type") })
            await Told(HttpMethod.Put, $"{at}/workflows/apply", 422, zh, en, () => new StringContent(text, Encoding.UTF8, "application/json"));
        foreach (var (text, zh, en) in new[] { ("{\n  \"id\": \"a\"\n  \"name\": 1\n}", "第3行", "Line 3"), ("{\"id\": \"a-b\", \"id\": \"a-b\"}", "写了两次", "twice"), ("{\"id\": 7}", "matter.json", "matter.json"), ("[]", "matter.json", "matter.json") })
            await Told(HttpMethod.Post, "/designer/matters/archive", 422, zh, en, () => ApiCaller.File(Zip(text), "a.zip"));

        async Task Told(HttpMethod method, string path, int status, string zh, string en, Func<HttpContent>? content = null)
        {
            foreach (var (language, said) in new[] { ("zh-CN", zh), ("en", en) })
            {
                using var answer = await one.SendAsync(method, path, null, content is null ? null : DraftKit.Key(), content is null ? null : version, language, content?.Invoke());
                var body = await answer.Content.ReadAsStringAsync();
                Assert.True((int)answer.StatusCode == status, $"{path}: {(int)answer.StatusCode} {body}");
                var errors = JsonNode.Parse(body)!["errors"]!.AsObject().SelectMany(e => e.Value!.AsArray()).Select(e => (string)e!).ToList();
                Assert.Contains(errors, e => e.Contains(said, StringComparison.Ordinal));
                Assert.All(errors, e => Assert.DoesNotMatch("System\\.|JSON value|could not be converted|LineNumber|BytePosition|is invalid after|Exception", e));
            }
        }

        static byte[] Zip(string matter)
        {
            using var bytes = new MemoryStream();
            using (var zip = new System.IO.Compression.ZipArchive(bytes, System.IO.Compression.ZipArchiveMode.Create, leaveOpen: true))
            using (var stream = zip.CreateEntry("matter.json").Open())
                stream.Write(Encoding.UTF8.GetBytes(matter));
            return bytes.ToArray();
        }
    }

    private static async Task<ApiCaller> ManagerAsync(TestApp app) => await ApiCaller.AsAsync(app, (await TestAccounts.OfficerAsync(app, null, new HeldRole(Roles.Manager, DraftKit.County))).UserName!);
}
