using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using CivilAffairs.Engine.Definitions;
using CivilAffairs.Engine.Port;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Designer.Drafts;
using CivilAffairs.Web.Features.Matters;

namespace CivilAffairs.Web.Features.Designer;

/// <summary>A JSON file of a matter as a tree. What this version does not know keeps its place, and numbers their digits.</summary>
internal static class JsonFile
{
    /// <summary>What a matter's own file is called.</summary>
    public const string Matter = "matter.json";

    // As the files of workflows/ are written, so that a change is that change and nothing else.
    private static readonly JsonSerializerOptions Written = new() { WriteIndented = true, IndentSize = 2, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = 256 };
    private static readonly JsonDocumentOptions Reading = new() { AllowDuplicateProperties = false, MaxDepth = 256 };

    /// <returns>Exactly one of the two: the tree, or why there is none.</returns>
    public static (JsonObject? Root, LocalText? Fault) Read(string? text)
    {
        if (text is null) return (null, DesignerMessages.Text("file.none"));
        // Half of a character is JSON to the reader, and breaks whoever asks for the text.
        if (text.Contains("\\ud", StringComparison.OrdinalIgnoreCase) && Why(text) is { } half) return (null, DesignerMessages.Text("file.unread", half));
        try
        {
            return JsonNode.Parse(text, documentOptions: Reading) is JsonObject root ? (root, null) : (null, DesignerMessages.Text("file.noObject"));
        }
        catch (JsonException)
        {
            return (null, DesignerMessages.Text("file.unread", Why(text) ?? MatterMessages.Text("shape.unread")));
        }
    }

    /// <summary>Why a text is no JSON, by line; null: it is.</summary>
    public static LocalText? Why(string text) => JsonPlaces.Read(text, deepest: Reading.MaxDepth).Fault;

    /// <exception cref="InvalidAnswersException">By <paramref name="path"/>: the file cannot be read, and must be put right as a whole first.</exception>
    public static JsonObject Require(string path, string? text) => Read(text).Root ?? throw Unread(path, text);

    /// <summary>The text with a change in it; the same, to the byte, where nothing is different.</summary>
    /// <exception cref="InvalidAnswersException">By <paramref name="path"/>: it cannot be read, or somewhere stands another kind of value than the schema says.</exception>
    public static string Edit(string path, string text, Action<JsonObject> change)
    {
        var root = Require(path, text);
        try
        {
            change(root);
            return Write(root, text);
        }
        catch (Exception e) when (e is InvalidOperationException or FormatException or KeyNotFoundException or JsonException or NullReferenceException)
        {
            throw Unread(path, text);
        }
    }

    /// <summary>The file as a whole, with the first place that keeps it from being read.</summary>
    private static InvalidAnswersException Unread(string path, string? text)
    {
        var faults = new List<MatterFault>();
        if (text is not null && path == Matter) MatterJson.Read<MatterFile>(path, text, faults);
        if (text is not null && path == Forms.FormFindings.File) MatterJson.Read<Matters.FormFile>(path, text, faults);
        var why = faults.Find(f => f.IsError)?.Text ?? (text is null ? null : Why(text));
        var whole = DraftFaults.Of(path, "json.unread", path);
        return new([why is null ? whole : new Matters.Forms.FieldFault(path, whole.Zh + why.Zh, $"{whole.En} {why.En}")]);
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
