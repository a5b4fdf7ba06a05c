using System.Text.Json.Nodes;
using CivilAffairs.Engine.Definitions;
using CivilAffairs.Engine.Expressions;
using CivilAffairs.Engine.Runtime;

namespace CivilAffairs.Engine.Activities;

/// <summary>Elsa.Start.</summary>
internal sealed class Start : Behaviour
{
    internal override void Execute(Burst burst, ActivityContext context) => burst.Complete(context);
}

/// <summary>Elsa.End: ends its flowchart, canceling what waits there.</summary>
internal sealed class End : Behaviour
{
    internal override bool IsTerminal => true;
    internal override void Execute(Burst burst, ActivityContext context) => burst.Complete(context);
}

/// <summary>Elsa.Finish: ends the workflow at any depth.</summary>
internal sealed class Finish : Behaviour
{
    internal override bool IsTerminal => true;

    internal override void Execute(Burst burst, ActivityContext context)
    {
        burst.Log(context, "Completed");
        burst.FinishWorkflow();
    }
}

/// <summary>Elsa.Complete: completes the nearest composite, which in a definition is the workflow.</summary>
internal sealed class Complete : Behaviour
{
    internal override bool IsTerminal => true;
    internal override IReadOnlyList<InputSpec> Inputs { get; } = [new("Outcomes", "Object")];

    internal override void Execute(Burst burst, ActivityContext context)
    {
        List<string> outcomes = context.Inputs["Outcomes"] switch
        {
            JsonArray list => [.. list.Select(item => Values.Text(Values.FromJson(item)) ?? "")],
            null => ["Done"],
            var one => [Values.Text(one) ?? ""],
        };
        var workflow = context;
        while (burst.OwnerOf(workflow) is { } owner)
        {
            workflow = owner;
            // A loop around it is given up, and the sender with it.
            if (Burst.Of(owner).IsLoop) burst.Cancel(owner, childrenFirst: true);
        }
        // Else the sender first, so that its containers end before the composite does.
        burst.Complete(context);
        burst.Complete(workflow, outcomes);
    }
}

/// <summary>Elsa.Break: stops the sequences and forks around it, up to the nearest loop, which it ends; loops side by side go on.</summary>
internal sealed class Break : Behaviour
{
    internal override bool IsTerminal => true;

    internal override void Execute(Burst burst, ActivityContext context)
    {
        for (var at = burst.OwnerOf(context); at is not null; at = burst.OwnerOf(at))
        {
            at.Breaking |= Burst.Of(at).Breaks;
            if (Burst.Of(at).IsLoop) break;
        }
        burst.Complete(context);
    }
}

/// <summary>Elsa.Fault.</summary>
internal sealed class Fault : Behaviour
{
    internal override IReadOnlyList<InputSpec> Inputs { get; } =
        [new("Code", "String"), new("Category", "String"), new("FaultType", "String"), new("Message", "String")];

    internal override void Execute(Burst burst, ActivityContext context) =>
        burst.Fault(context, Values.Text(context.Inputs["Message"]) ?? "Exception of type 'Elsa.Workflows.Exceptions.FaultException' was thrown.");
}

/// <summary>Elsa.FlowDecision.</summary>
internal sealed class FlowDecision : Behaviour
{
    internal override IReadOnlyList<InputSpec> Inputs { get; } = [new("Condition", "Boolean")];

    internal override void Execute(Burst burst, ActivityContext context) =>
        burst.Complete(context, [Values.Truth(context.Inputs["Condition"]) ? "True" : "False"]);
}

/// <summary>Elsa.FlowSwitch: the labels of the matching cases, else Default.</summary>
internal sealed class FlowSwitch : Behaviour
{
    internal override void Execute(Burst burst, ActivityContext context)
    {
        var scope = new Burst.ContextScope(burst, context);
        var any = Evaluator.Choice(context.Activity!.Raw["mode"], "Mode", scope, "MatchFirst", "MatchFirst", "MatchAny") == "MatchAny";
        var labels = new List<string>();
        foreach (var item in (context.Activity.Raw["cases"] as JsonArray ?? []).OfType<JsonObject>())
        {
            if (labels.Count > 0 && !any) break;
            if (item["condition"] is JsonObject condition && Values.Convert(Evaluator.Evaluate(condition, scope), "Boolean", false) is true)
                labels.Add(Json.Text(item["label"]) ?? "");
        }
        burst.Complete(context, labels.Count > 0 ? labels : ["Default"]);
    }
}

/// <summary>Elsa.FlowFork: its branches are its outcomes.</summary>
internal sealed class FlowFork : Behaviour
{
    internal override IReadOnlyList<InputSpec> Inputs { get; } = [new("Branches", "List<String>")];

    internal override void Execute(Burst burst, ActivityContext context)
    {
        // None at all is Done; an empty list is no way on.
        burst.Complete(context, context.Inputs["Branches"] is JsonArray list ? [.. list.Select(item => Values.Text(Values.FromJson(item)) ?? "")] : ["Done"]);
    }
}

/// <summary>Elsa.FlowJoin: the flowchart has decided that it runs; it ends what still runs before it.</summary>
internal sealed class FlowJoin : Behaviour
{
    /// <exception cref="ExpressionException">The mode is none, a blank one included.</exception>
    internal static string Mode(ActivityNode join, IScope scope) => Evaluator.Choice(join.Raw["mode"], "Mode", scope, "WaitAny", "WaitAll", "WaitAllActive", "WaitAny");

    internal override void Execute(Burst burst, ActivityContext context)
    {
        // Read also where no connection has asked for it: at the start of a chart.
        Mode(context.Activity!, new Burst.ContextScope(burst, context));
        if (burst.OwnerOf(context) is { Counters: not null } flowchart)
            Flowchart.CancelAncestors(burst, flowchart, context.Activity!.Id);
        burst.Complete(context);
    }
}
