using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using CivilAffairs.Engine.Port;

namespace CivilAffairs.Web.Features.Designer.Forms;

/// <summary>A JSON file of a matter as a tree. What this version does not know keeps its place, and numbers their digits.</summary>
internal static class JsonFile
{
    // As the files of workflows/ are written, so that a change is that change and nothing else.
    private static readonly JsonSerializerOptions Written = new() { WriteIndented = true, IndentSize = 2, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = 256 };
    private static readonly JsonDocumentOptions Reading = new() { AllowDuplicateProperties = false, MaxDepth = 256 };

    /// <returns>Exactly one of the two: the tree, or why there is none.</returns>
    public static (JsonObject? Root, LocalText? Fault) Read(string? text)
    {
        if (text is null) return (null, FormTexts.Text("file.none"));
        try
        {
            return JsonNode.Parse(text, documentOptions: Reading) is JsonObject root ? (root, null) : (null, FormTexts.Text("file.noObject"));
        }
        catch (JsonException e)
        {
            return (null, FormTexts.Text("file.unread", e.Message));
        }
    }

    /// <summary>The text to store: the one that was there where nothing differs.</summary>
    public static string Write(JsonObject root, string? before) =>
        before is not null && Read(before).Root is { } same && JsonNode.DeepEquals(same, root) ? before : root.ToJsonString(Written) + "\n";

    public static string? Text(this JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    public static bool? Yes(this JsonNode? node) => node is JsonValue value && value.TryGetValue<bool>(out var yes) ? yes : null;

    /// <summary>A property of what may be no object: a draft may be anything.</summary>
    public static JsonNode? In(this JsonNode? node, string property) => (node as JsonObject)?[property];

    /// <summary>The objects of a list; a hole in it is nothing that can be edited.</summary>
    public static IReadOnlyList<JsonObject> Parts(this JsonNode? list) => [.. (list as JsonArray ?? []).OfType<JsonObject>()];

    /// <summary>Takes a property's place where it has one; null and "" take the property out.</summary>
    public static void Put(this JsonObject part, string property, JsonNode? value)
    {
        if (value is null || value.Text() is "") part.Remove(property);
        else part[property] = value;
    }
}
