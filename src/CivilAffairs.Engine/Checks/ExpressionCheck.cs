using System.Text.Json.Nodes;
using CivilAffairs.Engine.CaseActivities;
using CivilAffairs.Engine.Definitions;
using CivilAffairs.Engine.Expressions;

namespace CivilAffairs.Engine.Checks;

/// <summary>Expressions: they parse, and what they name exists.</summary>
internal static class ExpressionCheck
{
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
            ScriptCheck.Run(context, activity, "script", script, isScript: true);
        if (activity.Type == "CivilAffairs.EligibilityRule") Rules(context, activity);
    }

    /// <summary>What scripts make by <c>setVariable</c> and by assigning to <c>variables.X</c>.</summary>
    internal static MadeVariables Made(WorkflowDefinition definition)
    {
        var (names, any) = (new HashSet<string>(), false);
        foreach (var text in definition.Activities.SelectMany(Scripts))
        {
            if (ScriptNames.Of(text) is not { } read) continue;
            names.UnionWith(read.VariablesMade);
            var called = read.Calls.Where(c => c.Function == "setVariable").ToList();
            names.UnionWith(called.SelectMany(c => c.First).OfType<string>());
            any |= called.Exists(c => c.First.Count == 0 || c.First.Contains(null));
        }
        return new MadeVariables(names, any);
    }

    /// <summary>The texts of all JavaScript in an activity's own inputs.</summary>
    private static IEnumerable<string> Scripts(ActivityNode activity)
    {
        var expressions = activity.Raw.Where(p => !activity.Children.ContainsKey(p.Key)).Select(p => (p.Value as JsonObject)?["expression"])
            .Concat((activity.Raw["cases"] as JsonArray ?? []).OfType<JsonObject>().Select(c => c["condition"])).OfType<JsonObject>()
            .Where(e => Json.Text(e["type"]) == "JavaScript").Select(e => Json.Text(e["value"])).OfType<string>();
        return activity.Type == "Elsa.RunJavaScript" && CheckContext.Literal(activity, "script") is { } script ? expressions.Append(script) : expressions;
    }

    private static void One(CheckContext context, ActivityNode activity, string property, JsonObject expression)
    {
        var text = Json.Text(expression["value"]) ?? "";
        switch (Json.Text(expression["type"]))
        {
            case "JavaScript":
                ScriptCheck.Run(context, activity, property, text);
                break;
            case "Liquid":
                if (Liquid.Check(text) is { } liquid) Wrong(context, activity, property, liquid);
                else if (Liquid.Names(text) is { } names) ScriptCheck.Liquid(context, activity, property, names);
                break;
            case "Object":
                if (text.Length > 0 && Values.Parse(text) is null && text.Trim() != "null") Wrong(context, activity, property, "not JSON");
                break;
            case "Variable":
                if (Json.Text((expression["value"] as JsonObject)?["id"]) is { } id && !context.Variables.Any(v => v.Id == id))
                    Wrong(context, activity, property, $"variable '{id}' does not exist");
                break;
            case null or "Literal" or "Input":
                break;
            case var other:
                Wrong(context, activity, property, $"unknown expression type '{other}'");
                break;
        }
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
            if (Json.Text(rule["condition"]) is { Length: > 0 } condition) ScriptCheck.Run(context, activity, $"rules.{id}", condition);
            else context.Add(activity, $"资格条件“{id}”没有表达式。", $"The rule '{id}' has no condition.");
            if (Json.Text(rule["source"]) is not { Length: > 0 })
                context.Add(activity, $"资格条件“{id}”没有写明依据。", $"The rule '{id}' names no source.");
            if (Json.Text(rule["mark"]) is not ("S" or "L"))
                context.Add(activity, $"资格条件“{id}”没有写明依据的性质：S（法律、法规、国家规范性文件）或者 L（地方规定）。", $"The rule '{id}' is not marked S (statute) or L (local policy).");
        }
    }

    /// <summary>Parameters that an input reads, of the wrapped form.</summary>
    internal static IEnumerable<string> ParametersOf(ActivityNode activity, string property) =>
        (activity.Raw[property] as JsonObject)?["expression"] is not JsonObject expression || Json.Text(expression["value"]) is not { } text ? []
        : Json.Text(expression["type"]) switch
        {
            "JavaScript" => ScriptNames.Of(text) is { } names ? ScriptCheck.Texts(names, "getParameter") : [],
            "Liquid" => Liquid.Names(text)?.Parameters ?? [],
            _ => [],
        };

    private static void Wrong(CheckContext context, ActivityNode activity, string property, string fault) =>
        context.Add(activity, $"“{property}”的表达式有误：{fault}。", $"The expression of '{property}' is wrong: {fault}.");
}
