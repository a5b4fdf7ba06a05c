using System.Text.Json;
using System.Text.Json.Nodes;
using CivilAffairs.Engine.Runtime;
using Elsa.Extensions;
using Elsa.Workflows;
using Elsa.Workflows.Activities.Flowchart.Activities;
using Elsa.Workflows.Activities.Flowchart.Models;
using Elsa.Workflows.State;

namespace CivilAffairs.ElsaRuntime.Moves;

/// <summary>What Elsa's flowchart notes of its visits, and what ours does: the same counts under other names.</summary>
internal static class FlowNotes
{
    // Elsa's own names: of the property, and of what she writes there.
    private const string Scope = "FlowScope", Activities = "ActivitiesVisitCount", Connections = "ConnectionVisitCount", Followed = "ConnectionLastVisitFollowed";

    internal static FlowCounters Read(ActivityExecutionContext context, Flowchart chart)
    {
        var notes = JsonSerializer.SerializeToNode(context.GetProperty<FlowScope>(Scope) ?? new FlowScope())!;
        var keys = chart.Connections.DistinctBy(c => c.ToString()).ToDictionary(c => c.ToString(), KeyOf);
        return new FlowCounters
        {
            Activities = Of(notes, Activities).ToDictionary(a => a.Key, a => (int)(long)a.Value!),
            Connections = Of(notes, Connections).Where(c => keys.ContainsKey(c.Key)).ToDictionary(c => keys[c.Key], c => (int)(long)c.Value!),
            Followed = [.. Of(notes, Followed).Where(c => (bool)c.Value! && keys.ContainsKey(c.Key)).Select(c => keys[c.Key])],
        };
    }

    internal static void Write(ActivityExecutionContextState context, FlowCounters counters, Flowchart chart)
    {
        var names = chart.Connections.DistinctBy(KeyOf).ToDictionary(KeyOf, c => c.ToString());
        var notes = new JsonObject
        {
            [Activities] = new JsonObject(counters.Activities.Select(a => KeyValuePair.Create(a.Key, (JsonNode?)a.Value))),
            [Connections] = new JsonObject(counters.Connections.Where(c => names.ContainsKey(c.Key)).Select(c => KeyValuePair.Create(names[c.Key], (JsonNode?)c.Value))),
            [Followed] = new JsonObject(counters.Connections.Keys.Where(names.ContainsKey).Select(k => KeyValuePair.Create(names[k], (JsonNode?)counters.Followed.Contains(k)))),
        };
        context.Properties[Scope] = notes.Deserialize<FlowScope>()!;
    }

    private static JsonObject Of(JsonNode notes, string name) => notes[name] as JsonObject ?? [];

    private static string KeyOf(Connection c) =>
        $"{c.Source.Activity.Id}|{(string.IsNullOrEmpty(c.Source.Port) ? "Done" : c.Source.Port)}|{c.Target.Activity.Id}|{(string.IsNullOrEmpty(c.Target.Port) ? "In" : c.Target.Port)}";
}
