using System.Text.Json.Nodes;

namespace CivilAffairs.Engine.Definitions;

/// <summary>Builds the tree of activities: a property holds a child where its value looks like an activity.</summary>
internal static class ActivityReader
{
    internal static ActivityNode? Read(JsonObject raw, ActivityNode? parent)
    {
        if (Json.Text(raw["type"]) is not { Length: > 0 } type) return null;
        var node = new ActivityNode(raw, parent, Json.Text(raw["id"]) ?? Json.Text(raw["name"]) ?? type, type);
        var children = new Dictionary<string, IReadOnlyList<ActivityNode>>(StringComparer.Ordinal);
        foreach (var (property, value) in raw)
        {
            var list = value switch
            {
                JsonObject single when IsActivity(single) => [single],
                JsonArray many when property is "activities" or "branches" => many.OfType<JsonObject>().Where(item => Json.Text(item["type"]) is not null).ToList(),
                JsonArray many => many.OfType<JsonObject>()
                    .Select(item => IsActivity(item) ? item : item["activity"] as JsonObject)
                    .OfType<JsonObject>().Where(IsActivity).ToList(),
                _ => new List<JsonObject>(),
            };
            if (list.Count > 0)
                children[property] = [.. list.Select(child => Read(child, node)).OfType<ActivityNode>()];
        }
        node.Children = children;
        if (type == "Elsa.Flowchart")
            node.Graph = FlowGraph.Build(node);
        return node;
    }

    // An input is {typeName, expression}, an expression {type, value}, a variable {id, name, typeName}: none has type and id.
    private static bool IsActivity(JsonObject candidate) =>
        Json.Text(candidate["type"]) is not null && candidate.ContainsKey("id") && !candidate.ContainsKey("expression");
}
