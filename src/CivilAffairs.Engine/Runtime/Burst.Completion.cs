using CivilAffairs.Engine.Activities;
using CivilAffairs.Engine.Expressions;
using CivilAffairs.Engine.Definitions;

namespace CivilAffairs.Engine.Runtime;

/// <summary>How contexts end.</summary>
internal sealed partial class Burst
{
    private static readonly string[] Done = ["Done"];

    /// <param name="outcomes">Named in the journal only where given; without them the port is <c>Done</c>.</param>
    internal void Complete(ActivityContext context, IReadOnlyList<string>? outcomes = null)
    {
        if (context.Status != ContextStatus.Running || context.Completing) return;
        context.Completing = true; // canceling a child must not complete us a second time
        foreach (var child in ChildrenOf(context).ToList()) Cancel(child, childrenFirst: false);
        context.Status = ContextStatus.Completed;
        Log(context, "Completed", outcomes);
        // What fails here, however far up, is the fault of the activity that is being run: the innermost one.
        if (OwnerOf(context) is { Status: ContextStatus.Running, Completing: false } owner)
            Of(owner).ChildCompleted(this, owner, context, outcomes ?? Done);
        RemoveBookmarks(context);
    }

    /// <param name="childrenFirst">True when a join cancels, false when a container ends.</param>
    internal void Cancel(ActivityContext context, bool childrenFirst)
    {
        if (context.Status != ContextStatus.Running) return;
        var owner = OwnerOf(context);
        if (childrenFirst)
        {
            context.Completing = true;
            foreach (var child in ChildrenOf(context).ToList()) Cancel(child, true);
        }
        context.Status = ContextStatus.Canceled;
        RemoveBookmarks(context);
        Log(context, "Canceled");
        if (!childrenFirst)
            foreach (var child in ChildrenOf(context).ToList()) Cancel(child, false);
        if (owner is { Status: ContextStatus.Running, Completing: false })
            Of(owner).ChildCanceled(this, owner, context);
    }

    private void RemoveBookmarks(ActivityContext context)
    {
        foreach (var bookmark in state.Bookmarks.Where(b => b.Context == context.Id).ToList())
        {
            Withdraw(bookmark);
            state.Bookmarks.Remove(bookmark);
        }
    }

    /// <summary>Stores an output: for expressions of this burst, and in the variable it is bound to.</summary>
    internal void SetOutput(ActivityContext context, string output, object? value)
    {
        var node = context.Activity!;
        outputs.Add((node.Id, output, context.Owner, value));
        if (output == "Result") lastResult = value; // a loop's value is none
        var property = char.ToLowerInvariant(output[0]) + output[1..];
        var reference = (node.Raw[property] as System.Text.Json.Nodes.JsonObject)?["memoryReference"] as System.Text.Json.Nodes.JsonObject;
        if (Json.Text(reference?["id"]) is not { } id || TrySetById(context, id, value, Values.ConvertResult)) return;
        // An output of the workflow itself may be bound by its name.
        if (definition.Outputs.TryGetValue(id, out var type)) state.Outputs[id] = Values.ToJson(Values.ConvertResult(value, type, false));
    }

    /// <returns>False where no visible variable has that id.</returns>
    internal bool TrySetById(ActivityContext context, string id, object? value, Func<object?, string, bool, object?> convert)
    {
        for (var at = context; at is not null; at = OwnerOf(at))
        {
            var declared = at.Activity?.Variables ?? definition.Variables;
            if (declared.FirstOrDefault(v => v.Id == id) is not { } variable) continue;
            at.Values[variable.Name] = convert(value, variable.TypeName, variable.IsArray);
            return true;
        }
        return false;
    }

    private readonly List<(string Activity, string Output, int? Container, object? Value)> outputs = [];
    private object? lastResult;
}
