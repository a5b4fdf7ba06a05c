using System.Text.Json;
using System.Text.Json.Nodes;
using CivilAffairs.Engine.Port;

namespace CivilAffairs.Engine.Definitions;

/// <summary>A genuine Elsa 3 definition, read once and shared.</summary>
public sealed class WorkflowDefinition : IWorkflowDefinition
{
    private const int Deepest = 256;
    private static readonly LocalText Unread = new("里面有读不出来的文字（只有半个字符）。", "It holds text that can't be read (half of a character).");
    private readonly Dictionary<string, ActivityNode> byKey = [];

    private WorkflowDefinition(JsonObject raw, ActivityNode root)
    {
        Raw = raw;
        Root = root;
        DefinitionId = Json.Text(raw["definitionId"]) ?? Json.Text(raw["id"]) ?? "";
        VersionId = Json.Text(raw["id"]) ?? "";
        Name = Json.Text(raw["name"]) ?? DefinitionId;
        Version = raw["version"] is JsonValue v && v.TryGetValue<int>(out var version) ? version : 1;
        Variables = VariableDefinition.ReadAll(raw["variables"]);
        Outputs = (raw["outputs"] as JsonArray ?? []).OfType<JsonObject>()
            .Where(o => Json.Text(o["name"]) is not null).DistinctBy(o => Json.Text(o["name"]))
            .ToDictionary(o => Json.Text(o["name"])!, o => Json.Text(o["type"]) ?? "Object");
        Inputs = [.. (raw["inputs"] as JsonArray ?? []).Select(i => Json.Text((i as JsonObject)?["name"])).OfType<string>()];
    }

    public JsonObject Raw { get; }
    public ActivityNode Root { get; }
    public string DefinitionId { get; }
    public string VersionId { get; }
    public string Name { get; }
    public int Version { get; }
    public IReadOnlyList<VariableDefinition> Variables { get; }

    /// <summary>Names of the declared inputs.</summary>
    public IReadOnlyList<string> Inputs { get; }

    /// <summary>Type names of the declared outputs, by name.</summary>
    public IReadOnlyDictionary<string, string> Outputs { get; }

    /// <summary>Every activity, parents before children, in file order.</summary>
    public IEnumerable<ActivityNode> Activities => byKey.Values;

    /// <exception cref="DefinitionException">Not JSON, or no root activity.</exception>
    public static WorkflowDefinition Parse(string json)
    {
        JsonNode? node;
        try
        {
            // A member written twice would make two readers see two definitions.
            node = JsonNode.Parse(json, documentOptions: new JsonDocumentOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip, MaxDepth = Deepest, AllowDuplicateProperties = false });
        }
        catch (JsonException e)
        {
            throw new DefinitionException(JsonPlaces.Read(json, lenient: true, Deepest).Fault ?? Unread, e);
        }
        if (node is not JsonObject raw || raw["root"] is not JsonObject root)
            throw new DefinitionException(new LocalText("缺少“root”这一项，或者它不是对象；流程图要写在里面。", "The object “root”, which holds the flowchart, is missing."));
        try
        {
            var definition = new WorkflowDefinition(raw, ActivityReader.Read(root, null)
                ?? throw new DefinitionException(new LocalText("“root”没有写活动类型（“type”）。", "“root” names no activity type (“type”).")));
            definition.Index(definition.Root, "");
            return definition;
        }
        catch (InvalidOperationException e)
        {
            // Half of a character pair is JSON and no text.
            throw new DefinitionException(Unread, e);
        }
    }

    public ActivityNode? Find(string key) => byKey.GetValueOrDefault(key);

    private void Index(ActivityNode node, string path)
    {
        path = path.Length == 0 ? node.Id : $"{path}:{node.Id}";
        node.Key = byKey.ContainsKey(node.Id) ? path : node.Id;
        for (var n = 2; !byKey.TryAdd(node.Key, node); n++)
            node.Key = $"{path}#{n}";
        foreach (var child in node.Children.Values.SelectMany(list => list))
            Index(child, path);
    }
}
