using System.Text.Json.Nodes;
using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Security;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace CivilAffairs.Tests.Features.Designer.Moves;

/// <summary>Other versions of 农村低保, published beside the shipped one.</summary>
internal static class Versions
{
    /// <summary>An extra review 复审 by another officer of the township behind the clerk's opinion 审核意见, whatever it says but a return.</summary>
    public static string WithReview(string apply, string id = "secondOpinion")
    {
        var root = JsonNode.Parse(apply)!.AsObject();
        var chart = root["root"]!.AsObject();
        var opinion = chart["activities"]!.AsArray().Single(a => (string?)a!["id"] == "opinion")!.AsObject();
        var review = opinion.DeepClone().AsObject();
        foreach (var input in (string[])["form", "result", "startWithin"]) review.Remove(input);
        (review["id"], review["name"], review["nodeId"]) = (id, id, id);
        review["title"] = Literal("复审");
        review["titleEn"] = Literal("Second review");
        review["notSameAs"] = List("[\"visit\",\"opinion\"]");
        review["outcomes"] = List("[\"Done\"]");
        chart["activities"]!.AsArray().Add(review);
        foreach (var connection in chart["connections"]!.AsArray().Where(c => (string?)c!["source"]!["activity"] == "opinion" && (string?)c["source"]!["port"] is "Support" or "Oppose"))
            connection!["target"] = new JsonObject { ["activity"] = id, ["port"] = "In" };
        chart["connections"]!.AsArray().Add(new JsonObject { ["source"] = new JsonObject { ["activity"] = id, ["port"] = "Done" }, ["target"] = new JsonObject { ["activity"] = "eligibility", ["port"] = "In" } });
        return root.ToJsonString();
    }

    /// <summary>The clerk's opinion under another id, wherever it is named as a step.</summary>
    public static string WithOpinionRenamed(string apply) => apply.Replace("\"opinion\"", "\"firstOpinion\"", StringComparison.Ordinal).Replace("\\\"opinion\\\"", "\\\"firstOpinion\\\"", StringComparison.Ordinal)
        .Replace("\"value\": \"firstOpinion\"", "\"value\": \"opinion\"", StringComparison.Ordinal).Replace("\"setReviewing\"", "\"nowReviewing\"", StringComparison.Ordinal);

    /// <summary>An activity of the outermost chart with other inputs.</summary>
    public static string Change(string apply, string activity, params (string Input, string Value)[] inputs)
    {
        var root = JsonNode.Parse(apply)!.AsObject();
        var changed = root["root"]!["activities"]!.AsArray().Single(a => (string?)a!["id"] == activity)!.AsObject();
        foreach (var (input, value) in inputs) changed[input] = Literal(value);
        return root.ToJsonString();
    }

    /// <summary>A section of a form with other fields.</summary>
    public static string Field(string form, string section, Action<JsonArray> change)
    {
        var root = JsonNode.Parse(form)!.AsObject();
        change(root["sections"]!.AsArray().Single(s => (string?)s!["id"] == section)!["fields"]!.AsArray());
        return root.ToJsonString();
    }

    /// <summary>The shipped revision with another workflow or form, published: it is the current one from then on.</summary>
    public static async Task<MatterRevision> PublishAsync(TestApp app, MatterRevision of, Func<string, string> change, string file = "apply.workflow.json")
    {
        var bundle = JsonNode.Parse(of.Bundle)!.AsObject();
        bundle[file] = change((string)bundle[file]!);
        var loaded = MatterFolder.FromBundle(bundle.ToJsonString());
        Assert.Empty(loaded.Faults.Select(f => f.ToString()));
        var library = app.Services.GetRequiredService<MatterLibrary>();
        await library.PublishAsync(loaded.Revision!, default);
        await library.RefreshAsync(default);
        return loaded.Revision!;
    }

    public static JsonObject Literal(string text) => new() { ["typeName"] = "String", ["expression"] = new JsonObject { ["type"] = "Literal", ["value"] = text } };
    private static JsonObject List(string json) => new() { ["typeName"] = "List<String>", ["expression"] = new JsonObject { ["type"] = "Object", ["value"] = json } };

    public static async Task<(Account Account, Viewer Viewer)> ManagerAsync(TestApp app, string division = "341299")
    {
        var account = await TestAccounts.OfficerAsync(app, null, new HeldRole(Roles.Manager, division));
        return (account, new Viewer(account.Id, account.DisplayName, AccountKind.Officer, [new HeldRole(Roles.Manager, division)]));
    }
}
