using System.Collections;
using System.Dynamic;
using System.Text.Json;
using System.Text.Json.Nodes;
using CivilAffairs.Engine.Expressions;

namespace CivilAffairs.ElsaRuntime.Expressions;

/// <summary>Values between Elsa's variables and ours: objects are dictionaries there and JSON here.</summary>
internal static class ElsaValues
{
    internal static object? ToClr(object? value) => value switch
    {
        JsonObject members => Expando(members),
        JsonArray items => items.Select(item => ToClr(item)).ToList(),
        JsonNode single => Values.FromJson(single) switch { int whole => (long)whole, var other => other },
        _ => value,
    };

    internal static object? FromClr(object? value) => value switch
    {
        null or string or bool or int or long or decimal or DateTime or DateTimeOffset or TimeSpan or Guid or JsonObject or JsonArray => value,
        double number => double.IsFinite(number) ? JavaScriptHost.Number(number) : number,
        float number => number,
        short or byte or sbyte or ushort or uint => Convert.ToInt64(value, System.Globalization.CultureInfo.InvariantCulture),
        JsonElement element => Values.FromJson(JsonNode.Parse(element.GetRawText())),
        JsonNode node => Values.FromJson(node),
        IDictionary<string, object?> members => new JsonObject(members.Select(m => KeyValuePair.Create(m.Key, Values.ToJson(FromClr(m.Value))))),
        IDictionary members => new JsonObject(members.Keys.Cast<object>().Select(k => KeyValuePair.Create(k.ToString()!, Values.ToJson(FromClr(members[k]))))),
        IEnumerable items => new JsonArray([.. items.Cast<object?>().Select(item => Values.ToJson(FromClr(item)))]),
        _ => value.ToString(),
    };

    private static ExpandoObject Expando(JsonObject members)
    {
        var made = new ExpandoObject();
        foreach (var (name, value) in members) ((IDictionary<string, object?>)made)[name] = ToClr(value);
        return made;
    }
}
