using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CivilAffairs.Engine.Expressions;
using CivilAffairs.Engine.Time;
using Jint;
using Jint.Native;

namespace CivilAffairs.Web.Features.Matters.Forms;

/// <summary>
/// Computes facts and holds them to their type. A code must look like one: so no name, ID number or text that somebody
/// typed can slip into the workflow's state.
/// </summary>
internal static partial class FactReader
{
    public static ComputedFacts Read(IReadOnlyList<FormFact> facts, FormScript script) =>
        StackRoom.Run(facts.Select(f => f.Expression), () => ReadHere(facts, script));

    private static ComputedFacts ReadHere(IReadOnlyList<FormFact> facts, FormScript script)
    {
        var values = new Dictionary<string, JsonNode?>();
        var faults = new List<FieldFault>();
        foreach (var fact in facts)
        {
            try
            {
                var result = script.Evaluate(fact.Expression);
                values[fact.Id] = result.IsNull() || result.IsUndefined() ? null : Convert(fact.Type, result)
                    ?? throw new FormatException($"not of type {fact.Type}");
            }
            catch (Exception e) when (e is FormScriptException or FormatException)
            {
                faults.Add(FormEvaluator.Fault(fact.Id, MatterMessages.Text("fact.wrong", new Words { Zh = fact.Zh, En = fact.En }, e.Message)));
            }
        }
        return new ComputedFacts(values, faults);
    }

    private static JsonValue? Convert(string type, JsValue result) => type switch
    {
        "integer" or "fen" when result.IsNumber() && double.IsInteger(result.AsNumber()) && Math.Abs(result.AsNumber()) <= 9_007_199_254_740_991 => JsonValue.Create((long)result.AsNumber()),
        "boolean" when result.IsBoolean() => JsonValue.Create(result.AsBoolean()),
        "code" when result.IsString() && Code().IsMatch(result.AsString()) => JsonValue.Create(result.AsString()),
        "date" when result.IsString() && IsoDay.Read(result.AsString()) is not null => JsonValue.Create(result.AsString()),
        _ => null,
    };

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9_-]{0,39}$")]
    private static partial Regex Code();
}
