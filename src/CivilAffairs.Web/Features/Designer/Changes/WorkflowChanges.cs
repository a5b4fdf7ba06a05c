using System.Text.Json.Nodes;
using CivilAffairs.Engine.Port;
using CivilAffairs.Web.Features.Matters;

namespace CivilAffairs.Web.Features.Designer.Changes;

/// <summary>A definition: steps by their ids, what each is told, and the ways between them.</summary>
internal static class WorkflowChanges
{
    private static readonly string[] Bookkeeping = ["$schema", "id", "createdAt", "version", "toolVersion", "isLatest", "isPublished", "isReadonly", "isSystem", "options", "customProperties"];
    // What is said of a step by other means, or is of no consequence for a case.
    private static readonly string[] Apart = ["id", "nodeId", "name", "metadata", "customProperties", "activities", "connections", "type", "version"];

    public static IEnumerable<MatterChange> Of(string file, JsonObject before, JsonObject after, ChangeNames names)
    {
        var called = names.File(file);
        var (old, now) = (Steps(before), Steps(after));
        LocalText Step(string id) => DesignerMessages.Text("change.step", Name(now.GetValueOrDefault(id)) ?? Name(old.GetValueOrDefault(id)) ?? new LocalText(id, id));
        MatterChange Say(ChangeKind kind, LocalText what) => new(file, kind, DesignerMessages.Text("change.inside", called, what));
        MatterChange From(ChangeKind kind, string id, LocalText what) => Say(kind, DesignerMessages.Text("change.inside.plain", Step(id), what));

        foreach (var id in old.Keys.Where(i => !now.ContainsKey(i))) yield return Say(ChangeKind.Removed, DesignerMessages.Text("change.removed", DesignerMessages.Text("change.step", Name(old[id]) ?? new LocalText(id, id))));
        foreach (var id in now.Keys.Where(i => !old.ContainsKey(i))) yield return Say(ChangeKind.Added, DesignerMessages.Text("change.added", Step(id)));
        foreach (var (id, step) in now)
        {
            if (!old.TryGetValue(id, out var earlier)) continue;
            if (Name(earlier) != Name(step)) yield return Say(ChangeKind.Changed, DesignerMessages.Text("change.renamed", DesignerMessages.Text("change.step", Name(earlier) ?? new LocalText(id, id)), Name(step) ?? new LocalText(id, id)));
            if (ChangeNames.Plain(earlier["type"]) != ChangeNames.Plain(step["type"])) yield return From(ChangeKind.Changed, id, DesignerMessages.Text("change.fromTo", ChangeNames.Property("type"), ChangeNames.Plain(earlier["type"]), ChangeNames.Plain(step["type"])));
            foreach (var input in earlier.Select(p => p.Key).Union(step.Select(p => p.Key)).Where(p => !Apart.Contains(p) && !IsNested(earlier[p]) && !IsNested(step[p])))
                if (!JsonNode.DeepEquals(earlier[input], step[input])) yield return From(ChangeKind.Changed, id, Told(names, input, earlier[input], step[input]));
        }
        var (oldWays, nowWays) = (Ways(before), Ways(after));
        // A step that is gone takes its ways with it, and a new one brings its own; both are still said, since they say where it stands.
        foreach (var way in oldWays.ExceptBy(nowWays.Select(Between), Between)) yield return Say(ChangeKind.Removed, Way("change.way.removed", way));
        foreach (var way in nowWays.ExceptBy(oldWays.Select(Between), Between)) yield return Say(ChangeKind.Added, Way("change.way.added", way));
        foreach (var way in nowWays.Except(oldWays).IntersectBy(oldWays.Select(Between), Between)) yield return Say(ChangeKind.Changed, DesignerMessages.Text("change.changed", Way("change.way.added", way)));
        foreach (var change in Declared("variables").Concat(Declared("inputs"))) yield return change;
        foreach (var rest in before.Select(p => p.Key).Union(after.Select(p => p.Key)).Where(p => !Bookkeeping.Contains(p) && p is not ("root" or "variables" or "inputs")))
            if (!JsonNode.DeepEquals(before[rest], after[rest])) yield return Say(ChangeKind.Changed, Told(names, rest, before[rest], after[rest]));

        static (string, string, string) Between((string From, string Port, string To, string Into) way) => (way.From, way.Port, way.To);

        LocalText Way(string key, (string From, string Port, string To, string Into) way) => DesignerMessages.Text(key, Step(way.From), names.Outcome(way.Port), Step(way.To));

        IEnumerable<MatterChange> Declared(string list)
        {
            var (a, b) = (Named(before[list]), Named(after[list]));
            foreach (var name in a.Keys.Except(b.Keys)) yield return Say(ChangeKind.Removed, DesignerMessages.Text("change.removed", names.Item(list, null, name)));
            foreach (var name in b.Keys.Except(a.Keys)) yield return Say(ChangeKind.Added, DesignerMessages.Text("change.added", names.Item(list, null, name)));
            foreach (var name in a.Keys.Intersect(b.Keys).Where(n => !JsonNode.DeepEquals(a[n], b[n]))) yield return Say(ChangeKind.Changed, DesignerMessages.Text("change.changed", names.Item(list, null, name)));
        }
    }

