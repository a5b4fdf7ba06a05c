using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using CivilAffairs.Engine.Port;

namespace CivilAffairs.Tests.Elsa;

/// <summary>
/// What a step did, as text that two runtimes must agree on. Ids of bookmarks are each runtime's own: they are told as their
/// place among those that waited before and those that are named since.
/// </summary>
internal static class Told
{
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="before">What waited before the step.</param>
    internal static IReadOnlyList<string> Of(StepResult step, IReadOnlyList<Bookmark> before)
    {
        var places = new Dictionary<string, string>();
        foreach (var id in before.Select(b => b.Id).Concat(step.Effects.Select(e => e.BookmarkId).OfType<string>()).Concat(step.Bookmarks.Select(b => b.Id)))
            if (id.Length > 0) places.TryAdd(id, $"#{places.Count}");
        return
        [
            $"status {step.Status}",
            .. step.Journal.Select(Of),
            .. step.Effects.Select(e => $"effect {Effect(e, places)}"),
            .. step.Bookmarks.Select(b => $"waits {places[b.Id]} {b.ActivityId} {b.Kind} {b.EventName} {b.DueAt:O}"),
            .. step.Variables.OrderBy(v => v.Key, StringComparer.Ordinal).Select(v => $"variable {v.Key} {Plain(v.Value)}"),
            .. step.Outputs.OrderBy(v => v.Key, StringComparer.Ordinal).Select(v => $"output {v.Key} {Plain(v.Value)}"),
            .. step.Lines.Select(l => $"line {l}"),
            .. step.Incidents.Select(i => $"incident {i.ActivityId}"),
            $"name {step.InstanceName} {step.CorrelationId}",
        ];
    }

    internal static string Of(JournalEvent entry) => $"journal {entry.ActivityId} {entry.Event} {string.Join(',', entry.Outcomes ?? ["-"])}";

    /// <summary>The first line in which they part, or null.</summary>
    internal static string? Difference(IReadOnlyList<string> own, IReadOnlyList<string> other)
    {
        for (var i = 0; i < Math.Max(own.Count, other.Count); i++)
        {
            var (a, b) = (i < own.Count ? own[i] : "nothing more", i < other.Count ? other[i] : "nothing more");
            if (a != b) return $"own: {a} | other: {b}";
        }
        return null;
    }

    private static string Effect(Effect effect, Dictionary<string, string> places)
    {
        var told = JsonSerializer.SerializeToNode(effect, effect.GetType(), Readable)!.AsObject();
        if (effect.BookmarkId is { Length: > 0 } id) told["BookmarkId"] = places[id];
        return $"{effect.GetType().Name} {Plain(told)}";
    }

    /// <summary>Numbers by value, members in order of their names.</summary>
    private static string Plain(JsonNode? node) => node switch
    {
        null => "null",
        JsonObject members => $"{{{string.Join(',', members.OrderBy(m => m.Key, StringComparer.Ordinal).Select(m => $"{m.Key}:{Plain(m.Value)}"))}}}",
        JsonArray items => $"[{string.Join(',', items.Select(Plain))}]",
        _ when node.GetValueKind() == JsonValueKind.Number => double.Parse(node.ToJsonString(), System.Globalization.CultureInfo.InvariantCulture).ToString("R", System.Globalization.CultureInfo.InvariantCulture),
        _ => node.ToJsonString(Readable),
    };
}
