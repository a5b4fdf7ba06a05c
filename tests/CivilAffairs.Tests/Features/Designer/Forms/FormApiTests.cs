using System.Net;
using System.Text.Json.Nodes;
using CivilAffairs.Tests.Support;
using CivilAffairs.Tests.Support.Api;
using CivilAffairs.Web.Platform.Security;

namespace CivilAffairs.Tests.Features.Designer.Forms;

/// <summary>A form, settings and deadlines edited over the HTTP API alone.</summary>
[Collection(ApiStories.Name)]
public sealed class FormApiTests(StoryApps apps)
{
    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_program_edits_what_the_page_edits(string kind)
    {
        var app = await apps.GetAsync(kind);
        using var one = await ManagerAsync(app);
        using var two = await ManagerAsync(app);
        var id = DraftKit.NewId();
        var at = $"/designer/matters/{id}";
        await one.DoAsync(HttpMethod.Post, "/designer/matters", new JsonObject { ["id"] = id, ["nameZh"] = "村规民约备案", ["nameEn"] = "Village rules" });
        using var read = await one.SendAsync(HttpMethod.Get, $"{at}/form");
        var open = await ApiCaller.JsonAsync(read);
        Assert.Equal(("\"1\"", true, 0), (read.Headers.ETag!.Tag, (bool)open["mayEdit"]!, open["findings"]!.AsArray().Count));
        var form = open["content"]!.DeepClone().AsObject();
        var section = form["sections"]![0]!;
        section["fields"]!.AsArray().Add(JsonNode.Parse("""{"id":"kind","type":"choice","label":{"zh":"类别","en":"Kind"},"options":[{"value":"a","label":{"zh":"甲","en":"A"}}],"ours":1}"""));
        section["fields"]!.AsArray().Add(JsonNode.Parse("""{"id":"more","type":"text","label":{"zh":"说明","en":"More"},"showWhen":"item.kinds === 'a'"}"""));
        var last = section["fields"]!.AsArray().Count - 1;

        // A wrong condition is refused by its field.
        using var wrong = await one.SendAsync(HttpMethod.Put, $"{at}/form", form, DraftKit.Key(), "\"1\"");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, wrong.StatusCode);
        Assert.Contains("kinds", (await ApiCaller.JsonAsync(wrong))["errors"]![$"form.json $.sections[0].fields[{last}].showWhen"]!.ToJsonString(), StringComparison.Ordinal);
        section["fields"]![last]!["showWhen"] = "item.kind === 'a'";
        Assert.Equal(HttpStatusCode.BadRequest, (await one.SendAsync(HttpMethod.Put, $"{at}/form", form, DraftKit.Key())).StatusCode);
        using var saved = await one.SendAsync(HttpMethod.Put, $"{at}/form", form, DraftKit.Key(), "\"1\"");
        Assert.Equal((HttpStatusCode.OK, "\"2\""), (saved.StatusCode, saved.Headers.ETag!.Tag));
        using var stale = await two.SendAsync(HttpMethod.Put, $"{at}/form", open["content"]!.DeepClone(), DraftKit.Key(), "\"1\"");
        Assert.Equal(HttpStatusCode.PreconditionFailed, stale.StatusCode);
        Assert.Matches("已由 测试officer.* 于 .* 改动", (string?)(await ApiCaller.JsonAsync(stale))["detail"]);
        Assert.Equal(1, (int)(await two.GetAsync($"{at}/form"))["content"]!["sections"]![0]!["fields"]![last - 1]!["ours"]!);

        // What is in use goes only by name.
        Assert.Equal("form.json", (string?)(await one.GetListAsync($"{at}/uses?of={(string)section["id"]!}.kind"))[0]!["file"]);
        var shorter = form.DeepClone().AsObject();
        shorter["sections"]![0]!["fields"]!.AsArray().RemoveAt(last - 1);
        shorter["sections"]![0]!["fields"]![last - 1]!["showWhen"] = $"form.{(string)section["id"]!}.kind === 'a' || true";
        using var used = await one.SendAsync(HttpMethod.Put, $"{at}/form", shorter, DraftKit.Key(), "\"2\"");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, used.StatusCode);
        Assert.NotNull((await ApiCaller.JsonAsync(used))["errors"]![$"{(string)section["id"]!}.kind"]);

        // Settings, roles and deadlines.
        var settings = (await one.GetAsync($"{at}/people"))["content"]!.DeepClone().AsObject();
        var parameters = settings["parameters"]!.AsArray();
        parameters.Add(JsonNode.Parse("""{"key":"rules.limit.review","type":"limit","value":"10 days","name":{"zh":"审核期限","en":"Review"},"mark":"L","source":"L"}"""));
        var added = parameters.Count - 1;
        using var bad = await one.SendAsync(HttpMethod.Put, $"{at}/people", settings, DraftKit.Key(), "\"2\"");
        Assert.NotNull((await ApiCaller.JsonAsync(bad))["errors"]![$"matter.json $.parameters[{added}].value"]);
        parameters[added]!["value"] = "10wd";
        using var put = await one.SendAsync(HttpMethod.Put, $"{at}/people", settings, DraftKit.Key(), "\"2\"");
        Assert.Equal(HttpStatusCode.OK, put.StatusCode);
        var lines = (await one.GetListAsync($"{at}/deadlines")).DeepClone().AsArray();
        lines[0]!["finish"] = new JsonObject { ["kind"] = "parameter", ["value"] = "rules.limit.review" };
        using var limits = await one.SendAsync(HttpMethod.Put, $"{at}/deadlines", lines, DraftKit.Key(), put.Headers.ETag!.Tag);
        Assert.Equal(HttpStatusCode.OK, limits.StatusCode);
        Assert.Equal("rules.limit.review", (string?)(await one.GetListAsync($"{at}/deadlines"))[0]!["finish"]!["value"]);
        lines[0]!["finish"]!["value"] = "rules.limit.nobody";
        using var nobody = await one.SendAsync(HttpMethod.Put, $"{at}/deadlines", lines, DraftKit.Key(), limits.Headers.ETag!.Tag);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, nobody.StatusCode);
        Assert.All(await one.GetListAsync($"{at}/roles"), r => Assert.NotNull(r!["persons"]));
        Assert.Contains(await one.GetListAsync($"{at}/uses?of=parameters.rules.limit.review"), u => ((string)u!["file"]!).EndsWith(".workflow.json", StringComparison.Ordinal));
    }

    private static async Task<ApiCaller> ManagerAsync(TestApp app) => await ApiCaller.AsAsync(app, (await TestAccounts.OfficerAsync(app, null, new HeldRole(Roles.Manager, DraftKit.County))).UserName!);
}
