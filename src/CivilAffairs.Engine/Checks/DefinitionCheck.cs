using CivilAffairs.Engine.Activities;
using CivilAffairs.Engine.Definitions;
using CivilAffairs.Engine.Port;

namespace CivilAffairs.Engine.Checks;

/// <summary>Finds what would strand a case. A definition with findings cannot be published.</summary>
public static class DefinitionCheck
{
    /// <returns>All findings, in file order; empty: it may be published.</returns>
    public static IReadOnlyList<Finding> Run(WorkflowDefinition definition, CheckSurroundings? surroundings = null)
    {
        ArgumentNullException.ThrowIfNull(definition);
        var context = new CheckContext(definition, surroundings ?? new CheckSurroundings());
        foreach (var repeated in definition.Activities.GroupBy(a => a.Id).Where(g => g.Count() > 1))
            context.Add(repeated.First(), $"有 {repeated.Count()} 个活动使用同一编号，请为每个活动使用不同的编号。", $"{repeated.Count()} activities share this id; every activity needs its own.");
        foreach (var activity in definition.Activities)
        {
            if (!Catalogue.Knows(activity.Type))
            {
                context.Add(activity, $"不认识活动类型“{activity.Type}”，请换成工具箱中的活动。", $"The activity type '{activity.Type}' is not known; use one from the toolbox.");
                continue;
            }
            foreach (var property in new[] { "activities", "branches" })
                foreach (var item in activity.Raw[property] as System.Text.Json.Nodes.JsonArray ?? [])
                    if (Json.Text((item as System.Text.Json.Nodes.JsonObject)?["type"]) is not { Length: > 0 })
                        context.Add(activity, $"“{FlowCheck.Label(activity)}”中有一项没有活动类型，无法执行。", $"Something in '{FlowCheck.Label(activity)}' has no activity type and can't run.");
            if (activity.Graph is { } graph) FlowCheck.Run(context, activity, graph);
            ExpressionCheck.Run(context, activity);
            InputCheck.Run(context, activity);
        }
        return context.Findings;
    }

    /// <summary>Reads and checks a text; one that is no definition gives one finding.</summary>
    public static IReadOnlyList<Finding> Run(string json, CheckSurroundings? surroundings = null)
    {
        try
        {
            return Run(WorkflowDefinition.Parse(json), surroundings);
        }
        catch (DefinitionException e)
        {
            return [new Finding("", new LocalText($"这不是流程定义。{e.Text.Zh}", $"This is no workflow definition. {e.Text.En}"))];
        }
    }
}
