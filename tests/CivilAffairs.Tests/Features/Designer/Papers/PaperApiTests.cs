using System.Net;
using System.Text.Json.Nodes;
using CivilAffairs.Tests.Support;
using CivilAffairs.Tests.Support.Api;
using CivilAffairs.Web.Platform.Security;

namespace CivilAffairs.Tests.Features.Designer.Papers;

/// <summary>Templates and settings over the HTTP API alone.</summary>
[Collection(ApiStories.Name)]
public sealed class PaperApiTests(StoryApps apps)
{
    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_new_matter_gets_a_receipt_and_its_number(string kind)
    {
        var app = await apps.GetAsync(kind);
        using var manager = await ApiCaller.AsAsync(app, (await TestAccounts.OfficerAsync(app, null, new HeldRole(Roles.Manager, DraftKit.County))).UserName!);
        var id = DraftKit.NewId();
        var at = $"/designer/matters/{id}";
        await manager.DoAsync(HttpMethod.Post, "/designer/matters", new JsonObject { ["id"] = id, ["nameZh"] = "村规民约备案", ["nameEn"] = "Village rules", ["family"] = "register", ["office"] = "township", ["whoZh"] = "村民委员会", ["whoEn"] = "The committee" });

        var settings = (await manager.GetAsync($"{at}/settings"))["settings"]!.DeepClone().AsObject();
        Assert.Empty(settings["numbering"]!.AsArray());
        Assert.Equal("村民委员会", (string?)(await manager.GetAsync($"{at}/people"))["content"]!["applicants"]!["who"]!["zh"]);
        settings["numbering"]!.AsArray().Add((JsonNode)new JsonObject { ["at"] = null, ["kind"] = "receipt", ["prefix"] = "", ["format"] = "", ["nameZh"] = "备案回执", ["nameEn"] = "Receipts" });
        using var wrong = await manager.SendAsync(HttpMethod.Put, $"{at}/settings", settings.DeepClone(), DraftKit.Key(), "\"1\"");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, wrong.StatusCode);
        Assert.NotNull((await ApiCaller.JsonAsync(wrong))["errors"]!["numbering[0].prefix"]);
        settings["numbering"]![0]!["prefix"] = "村规备";
        using var numbered = await manager.SendAsync(HttpMethod.Put, $"{at}/settings", settings.DeepClone(), DraftKit.Key(), "\"1\"");
        Assert.Equal((HttpStatusCode.OK, "\"2\""), (numbered.StatusCode, numbered.Headers.ETag!.Tag));
        Assert.StartsWith("村规备341299", (string?)(await manager.GetAsync($"{at}/settings"))["nextNumbers"]![0], StringComparison.Ordinal);

        using var added = await manager.SendAsync(HttpMethod.Post, $"{at}/papers", new JsonObject { ["file"] = "receipt", ["kind"] = "document", ["nameZh"] = "备案回执", ["nameEn"] = "Receipt" }, DraftKit.Key(), numbered.Headers.ETag.Tag);
        Assert.Equal(HttpStatusCode.OK, added.StatusCode);
        var stored = await manager.GetAsync($"{at}/papers/receipt.html");
        var body = new JsonObject { ["nameZh"] = "备案回执", ["nameEn"] = "Receipt", ["optional"] = false, ["text"] = (string)stored["text"]! + "<p>{{ no.such }}</p>\n" };
        using var stale = await manager.SendAsync(HttpMethod.Put, $"{at}/papers/receipt.html", body.DeepClone(), DraftKit.Key(), numbered.Headers.ETag.Tag);
        Assert.Equal(HttpStatusCode.PreconditionFailed, stale.StatusCode);
        using var saved = await manager.SendAsync(HttpMethod.Put, $"{at}/papers/receipt.html", body.DeepClone(), DraftKit.Key(), added.Headers.ETag!.Tag);
        Assert.Equal(HttpStatusCode.OK, saved.StatusCode);

        using var faulty = await manager.SendAsync(HttpMethod.Post, $"{at}/papers/receipt.html/preview", new JsonObject());
        var fault = (await ApiCaller.JsonAsync(faulty))["fault"]!;
        Assert.Equal(((string?)"template", 14), ((string?)fault["code"], (int)fault["line"]!));
        using var good = await manager.SendAsync(HttpMethod.Post, $"{at}/papers/receipt.html/preview", new JsonObject { ["text"] = "<p>{{ number }}，{{ form.request.about }}</p>" });
        var shown = await ApiCaller.JsonAsync(good);
        Assert.Null(shown["fault"]);
        Assert.Contains("村规备341299", (string?)shown["html"], StringComparison.Ordinal);
        Assert.Contains(shown["names"]!.AsArray(), n => (string?)n!["path"] == "form.request.about");

        var list = await manager.GetListAsync($"{at}/papers");
        Assert.Equal(["granted.mail", "refused.mail", "withdrawn.mail", "receipt.html"], list.Select(p => (string?)p!["file"]));
        using var used = await manager.SendAsync(HttpMethod.Delete, $"{at}/papers/granted.mail", null, DraftKit.Key(), saved.Headers.ETag!.Tag);
        Assert.Contains("通知：已同意", (string?)(await ApiCaller.JsonAsync(used))["errors"]!["file"]![0], StringComparison.Ordinal);
        using var gone = await manager.SendAsync(HttpMethod.Delete, $"{at}/papers/receipt.html", null, DraftKit.Key(), saved.Headers.ETag.Tag);
        Assert.Equal(HttpStatusCode.OK, gone.StatusCode);
        using var missing = await manager.SendAsync(HttpMethod.Get, $"{at}/papers/receipt.html");
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
    }
}
