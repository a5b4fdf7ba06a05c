using System.Globalization;
using System.Text.Json.Nodes;
using CivilAffairs.Engine.Definitions;

namespace CivilAffairs.Engine.Expressions;

/// <summary>Evaluates one input of an activity, whatever its expression type.</summary>
internal static class Evaluator
{
    /// <param name="input">The wrapped input as in the file, or null.</param>
    /// <param name="type">Type name to convert to; null: the one the input names, or none.</param>
    internal static object? Evaluate(JsonNode? input, string? type, IScope scope)
    {
        if (input is not JsonObject wrapped) return Convert(Values.FromJson(input), type);
        if (wrapped["expression"] is JsonObject expression)
            return Convert(Evaluate(expression, scope), type ?? Json.Text(wrapped["typeName"]));
        // An input bound to a variable by memory reference alone reads that variable.
        if ((wrapped["memoryReference"] as JsonObject)?["id"] is { } reference && Json.Text(reference) is { } id && FindById(id, scope) is { } name)
            return Convert(scope.TryGetVariable(name, out var value) ? value : null, type);
        return null;
    }

    /// <summary>An unwrapped expression <c>{type, value}</c>.</summary>
    internal static object? Evaluate(JsonObject expression, IScope scope)
    {
        var value = expression["value"];
        return Json.Text(expression["type"]) switch
        {
            null or "Literal" => Values.FromLiteral(value),
            "Object" => value is JsonValue ? Values.FromLiteral(value) is var written && written is string { Length: 0 } ? null : written : value is null ? null : Json.Write(value),
            "Variable" => Named(value, scope),
            "Input" => scope.GetInput(Json.Text((value as JsonObject)?["name"]) ?? Json.Text(value) ?? ""),
            "JavaScript" => JavaScript.Evaluate(Json.Text(value) ?? "", scope),
            "Liquid" => Liquid.Render(Json.Text(value) ?? "", scope),
            var other => throw new ExpressionException($"Unknown expression type '{other}'."),
        };
    }

    /// <summary>An input that takes one of a few words, spelled as they are, or their numbers as text.</summary>
    /// <param name="absent">What an input means that is not in the file.</param>
    /// <param name="words">In the order of their numbers; one without a value is the first.</param>
    internal static string Choice(JsonNode? input, string name, IScope scope, string absent, params string[] words)
    {
        if (input is null) return absent;
        // A number written as such is none of the words, and the first one stands in.
        if (input is JsonValue plain) input = new JsonObject { ["expression"] = new JsonObject { ["type"] = "Literal", ["value"] = plain.DeepClone() } };
        if (input["expression"]?["value"] is JsonValue literal && literal.GetValueKind() == System.Text.Json.JsonValueKind.Number) return words[0];
        switch (Evaluate(input, null, scope))
        {
            case null: return words[0];
            case IConvertible number and not string and not bool when number.ToDouble(CultureInfo.InvariantCulture) is var at && at >= 0 && at < words.Length: return words[(int)at];
            case string text when words.FirstOrDefault(w => w == text.Trim()) is { } word: return word;
            case string text when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var at) && at < words.Length: return words[at];
            default: throw new ExpressionException($"Failed to evaluate activity input '{name}'");
        }
    }

    private static object? Convert(object? value, string? type) =>
        type is null ? value : Values.Convert(value, type, false);

    private static object? Named(JsonNode? value, IScope scope)
    {
        var name = Json.Text((value as JsonObject)?["name"])
            ?? (Json.Text((value as JsonObject)?["id"]) is { } id ? FindById(id, scope) : Json.Text(value));
        return name is not null && scope.TryGetVariable(name, out var found) ? found : null;
    }

    private static string? FindById(string id, IScope scope) =>
        scope.Definition.Variables.Concat(scope.Definition.Activities.SelectMany(a => a.Variables)).FirstOrDefault(v => v.Id == id)?.Name;
}
