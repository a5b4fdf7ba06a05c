using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using CivilAffairs.Engine.Port;

namespace CivilAffairs.Web.Features.CommandLine;

/// <summary>A simulation's result as JSON, in the form of the conformance corpus plus the effects.</summary>
internal static class RunResult
{
    internal static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, WriteIndented = true };

    private static readonly JsonSerializerOptions EffectJson = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new System.Text.Json.Serialization.JsonStringEnumConverter() },
    };

    internal static JsonObject Of(Simulation simulation, IReadOnlyDictionary<string, JsonNode?> inputs, JsonArray answers) => new()
    {
        ["inputs"] = Map(inputs),
        ["answers"] = answers,
        ["status"] = simulation.Last.Status.ToString(),
        ["lines"] = Texts(simulation.Lines),
        ["pending"] = Texts(simulation.Last.Bookmarks.Select(b => b.ActivityId)),
        ["variables"] = Map(simulation.Last.Variables),
        ["outputs"] = Map(simulation.Last.Outputs),
        ["instanceName"] = simulation.Last.InstanceName,
        ["correlationId"] = simulation.Last.CorrelationId,
        ["incidents"] = Texts(simulation.Last.Incidents.Select(i => i.Message)),
        ["incidentActivityIds"] = Texts(simulation.Last.Incidents.Select(i => i.ActivityId)),
        ["journal"] = new JsonArray([.. simulation.Journal.Select(Event)]),
        ["effects"] = new JsonArray([.. simulation.Effects.Select(EffectNode)]),
    };

    private static JsonObject Event(JournalEvent entry)
    {
        var json = new JsonObject { ["activityId"] = entry.ActivityId, ["event"] = entry.Event };
        if (entry.Outcomes is not null) json["outcomes"] = Texts(entry.Outcomes);
        return json;
    }

    private static JsonObject EffectNode(Effect effect)
    {
        var json = new JsonObject { ["effect"] = effect.GetType().Name };
        foreach (var (name, value) in JsonSerializer.SerializeToNode(effect, effect.GetType(), EffectJson)!.AsObject())
            json[name] = value?.DeepClone();
        return json;
    }

    private static JsonObject Map(IReadOnlyDictionary<string, JsonNode?> values) =>
        new(values.Select(v => KeyValuePair.Create(v.Key, v.Value?.DeepClone())));

    private static JsonArray Texts(IEnumerable<string?> texts) => new([.. texts.Select(text => (JsonNode?)text)]);
}
