using System.Text.Json.Nodes;

namespace CivilAffairs.Engine.Definitions;

/// <summary>A variable as a workflow, flowchart or sequence declares it.</summary>
/// <param name="Default">The default as written (usually text), converted to the type at every entry of the scope; null: none.</param>
public sealed record VariableDefinition(string Id, string Name, string TypeName, bool IsArray, JsonNode? Default)
{
    internal static List<VariableDefinition> ReadAll(JsonNode? array)
    {
        var variables = new List<VariableDefinition>();
        foreach (var item in array as JsonArray ?? [])
            if (item is JsonObject variable && Json.Text(variable["name"]) is { } name)
                variables.Add(new VariableDefinition(
                    Json.Text(variable["id"]) ?? name,
                    name,
                    Json.Text(variable["typeName"]) ?? "Object",
                    variable["isArray"] is JsonValue flag && flag.TryGetValue<bool>(out var isArray) && isArray,
                    variable["value"] ?? variable["defaultValue"]));
        return variables;
    }
}
