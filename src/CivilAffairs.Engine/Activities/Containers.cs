using System.Text.Json.Nodes;
using CivilAffairs.Engine.Definitions;
using CivilAffairs.Engine.Expressions;
using CivilAffairs.Engine.Runtime;

namespace CivilAffairs.Engine.Activities;

/// <summary>The workflow itself, logged as <c>Workflow1</c>.</summary>
internal sealed class WorkflowBehaviour : Behaviour
{
    internal const string NodeKey = "Workflow1";
    internal static readonly WorkflowBehaviour Instance = new();

    internal override void Execute(Burst burst, ActivityContext context) { }

    internal override void ChildCompleted(Burst burst, ActivityContext context, ActivityContext child, IReadOnlyList<string> outcomes) =>
        burst.Complete(context);
}

/// <summary>Elsa.Sequence: in order; stops after a terminal child or a break.</summary>
internal sealed class Sequence : Behaviour
{
    internal override bool Breaks => true;

    internal override void Execute(Burst burst, ActivityContext context) => Next(burst, context, 0);

    internal override void ChildCompleted(Burst burst, ActivityContext context, ActivityContext child, IReadOnlyList<string> outcomes)
    {
        if (context.Breaking || Catalogue.Behaviour(child.Activity!.Type).IsTerminal) burst.Complete(context);
        else Next(burst, context, Memory.Int(context, "next") + 1);
    }

    private static void Next(Burst burst, ActivityContext context, int index)
    {
        var children = context.Activity!.All("activities");
        if (index >= children.Count)
        {
            burst.Complete(context);
            return;
        }
        Memory.Set(context, "next", index);
        burst.Schedule(context, children[index]);
    }
}

/// <summary>Elsa.Parallel: all children at once, done when all are.</summary>
internal sealed class Parallel : Behaviour
{
    internal override void Execute(Burst burst, ActivityContext context)
    {
        var children = context.Activity!.All("activities");
        foreach (var child in children) burst.Schedule(context, child);
        if (children.Count == 0) burst.Complete(context);
    }

    internal override void ChildCompleted(Burst burst, ActivityContext context, ActivityContext child, IReadOnlyList<string> outcomes) =>
        Memory.CompleteAfter(burst, context, context.Activity!.All("activities").Count);
}

/// <summary>Elsa.Fork: branches at once; WaitAll, or WaitAny which cancels the rest.</summary>
internal sealed class Fork : Behaviour
{
    internal override bool Breaks => true;

    internal override void Execute(Burst burst, ActivityContext context)
    {
        var branches = context.Activity!.All("branches");
        foreach (var branch in branches) burst.Schedule(context, branch);
        if (branches.Count == 0) burst.Complete(context);
    }

    internal override void ChildCompleted(Burst burst, ActivityContext context, ActivityContext child, IReadOnlyList<string> outcomes)
    {
        var mode = Evaluator.Choice(context.Activity!.Raw["joinMode"], "JoinMode", new Burst.ContextScope(burst, context), "WaitAll", "WaitAll", "WaitAny");
        if (mode == "WaitAny" || context.Breaking) burst.Complete(context);
        else Memory.CompleteAfter(burst, context, context.Activity.All("branches").Count);
    }
}

/// <summary>Elsa.If: the value in Result, then Then or Else, port Done.</summary>
internal sealed class If : Behaviour
{
    internal override IReadOnlyList<InputSpec> Inputs { get; } = [new("Condition", "Boolean")];
    internal override IReadOnlyList<string> Outputs { get; } = ["Result"];

    internal override void Execute(Burst burst, ActivityContext context)
    {
        var condition = Values.Truth(context.Inputs["Condition"]);
        burst.SetOutput(context, "Result", condition);
        if (context.Activity!.Child(condition ? "then" : "else") is { } branch) burst.Schedule(context, branch);
        else burst.Complete(context);
    }

    internal override void ChildCompleted(Burst burst, ActivityContext context, ActivityContext child, IReadOnlyList<string> outcomes) =>
        burst.Complete(context);
}

/// <summary>Elsa.Switch: the activities of the matching case or cases, Default if none.</summary>
internal sealed class Switch : Behaviour
{
    internal override IReadOnlyList<string> Outputs { get; } = ["Output"];

    internal override void Execute(Burst burst, ActivityContext context)
    {
        var scope = new Burst.ContextScope(burst, context);
        var mode = Evaluator.Choice(context.Activity!.Raw["mode"], "Mode", scope, "MatchFirst", "MatchFirst", "MatchAny");
        var withActivity = 0;
        var matches = new List<ActivityNode?>();
        foreach (var item in (context.Activity.Raw["cases"] as JsonArray ?? []).OfType<JsonObject>())
        {
            var body = item["activity"] is JsonObject ? context.Activity.All("cases").ElementAtOrDefault(withActivity++) : null;
            if (mode != "MatchAny" && matches.Count > 0) continue;
            if (item["condition"] is JsonObject condition && Values.Truth(Evaluator.Evaluate(condition, scope) is var v && v is string s ? Values.Convert(s, "Boolean", false) : v))
                matches.Add(body);
        }
        var chosen = matches.Count > 0 ? matches.OfType<ActivityNode>().ToList() : context.Activity.All("default").ToList();
        Memory.Set(context, "wanted", chosen.Count);
        foreach (var activity in chosen) burst.Schedule(context, activity);
        if (chosen.Count == 0) burst.Complete(context);
    }

    internal override void ChildCompleted(Burst burst, ActivityContext context, ActivityContext child, IReadOnlyList<string> outcomes) =>
        Memory.CompleteAfter(burst, context, Memory.Int(context, "wanted"));
}

/// <summary>Elsa.FlowNode: wraps its Body.</summary>
internal sealed class FlowNode : Behaviour
{
    internal override void Execute(Burst burst, ActivityContext context)
    {
        if (context.Activity!.Child("body") is { } body) burst.Schedule(context, body);
        else burst.Complete(context);
    }

    internal override void ChildCompleted(Burst burst, ActivityContext context, ActivityContext child, IReadOnlyList<string> outcomes) =>
        burst.Complete(context);
}

/// <summary>Small numbers that a container keeps in its context.</summary>
internal static class Memory
{
    internal static int Int(ActivityContext context, string name) =>
        context.Memory?[name] is JsonValue value && value.TryGetValue<int>(out var number) ? number : 0;

    internal static void Set(ActivityContext context, string name, JsonNode? value) => (context.Memory ??= [])[name] = value;

    internal static void CompleteAfter(Burst burst, ActivityContext context, int wanted)
    {
        var done = Int(context, "done") + 1;
        Set(context, "done", done);
        if (done >= wanted) burst.Complete(context);
    }
}
