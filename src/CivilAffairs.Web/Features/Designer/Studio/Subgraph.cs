using System.Text.Json.Nodes;

namespace CivilAffairs.Web.Features.Designer.Studio;

/// <summary>A part of a definition, for whoever opens a container inside the diagram.</summary>
internal static class Subgraph
{
    /// <param name="nodeId">Empty: the whole.</param>
    /// <returns>Null: there is no such node.</returns>
    public static JsonObject? Of(JsonObject root, string? nodeId) =>
        string.IsNullOrEmpty(nodeId) || nodeId == "Workflow1" ? Node(root, "Root") : Path(root, nodeId) is { Count: > 0 } path ? Node(path[^1].Activity, path[^1].Port) : null;

    /// <summary>The node, what holds it, and the way there.</summary>
    public static JsonObject? Segments(JsonObject root, string? nodeId)
    {
        if (string.IsNullOrEmpty(nodeId) || Path(root, nodeId) is not { Count: > 0 } path) return null;
        var child = path[^1];
        var container = path.Count > 1 ? path[^2] : path[0];
        // One segment for each container that is entered below the root.
        var entered = path.Take(path.Count - 1).Skip(1).Where(step => step.Activity["activities"] is JsonArray || step.Activity["body"] is not null);
        return new JsonObject
        {
            ["childNode"] = Node(child.Activity, child.Port), ["container"] = Node(container.Activity, container.Port),
            ["pathSegments"] = new JsonArray([.. entered.Select(s => (JsonNode)new JsonObject
            {
                ["activityNodeId"] = s.Activity["nodeId"]?.DeepClone(), ["activityId"] = s.Activity["id"]?.DeepClone(), ["activityType"] = s.Activity["type"]?.DeepClone(), ["portName"] = s.Port, ["activityName"] = s.Activity["name"]?.DeepClone(),
            })]),
        };
    }

    private static JsonObject Node(JsonObject activity, string port) => new() { ["nodeId"] = activity["nodeId"]?.DeepClone(), ["port"] = port, ["activity"] = activity.DeepClone() };

    private static List<(JsonObject Activity, string Port)>? Path(JsonObject activity, string nodeId, string port = "Root")
    {
        if ((string?)activity["nodeId"] == nodeId) return [(activity, port)];
        foreach (var (key, value) in activity)
        {
            if (key is "metadata" or "customProperties" or "variables" or "connections") continue;
            IEnumerable<JsonObject> children = value switch { JsonObject one when one.ContainsKey("nodeId") => [one], JsonArray list => list.OfType<JsonObject>().Where(i => i.ContainsKey("nodeId")), _ => [] };
            foreach (var child in children)
                if (Path(child, nodeId, char.ToUpperInvariant(key[0]) + key[1..]) is { } found) return [(activity, port), .. found];
        }
        return null;
    }
}