    /// <summary>Whether nothing but positions and the editor's own records differs.</summary>
    public static bool IsLayout(JsonObject before, JsonObject after) => JsonNode.DeepEquals(Bare(before, isDefinition: true), Bare(after, isDefinition: true));

    private static JsonNode? Bare(JsonNode? node, bool isDefinition = false) => node switch
    {
        JsonObject map => new JsonObject(map.Where(p => !Unread(map, p.Key, isDefinition)).Select(p => KeyValuePair.Create(p.Key, Bare(p.Value)))),
        JsonArray list => new JsonArray([.. list.Select(i => Bare(i))]),
        _ => node?.DeepClone(),
    };

    private static bool Unread(JsonObject map, string name, bool isDefinition) => isDefinition ? Bookkeeping.Contains(name)
        : name is "designer" or "vertices" || (map.ContainsKey("type") && map.ContainsKey("id") && name is "nodeId" or "name" or "version" or "customProperties");

    private static JsonNode? Get(JsonNode? node, string name) => (node as JsonObject)?[name];

    private static LocalText Told(ChangeNames names, string input, JsonNode? before, JsonNode? after)
    {
        var (called, old, now) = (ChangeNames.Property(input), names.Input(input, before), names.Input(input, after));
        // The same to read, and yet other: another type, or another variable that takes the result.
        if (old == now) return DesignerMessages.Text("change.changed", called);
        return old is null ? DesignerMessages.Text("change.set", called, now) : now is null ? DesignerMessages.Text("change.unset", called, old) : DesignerMessages.Text("change.fromTo", called, old, now);
    }

    private static Dictionary<string, JsonObject> Steps(JsonObject definition)
    {
        var steps = new Dictionary<string, JsonObject>();
        // The root, which is the diagram itself, is one of them.
        foreach (var step in WorkflowReferences.Activities(definition["root"])) steps.TryAdd(ChangeNames.Plain(step["id"]), step);
        foreach (var variable in Named(Get(definition["root"], "variables")).Values) steps.Remove(ChangeNames.Plain(variable["id"]));
        return steps;
    }

    private static HashSet<(string From, string Port, string To, string Into)> Ways(JsonObject definition) => [.. Connections(definition["root"])
        .Select(c => (ChangeNames.Plain(Get(c["source"], "activity")), ChangeNames.Plain(Get(c["source"], "port")), ChangeNames.Plain(Get(c["target"], "activity")), ChangeNames.Plain(Get(c["target"], "port"))))];

    private static IEnumerable<JsonObject> Connections(JsonNode? node) => node switch
    {
        JsonObject map => (map["connections"] as JsonArray ?? []).OfType<JsonObject>().Where(c => c["source"] is JsonObject && c["target"] is JsonObject).Concat(map.SelectMany(p => Connections(p.Value))),
        JsonArray list => list.SelectMany(Connections),
        _ => [],
    };

    private static Dictionary<string, JsonObject> Named(JsonNode? list)
    {
        var named = new Dictionary<string, JsonObject>();
        foreach (var item in (list as JsonArray ?? []).OfType<JsonObject>()) named.TryAdd(ChangeNames.Plain(item["name"]), item);
        return named;
    }

    /// <summary>Activities inside an activity are steps of their own.</summary>
    private static bool IsNested(JsonNode? node) => node is JsonObject map && map.ContainsKey("type") && map.ContainsKey("id");

    private static LocalText? Name(JsonObject? step) => step is null ? null : ActivityNames.Own(step);
}
