using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CivilAffairs.Engine.CaseActivities;
using CivilAffairs.Engine.Definitions;
using CivilAffairs.Engine.Expressions;

namespace CivilAffairs.Engine.Checks;

/// <summary>Expressions: they parse, and the variables and parameters they name exist.</summary>
internal static partial class ExpressionCheck
{
    private static readonly HashSet<string> Functions =
    [
        "getVariable", "getInput", "getOutputFrom", "getLastResult", "getWorkflowDefinitionId", "getWorkflowDefinitionVersionId", "getWorkflowDefinitionVersion",
        "getWorkflowInstanceId", "getCorrelationId", "getWorkflowInstanceName", "getFact", "getParameter", "getGuidString", "getShortGuid", "getCurrentIndex", "getCurrentValue",
    ];

    internal static void Run(CheckContext context, ActivityNode activity)
    {
        foreach (var (property, value) in activity.Raw)
        {
            if (activity.Children.ContainsKey(property) && property != "cases") continue;
            switch (value)
            {
                case JsonObject wrapped when wrapped["expression"] is JsonObject expression:
                    One(context, activity, property, expression);
                    break;
                case JsonArray list when property == "cases":
                    foreach (var item in list.OfType<JsonObject>())
                        if (item["condition"] is JsonObject condition) One(context, activity, Json.Text(item["label"]) ?? property, condition);
                    break;
            }
        }
        if (activity.Type == "Elsa.RunJavaScript" && CheckContext.Literal(activity, "script") is { } script)
            JavaScriptText(context, activity, "script", script);
        if (activity.Type == "CivilAffairs.EligibilityRule") Rules(context, activity);
    }

    private static void One(CheckContext context, ActivityNode activity, string property, JsonObject expression)
    {
        var text = Json.Text(expression["value"]) ?? "";
        switch (Json.Text(expression["type"]))
        {
            case "JavaScript":
                JavaScriptText(context, activity, property, text);
                break;
            case "Liquid":
                if (Liquid.Check(text) is { } liquid) Wrong(context, activity, property, liquid);
                Parameters(context, activity, property, LiquidParameter().Matches(text), 1);
                break;
            case "Object":
                if (text.Length > 0 && Values.Parse(text) is null && text.Trim() != "null") Wrong(context, activity, property, "not JSON");
                break;
            case "Variable":
                if (Json.Text((expression["value"] as JsonObject)?["id"]) is { } id && !Variables(context).Any(v => v.Id == id))
                    Wrong(context, activity, property, $"variable '{id}' does not exist");
                break;
            case null or "Literal" or "Input":
                break;
            case var other:
                Wrong(context, activity, property, $"unknown expression type '{other}'");
                break;
        }
    }

    private static void JavaScriptText(CheckContext context, ActivityNode activity, string property, string text)
    {
        if (JavaScript.Check(text) is { } fault)
        {
            Wrong(context, activity, property, fault);
            return;
        }
        foreach (Match call in GetCall().Matches(text))
        {
            var name = call.Groups[1].Value;
            if (Functions.Contains(name) || name.Contains("From", StringComparison.Ordinal) || text.Contains($"function {name}", StringComparison.Ordinal)) continue;
            var wanted = name[3..];
            if (Variables(context).Any(v => v.Name.Length > 0 && char.ToUpperInvariant(v.Name[0]) + v.Name[1..] == wanted) || context.Definition.Inputs.Contains(wanted)) continue;
            context.Add(activity, $"“{property}”的表达式使用 {name}()，但没有名为“{wanted}”的变量或输入。", $"The expression of '{property}' calls {name}(), but there is no variable or input '{wanted}'.");
        }
        foreach (Match call in OutputCall().Matches(text))
            if (!context.Definition.Activities.Any(a => a.Id == call.Groups[2].Value || Json.Text(a.Raw["name"]) == call.Groups[2].Value))
                context.Add(activity, $"“{property}”的表达式读取步骤“{call.Groups[2].Value}”的结果，但没有这个步骤。", $"The expression of '{property}' reads an output of the step '{call.Groups[2].Value}', which does not exist.");
        Parameters(context, activity, property, ParameterCall().Matches(text), 2);
    }

    private static void Parameters(CheckContext context, ActivityNode activity, string property, MatchCollection read, int group)
    {
        if (context.ParameterKeys is not { } keys) return;
        foreach (var key in read.Select(m => m.Groups[group].Value).Where(k => !keys.Contains(k)).Distinct())
            context.Add(activity, $"“{property}”的表达式使用参数“{key}”，但本事项没有这个参数。", $"The expression of '{property}' reads the parameter '{key}', which the matter does not have.");
    }

    private static void Rules(CheckContext context, ActivityNode activity)
    {
        if (CheckContext.Literal(activity, "rules") is not { } text || Values.Parse(text) is not JsonArray rules || rules.Count == 0)
        {
            context.Add(activity, "没有写明资格条件。", "No rule is given.");
            return;
        }
        foreach (var rule in rules.OfType<JsonObject>())
        {
            var id = Json.Text(rule["id"]) ?? "?";
            if (Json.Text(rule["condition"]) is { Length: > 0 } condition) JavaScriptText(context, activity, $"rules.{id}", condition);
            else context.Add(activity, $"资格条件“{id}”没有表达式。", $"The rule '{id}' has no condition.");
            if (Json.Text(rule["source"]) is not { Length: > 0 })
                context.Add(activity, $"资格条件“{id}”没有写明依据。", $"The rule '{id}' names no source.");
        }
    }

    private static IEnumerable<VariableDefinition> Variables(CheckContext context) =>
        context.Definition.Variables.Concat(context.Definition.Activities.SelectMany(a => a.Variables));

    private static void Wrong(CheckContext context, ActivityNode activity, string property, string fault) =>
        context.Add(activity, $"“{property}”的表达式有误：{fault}。", $"The expression of '{property}' is wrong: {fault}.");

    [GeneratedRegex(@"(?<![.\p{L}\p{N}_$])(get\p{Lu}[\p{L}\p{N}_$]*)\s*\(")]
    private static partial Regex GetCall();

    [GeneratedRegex(@"getParameter\(\s*(['""`])([^'""`$]*)\1\s*\)")]
    private static partial Regex ParameterCall();

    [GeneratedRegex(@"getOutputFrom\(\s*(['""`])([^'""`$]*)\1")]
    private static partial Regex OutputCall();

    [GeneratedRegex(@"\bParameters\[\s*['""]([^'""]*)['""]\s*\]")]
    private static partial Regex LiquidParameter();
}
