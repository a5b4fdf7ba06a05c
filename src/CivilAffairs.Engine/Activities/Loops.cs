using System.Globalization;
using System.Text.Json.Nodes;
using CivilAffairs.Engine.Definitions;
using CivilAffairs.Engine.Expressions;
using CivilAffairs.Engine.Runtime;

namespace CivilAffairs.Engine.Activities;

/// <summary>Elsa.While: tests before each turn.</summary>
internal sealed class While : Behaviour
{
    internal override bool IsLoop => true;
    internal override void Execute(Burst burst, ActivityContext context) => Turn(burst, context);

    internal override void ChildCompleted(Burst burst, ActivityContext context, ActivityContext child, IReadOnlyList<string> outcomes)
    {
        if (context.Breaking) burst.Complete(context);
        else Turn(burst, context);
    }

    private static void Turn(Burst burst, ActivityContext context)
    {
        var again = Values.Truth(Evaluator.Evaluate(context.Activity!.Raw["condition"], "Boolean", new Burst.ContextScope(burst, context)));
        if (again && context.Activity.Child("body") is { } body) burst.Schedule(context, body);
        else burst.Complete(context);
    }
}

/// <summary>Elsa.For: start, end, step, outerBoundInclusive.</summary>
internal sealed class For : Behaviour
{
    internal override bool IsLoop => true;
    internal override IReadOnlyList<string> Outputs { get; } = ["CurrentValue"];
    internal override IReadOnlyList<InputSpec> Inputs { get; } =
        [new("Start", "Int32"), new("End", "Int32"), new("Step", "Int32"), new("OuterBoundInclusive", "Boolean")];

    internal override void Execute(Burst burst, ActivityContext context)
    {
        Memory.Set(context, "start", Number(context, "Start", 0));
        Memory.Set(context, "end", Number(context, "End", 0));
        Memory.Set(context, "step", Number(context, "Step", 1));
        Memory.Set(context, "inclusive", context.Activity!.Raw["outerBoundInclusive"] is null || Values.Truth(context.Inputs["OuterBoundInclusive"]) ? 1 : 0);
        Turn(burst, context, Memory.Int(context, "start"));
    }

    internal override void ChildCompleted(Burst burst, ActivityContext context, ActivityContext child, IReadOnlyList<string> outcomes)
    {
        if (context.Breaking) burst.Complete(context);
        else Turn(burst, context, Memory.Int(context, "value") + Memory.Int(context, "step"));
    }

    private static void Turn(Burst burst, ActivityContext context, int value)
    {
        var (end, step, inclusive) = (Memory.Int(context, "end"), Memory.Int(context, "step"), Memory.Int(context, "inclusive") == 1);
        var goes = step >= 0 ? value < end || (inclusive && value == end) : value > end || (inclusive && value == end);
        if (!goes || context.Activity!.Child("body") is not { } body)
        {
            burst.Complete(context);
            return;
        }
        Memory.Set(context, "value", value);
        burst.SetOutput(context, "CurrentValue", value);
        burst.Schedule(context, body, new Dictionary<string, object?> { ["CurrentValue"] = value });
    }

    private static int Number(ActivityContext context, string name, int fallback) =>
        context.Inputs.TryGetValue(name, out var value) && value is not null ? Convert.ToInt32(value, CultureInfo.InvariantCulture) : fallback;
}

/// <summary>Elsa.ForEach: one after the other.</summary>
internal sealed class ForEach : Behaviour
{
    internal override bool IsLoop => true;
    internal override IReadOnlyList<string> Outputs { get; } = ["CurrentValue"];
    internal override IReadOnlyList<InputSpec> Inputs { get; } = [new("Items", "Object")];

    internal override void Execute(Burst burst, ActivityContext context)
    {
        Memory.Set(context, "items", LoopItems.OneByOne(context));
        Turn(burst, context, 0);
    }

    internal override void ChildCompleted(Burst burst, ActivityContext context, ActivityContext child, IReadOnlyList<string> outcomes)
    {
        if (context.Breaking) burst.Complete(context);
        else Turn(burst, context, Memory.Int(context, "index") + 1);
    }

    private static void Turn(Burst burst, ActivityContext context, int index)
    {
        var items = (JsonArray)context.Memory!["items"]!;
        if (index >= items.Count || context.Activity!.Child("body") is not { } body)
        {
            burst.Complete(context);
            return;
        }
        Memory.Set(context, "index", index);
        var value = Values.FromJson(items[index]?.DeepClone());
        burst.SetOutput(context, "CurrentValue", value);
        burst.Schedule(context, body, new Dictionary<string, object?> { ["CurrentIndex"] = index, ["CurrentValue"] = value });
    }
}

/// <summary>Elsa.ParallelForEach: all bodies at once, each with its own index and value.</summary>
internal sealed class ParallelForEach : Behaviour
{
    internal override IReadOnlyList<InputSpec> Inputs { get; } = [new("Items", "Object")];

    internal override void Execute(Burst burst, ActivityContext context)
    {
        var items = LoopItems.Of(context);
        Memory.Set(context, "wanted", items.Count);
        if (items.Count == 0)
        {
            burst.Complete(context);
            return;
        }
        var body = context.Activity!.Child("body") ?? throw new InvalidOperationException("The loop has no body.");
        for (var i = 0; i < items.Count; i++)
            burst.Schedule(context, body, new Dictionary<string, object?> { ["CurrentIndex"] = i, ["CurrentValue"] = Values.FromJson(items[i]?.DeepClone()) });
    }

    internal override void ChildCompleted(Burst burst, ActivityContext context, ActivityContext child, IReadOnlyList<string> outcomes) =>
        Memory.CompleteAfter(burst, context, Memory.Int(context, "wanted"));
}

internal static class LoopItems
{
    /// <summary>The items of a loop side by side; what is no list has none.</summary>
    internal static JsonArray Of(ActivityContext context) => context.Inputs["Items"] switch
    {
        JsonArray list => (JsonArray)list.DeepClone(),
        string text when Json.Text(context.Activity!.Raw["items"]?["expression"]?["type"]) == "Object" => Values.Parse(text) as JsonArray ?? [],
        _ => [],
    };

    /// <summary>The items of a loop one after the other; a text is the list of its characters, unless it is written as a JSON list.</summary>
    internal static JsonArray OneByOne(ActivityContext context) => context.Inputs["Items"] switch
    {
        JsonArray list => (JsonArray)list.DeepClone(),
        string text when text.TrimStart().StartsWith('[') && Values.Parse(text) is JsonArray parsed => parsed,
        string text when text.TrimStart() is not ['{', ..] => new JsonArray([.. text.Select(c => (JsonNode)JsonValue.Create(c.ToString()))]),
        null => throw new InvalidOperationException("The loop has no list of items."),
        _ => throw new ExpressionException("Failed to evaluate activity input 'Items'"),
    };
}
