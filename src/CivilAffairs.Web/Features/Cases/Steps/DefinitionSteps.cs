using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using CivilAffairs.Engine.Port;
using CivilAffairs.Web.Features.Matters;

namespace CivilAffairs.Web.Features.Cases.Steps;

/// <summary>The steps 步骤 that a matter's definitions give to people: activity id → title in both languages.</summary>
internal static class DefinitionSteps
{
    private static readonly ConditionalWeakTable<MatterRevision, IReadOnlyDictionary<string, LocalText>> Known = [];

    public static IReadOnlyDictionary<string, LocalText> Of(MatterRevision revision) => Known.GetValue(revision, static r =>
    {
        var titles = new Dictionary<string, LocalText>();
        foreach (var definition in r.Workflows.Values) Collect(JsonNode.Parse(definition), titles);
        return titles;
    });

    /// <summary>The titles of some steps, each once; a step that no definition has is left out.</summary>
    public static IEnumerable<LocalText> Titles(MatterRevision revision, IEnumerable<string> activities) =>
        activities.Select(id => Of(revision).GetValueOrDefault(id)).OfType<LocalText>().DistinctBy(t => t.Zh);

    /// <summary>What an activity is called: a step's title, else what stands on the diagram, else its id.</summary>
    public static LocalText Name(MatterRevision revision, string activity)
    {
        if (Of(revision).TryGetValue(activity, out var title)) return title;
        var shown = revision.Workflows.Values.Select(d => Shown(JsonNode.Parse(d), activity)).FirstOrDefault(t => t is not null) ?? activity;
        return new LocalText(shown, shown);
    }

    private static string? Shown(JsonNode? node, string activity) => node switch
    {
        JsonArray list => list.Select(n => Shown(n, activity)).FirstOrDefault(t => t is not null),
        JsonObject map when Text(map["id"]) == activity && Text(map["metadata"]?["displayText"]) is { } text => text,
        JsonObject map => map.Select(p => Shown(p.Value, activity)).FirstOrDefault(t => t is not null),
        _ => null,
    };

    private static void Collect(JsonNode? node, Dictionary<string, LocalText> titles)
    {
        if (node is JsonArray list)
            foreach (var item in list) Collect(item, titles);
        if (node is not JsonObject map) return;
        if (Text(map["type"]) is "CivilAffairs.HumanTask" or "CivilAffairs.ApplicantTask" && Text(map["id"]) is { } id && Text(map["title"]?["expression"]?["value"]) is { } zh)
            titles[id] = new LocalText(zh, Text(map["titleEn"]?["expression"]?["value"]) ?? zh);
        foreach (var (_, child) in map) Collect(child, titles);
    }

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
}
