using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using CivilAffairs.Engine.Port;
using CivilAffairs.Web.Features.Cases.Steps;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Pages;

namespace CivilAffairs.Web.Features.Designer;

/// <summary>What the designer calls the activities of a revision: a task by its title, another by the words under its picture.</summary>
internal static class ActivityNames
{
    private static readonly ConditionalWeakTable<MatterRevision, IReadOnlyDictionary<string, LocalText>> Known = [];

    /// <summary>In the reader's language; the id where nothing is written.</summary>
    public static string Name(MatterRevision revision, string activity)
    {
        var name = Known.GetValue(revision, Read).GetValueOrDefault(activity);
        return (Languages.IsEnglish ? name?.En : name?.Zh) ?? activity;
    }

    private static IReadOnlyDictionary<string, LocalText> Read(MatterRevision revision)
    {
        var names = new Dictionary<string, LocalText>();
        foreach (var definition in revision.Workflows.Values) Collect(JsonNode.Parse(definition), names);
        foreach (var (id, title) in DefinitionSteps.Of(revision)) names[id] = title;
        return names;
    }

    private static void Collect(JsonNode? node, Dictionary<string, LocalText> names)
    {
        if (node is JsonArray list)
            foreach (var item in list) Collect(item, names);
        if (node is not JsonObject map) return;
        // Elsa's Studio keeps one text a picture, in the language of who drew it.
        if (Text(map["type"]) is not null && Text(map["id"]) is { } id && Text(map["metadata"]?["displayText"]) is { Length: > 0 } shown) names[id] = new LocalText(shown, shown);
        foreach (var (_, child) in map) Collect(child, names);
    }

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
}
