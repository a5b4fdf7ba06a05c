using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using CivilAffairs.Engine.Port;

namespace CivilAffairs.Web.Features.CommandLine;

/// <summary>Compares what a runtime does with a definition to what Elsa did, as recorded beside it.</summary>
internal static class Conformance
{
    /// <summary>Replays the recorded answers and lists every difference; empty where there is none.</summary>
    /// <param name="engine">Null: our own.</param>
    internal static List<string> Differences(string definition, JsonObject expected, IWorkflowEngine? engine = null)
    {
        var inputs = (expected["inputs"] as JsonObject ?? []).ToDictionary(i => i.Key, i => i.Value?.DeepClone());
        var simulation = new Simulation(definition, inputs, engine: engine);
        foreach (var answer in (expected["answers"] as JsonArray ?? []).OfType<JsonObject>())
        {
            var activity = answer["activityId"]?.GetValue<string>() ?? "";
            if (simulation.Ended) return [$"ended ({simulation.Last.Status}) before the answer of {activity}"];
            if (simulation.Oldest(activity) is not { } bookmark) return [$"no pending bookmark for the answer of {activity}"];
            simulation.Answer(bookmark, answer["result"]?.DeepClone());
        }
        return Compare(RunResult.Of(simulation, inputs, []), expected);
    }

    private static List<string> Compare(JsonObject actual, JsonObject expected)
    {
        var differences = new List<string>();
        foreach (var field in new[] { "status", "lines", "pending", "variables", "outputs", "instanceName", "correlationId", "journal" })
            if (expected.ContainsKey(field) && !Same(actual[field], expected[field]))
                differences.Add($"{field}: {First(actual[field], expected[field])}");
        return differences;
    }

    private static string First(JsonNode? actual, JsonNode? expected)
    {
        if (actual is JsonArray got && expected is JsonArray wanted)
            for (var i = 0; i < Math.Max(got.Count, wanted.Count); i++)
            {
                var (a, b) = (i < got.Count ? got[i] : null, i < wanted.Count ? wanted[i] : null);
                if (i >= got.Count || i >= wanted.Count || !Same(a, b)) return $"at {i} {Text(a)} instead of {Text(b)}";
            }
        return $"{Text(actual)} instead of {Text(expected)}";
    }

    private static string Text(JsonNode? node) => node?.ToJsonString(new JsonSerializerOptions { Encoder = RunResult.Readable.Encoder }) ?? "null";

    /// <summary>Equal as JSON; numbers by value, dates by instant whatever their spelling.</summary>
    private static bool Same(JsonNode? a, JsonNode? b) => (a, b) switch
    {
        (null, null) => true,
        (JsonArray x, JsonArray y) => x.Count == y.Count && x.Zip(y).All(p => Same(p.First, p.Second)),
        (JsonObject x, JsonObject y) => x.Count == y.Count && x.All(p => y.ContainsKey(p.Key) && Same(p.Value, y[p.Key])),
        (JsonValue x, JsonValue y) => Same(x, y),
        _ => false,
    };

    private static bool Same(JsonValue a, JsonValue b)
    {
        var (kindA, kindB) = (a.GetValueKind(), b.GetValueKind());
        if (kindA != kindB) return false;
        if (kindA == JsonValueKind.Number)
            return double.Parse(a.ToJsonString(), CultureInfo.InvariantCulture).Equals(double.Parse(b.ToJsonString(), CultureInfo.InvariantCulture));
        if (kindA != JsonValueKind.String) return true;
        var (textA, textB) = (JsonSerializer.Deserialize<string>(a.ToJsonString()), JsonSerializer.Deserialize<string>(b.ToJsonString()));
        return textA == textB || (IsDate(textA) && IsDate(textB)
            && DateTimeOffset.Parse(textA!, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal) == DateTimeOffset.Parse(textB!, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal));
    }

    private static bool IsDate(string? text) =>
        text is { Length: >= 19 } && text[4] == '-' && text[10] == 'T' && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out _);
}
