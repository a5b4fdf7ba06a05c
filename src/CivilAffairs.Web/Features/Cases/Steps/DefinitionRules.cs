using System.Text.Json;
using System.Text.Json.Nodes;

namespace CivilAffairs.Web.Features.Cases.Steps;

/// <summary>The eligibility rules that a definition states: id → <c>{zh, en, source, mark}</c>.</summary>
internal static class DefinitionRules
{
    public static IReadOnlyDictionary<string, JsonObject> Of(string definition)
    {
        var rules = new Dictionary<string, JsonObject>();
        Collect(JsonNode.Parse(definition), rules);
        return rules;
    }

    private static void Collect(JsonNode? node, Dictionary<string, JsonObject> rules)
    {
        if (node is JsonArray list)
        {
            foreach (var item in list) Collect(item, rules);
            return;
        }
        if (node is not JsonObject activity) return;
        if ((string?)(activity["type"] as JsonValue) == "CivilAffairs.EligibilityRule" && activity["rules"]?["expression"]?["value"] is { } value)
            foreach (var rule in (value is JsonArray array ? array : Parse(value) ?? []).OfType<JsonObject>())
                if ((string?)rule["id"] is { } id)
                    rules[id] = new JsonObject { ["zh"] = rule["zh"]?.DeepClone(), ["en"] = rule["en"]?.DeepClone(), ["source"] = rule["source"]?.DeepClone() };
        foreach (var (_, child) in activity) Collect(child, rules);
    }

    private static JsonArray? Parse(JsonNode value)
    {
        try
        {
            return JsonNode.Parse((string?)value ?? "[]") as JsonArray;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
