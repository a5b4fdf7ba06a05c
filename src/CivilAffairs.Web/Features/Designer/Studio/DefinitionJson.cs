using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Unicode;
using CivilAffairs.Engine.Activities;

namespace CivilAffairs.Web.Features.Designer.Studio;

/// <summary>A definition as Elsa's server would send it.</summary>
internal static class DefinitionJson
{
    /// <summary>In the definition's custom properties, which the editor sends back: which text it showed, and in which window.</summary>
    internal const string Shown = "CivilAffairs.Shown";

    private static readonly string[] Readable = ["self", "versions", "export"], Editable = ["publish", "retract", "delete", "import", "execute"];
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.Create(UnicodeRanges.All) };

    /// <summary>Whole, for the canvas.</summary>
    /// <param name="window">Of the page that shows it; null: it is only looked at.</param>
    public static JsonObject Write(StudioDefinition definition, string? window)
    {
        var written = Parse(definition.Text);
        written.Remove("$schema");
        var custom = written["customProperties"] as JsonObject ?? [];
        if (window is not null) custom[Shown] = $"{Print(definition.Text)}/{window}";
        written["customProperties"] = custom.Parent is null ? custom : custom.DeepClone();
        foreach (var (key, value) in Head(definition)) written[key] = value?.DeepClone();
        if (written["root"] is JsonObject root) Number(root, "Workflow1");
        return written;
    }

    /// <summary>For lists.</summary>
    public static JsonObject Summary(StudioDefinition definition)
    {
        var head = Head(definition);
        var parsed = Parse(definition.Text);
        head["name"] = parsed["name"]?.DeepClone();
        head["description"] = parsed["description"]?.DeepClone();
        head["toolVersion"] = parsed["toolVersion"]?.DeepClone();
        head["materializerName"] = "Json";
        return head;
    }

    /// <summary>What the file keeps is this text: indented, Chinese as Chinese, as files of <c>workflows/</c> are.</summary>
    public static string Text(JsonObject definition) => definition.ToJsonString(Indented).ReplaceLineEndings("\n") + "\n";

    /// <summary>Of a definition's text: the same for the same text.</summary>
    public static string Print(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..32];

    /// <summary>Types that the definition uses and the engine does not know.</summary>
    public static IReadOnlyList<string> StrangeTypes(JsonNode? root) => [.. Activities(root).Select(a => a["type"].Text()).OfType<string>().Where(t => !StockActivities.Knows(t)).Distinct()];

    /// <summary>Every activity below and with this one.</summary>
    public static IEnumerable<JsonObject> Activities(JsonNode? node)
    {
        if (node is JsonObject activity)
        {
            if (activity["type"].Text() is not null && activity["id"].Text() is not null && (activity.ContainsKey("version") || activity.ContainsKey("nodeId"))) yield return activity;
            foreach (var (key, child) in activity)
                if (key is not ("metadata" or "customProperties" or "variables" or "connections"))
                    foreach (var found in Activities(child)) yield return found;
        }
        else if (node is JsonArray list)
        {
            foreach (var item in list)
                foreach (var found in Activities(item)) yield return found;
        }
    }

    public static JsonObject Parse(string text) => JsonNode.Parse(text, documentOptions: new JsonDocumentOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip, MaxDepth = 256 })!.AsObject();

    private static JsonObject Head(StudioDefinition definition) => new()
    {
        ["links"] = Links(definition), ["id"] = definition.VersionId, ["definitionId"] = definition.Id, ["version"] = definition.Version, ["createdAt"] = definition.At,
        ["isLatest"] = definition.IsLatest, ["isPublished"] = definition.IsCurrent, ["isReadonly"] = false, ["isSystem"] = false,
    };

    // Whether somebody may change it stands in the links and nowhere else: the editor asks them alone.
    private static JsonArray Links(StudioDefinition definition) =>
        [.. Readable.Concat(definition.MayEdit ? Editable : []).Select(rel => new JsonObject { ["href"] = $"/workflow-definitions/{definition.Id}", ["rel"] = rel, ["method"] = rel is "delete" ? "DELETE" : rel is "self" or "versions" ? "GET" : "POST" })];

    /// <summary>Each activity's place in the tree, which the editor asks for and files may lack.</summary>
    private static void Number(JsonObject activity, string path)
    {
        if (activity["id"] is not JsonValue id) return;
        var own = $"{path}:{id}";
        if (activity["nodeId"] is null) activity["nodeId"] = own;
        foreach (var (key, child) in activity.ToList())
        {
            if (key is "metadata" or "customProperties" or "variables" or "connections") continue;
            if (child is JsonObject one && one.ContainsKey("type")) Number(one, own);
            if (child is JsonArray list)
                foreach (var item in list.OfType<JsonObject>().Where(i => i.ContainsKey("type"))) Number(item, own);
        }
    }
}
