using System.Text.Json.Nodes;

namespace CivilAffairs.Engine.Definitions;

/// <summary>
/// One activity of a definition: its identity, its place in the tree and its untouched JSON. Nothing the editor wrote
/// is dropped, also where the type is unknown.
/// </summary>
public sealed class ActivityNode
{
    internal ActivityNode(JsonObject raw, ActivityNode? parent, string id, string type)
    {
        Raw = raw;
        Parent = parent;
        Id = id;
        Type = type;
        Name = Json.Text(raw["name"]) ?? id;
        Variables = VariableDefinition.ReadAll(raw["variables"]);
    }

    public string Id { get; }
    public string Type { get; }
    public string Name { get; }
    public JsonObject Raw { get; }
    public ActivityNode? Parent { get; }
    public IReadOnlyList<VariableDefinition> Variables { get; }

    /// <summary>Unique within the definition: the id, or its path where ids repeat.</summary>
    public string Key { get; internal set; } = "";

    /// <summary>Activities held by a property: <c>activities</c>, <c>branches</c>, <c>body</c>, <c>then</c>, <c>cases</c>…, in file order.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<ActivityNode>> Children { get; internal set; } =
        new Dictionary<string, IReadOnlyList<ActivityNode>>();

    /// <summary>For flowcharts only.</summary>
    public FlowGraph? Graph { get; internal set; }

    public bool CanStartWorkflow =>
        (Raw["canStartWorkflow"] ?? (Raw["customProperties"] as JsonObject)?["canStartWorkflow"]) is JsonValue flag
        && flag.TryGetValue<bool>(out var can) && can;

    public ActivityNode? Child(string property) =>
        Children.TryGetValue(property, out var list) && list.Count > 0 ? list[0] : null;

    public IReadOnlyList<ActivityNode> All(string property) =>
        Children.TryGetValue(property, out var list) ? list : [];
}
