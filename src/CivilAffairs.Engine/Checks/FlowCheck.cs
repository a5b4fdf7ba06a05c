using System.Text.Json.Nodes;
using CivilAffairs.Engine.CaseActivities;
using CivilAffairs.Engine.Definitions;

namespace CivilAffairs.Engine.Checks;

/// <summary>Connections: dangling, invalid backward, unreachable activities, outcomes without a way on.</summary>
internal static class FlowCheck
{
    internal static void Run(CheckContext context, ActivityNode flowchart, FlowGraph graph)
    {
        foreach (var connection in graph.Connections)
        {
            var (source, target) = (graph.Node(connection.Source), graph.Node(connection.Target));
            if (source is null || target is null)
            {
                context.Add(source ?? target ?? flowchart, $"有一条连线从“{connection.Source}”到“{connection.Target}”，但其中一端不存在。",
                    $"A connection runs from '{connection.Source}' to '{connection.Target}', but one end does not exist.");
                continue;
            }
            if (Ports(source) is { } ports && !ports.Contains(connection.Port))
                context.Add(source, $"连线从出口“{connection.Port}”出发，但“{Label(source)}”没有这个出口。", $"A connection leaves by '{connection.Port}', but '{Label(source)}' has no such outcome.");
        }
        var reached = Reached(graph);
        foreach (var activity in flowchart.All("activities"))
        {
            if (!reached.Contains(activity.Id))
                context.Add(activity, $"没有任何路径可以走到“{Label(activity)}”。", $"No way leads to '{Label(activity)}'.");
            else if (InCase(context.Definition))
                WaysOn(context, graph, activity);
        }
        foreach (var connection in graph.Connections.Distinct())
            if (reached.Contains(connection.Source) && graph.Node(connection.Target) is not null && !graph.IsForward(connection) && !graph.IsValidBackward(connection))
                context.Add(graph.Node(connection.Source), $"退回到“{Label(graph.Node(connection.Target)!)}”的连线无效：从开始到这里的每条路径都必须经过被退回的活动。",
                    $"The connection back to '{Label(graph.Node(connection.Target)!)}' is invalid: every path from the start to here must go through it.");
    }

    /// <summary>In a workflow of a case an outcome that leads nowhere leaves the case lying there.</summary>
    private static void WaysOn(CheckContext context, FlowGraph graph, ActivityNode activity)
    {
        if (Ports(activity) is not { Count: > 1 } ports && activity.Type is not "CivilAffairs.HumanTask" and not "CivilAffairs.ApplicantTask") return;
        foreach (var port in Ports(activity) ?? [])
            if (!graph.Outbound(activity.Id).Any(c => c.Port == port))
                context.Add(activity, $"“{Label(activity)}”的结果“{port}”之后没有下一步。", $"The outcome '{port}' of '{Label(activity)}' leads nowhere.");
    }

    /// <summary>All outcomes an activity can have; null where they are computed or anything goes.</summary>
    internal static IReadOnlyList<string>? Ports(ActivityNode activity)
    {
        if (CaseActivityCatalogue.Find(activity.Type) is { } declaration)
            return !declaration.HasOwnOutcomes ? declaration.Outcomes
                : CheckContext.LiteralList(activity, "outcomes") is { } own ? [.. own, .. declaration.Outcomes] : null;
        return activity.Type switch
        {
            "Elsa.FlowDecision" => ["True", "False"],
            "Elsa.FlowSwitch" => [.. (activity.Raw["cases"] as JsonArray ?? []).OfType<JsonObject>().Select(c => Json.Text(c["label"])).OfType<string>(), "Default"],
            _ => null,
        };
    }

    internal static string Label(ActivityNode activity) =>
        Json.Text((activity.Raw["metadata"] as JsonObject)?["displayText"]) ?? CheckContext.Literal(activity, "title") ?? activity.Name;

    private static bool InCase(WorkflowDefinition definition) =>
        definition.Activities.Any(a => a.Type.StartsWith("CivilAffairs.", StringComparison.Ordinal));

    private static HashSet<string> Reached(FlowGraph graph)
    {
        var reached = new HashSet<string>();
        var stack = new Stack<string>();
        if (graph.Start is not null) stack.Push(graph.Start.Id);
        while (stack.TryPop(out var at))
            if (reached.Add(at))
                foreach (var connection in graph.Outbound(at)) stack.Push(connection.Target);
        return reached;
    }
}
