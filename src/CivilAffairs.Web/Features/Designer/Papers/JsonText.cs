using System.Text.Json;
using System.Text.Json.Nodes;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Designer.Drafts;

namespace CivilAffairs.Web.Features.Designer.Papers;

/// <summary>Changes a JSON file of a matter in its places, and keeps everything else: properties that nobody here knows, their order, figures as they were written.</summary>
internal static class JsonText
{
    private static readonly JsonSerializerOptions Written = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping, NewLine = "\n" };

    /// <returns>The same text, to the byte, where nothing is different.</returns>
    /// <exception cref="InvalidAnswersException">By <paramref name="path"/>: the file cannot be read, and must be put right as a whole first.</exception>
    public static string Edit(string path, string text, Action<JsonObject> change)
    {
        var (before, after) = (Read(path, text), Read(path, text));
        try
        {
            change(after);
            return JsonNode.DeepEquals(before, after) ? text : after.ToJsonString(Written) + "\n";
        }
        catch (Exception e) when (e is InvalidOperationException or FormatException or KeyNotFoundException or JsonException or NullReferenceException)
        {
            // Somewhere stands another kind of value than the schema says.
            throw new InvalidAnswersException([DraftFaults.Of(path, "json.unread", path)]);
        }
    }

    /// <exception cref="InvalidAnswersException">By <paramref name="path"/>.</exception>
    public static JsonObject Read(string path, string text)
    {
        try
        {
            if (JsonNode.Parse(text, documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false }) is JsonObject map) return map;
        }
        catch (JsonException)
        {
            // Said below.
        }
        throw new InvalidAnswersException([DraftFaults.Of(path, "json.unread", path)]);
    }

    /// <summary>A text; null where there is none, or something else.</summary>
    public static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
}
