using System.Text.Json.Nodes;
using CivilAffairs.Engine.Activities;
using CivilAffairs.Engine.Definitions;
using CivilAffairs.Engine.Expressions;
using CivilAffairs.Engine.Port;

namespace CivilAffairs.Engine.Runtime;

/// <summary>
/// One burst: from a trigger until the queue is empty. One FIFO queue, one item at a time; scheduling appends, so
/// parallel branches advance one activity each in turn.
/// </summary>
internal sealed partial class Burst(WorkflowDefinition definition, InstanceState state, StepInput input)
{
    /// <summary>More than any sane definition does between two waits; a circle without a wait ends here instead of never.</summary>
    private const int MaxItems = 20_000;

    private readonly LinkedList<WorkItem> queue = [];
    private bool finished;
    private int resumedAt;

    internal WorkflowDefinition Definition => definition;
    internal InstanceState State => state;
    internal StepInput Input => input;
    internal List<JournalEvent> Journal { get; } = [];
    internal List<string?> Lines { get; } = [];
    internal List<Effect> Effects { get; } = [];

    private sealed record WorkItem(ActivityContext? Owner, ActivityNode Node, Dictionary<string, object?>? Variables, bool Backward, bool Counted);

    internal void Start(IReadOnlyDictionary<string, JsonNode?> inputs)
    {
        foreach (var (name, value) in inputs) state.Inputs[name] = value?.DeepClone();
        var workflow = NewContext(null, WorkflowBehaviour.NodeKey, null);
        Declare(workflow, definition.Variables);
        Log(workflow, "Started");
        Schedule(workflow, definition.Root);
        Run();
    }

    internal void Resume(BookmarkState bookmark, JsonNode? payload)
    {
        var context = state.Contexts.First(c => c.Id == bookmark.Context);
        if (Of(context).Refuse(this, context, bookmark, payload) is { } refusal) throw new StepRefusedException(refusal);
        // Outputs live for one burst, also where an event starts several.
        outputs.Clear();
        lastResult = null;
        resumedAt = state.Bookmarks.IndexOf(bookmark);
        state.Bookmarks.Remove(bookmark);
        Guarded(context, () =>
        {
            Log(context, "Resumed");
            EvaluateInputs(context);
            Of(context).Resume(this, context, bookmark, payload);
            if (context.Status == ContextStatus.Running && Waits(context)) Log(context, "Suspended");
        });
        // As in Elsa, a wait counts as over when work after it went well: where the fault is the end, it is still listed.
        if (context.Status == ContextStatus.Faulted && queue.Count == 0 && !state.Bookmarks.Contains(bookmark)) Keep(bookmark);
        Run();
    }

    /// <summary>Sets status and values as they are kept until the next burst.</summary>
    internal void Close()
    {
        state.Status = finished ? InstanceStatus.Finished
            : state.Incidents.Count > 0 ? InstanceStatus.Faulted
            : state.Contexts.TrueForAll(c => c.Status is ContextStatus.Completed or ContextStatus.Canceled) ? InstanceStatus.Finished
            : InstanceStatus.Suspended;
        if (state.Status == InstanceStatus.Finished && !finished) state.Bookmarks.Clear();
        if (state.Status == InstanceStatus.Faulted)
            foreach (var bookmark in state.Bookmarks) Withdraw(bookmark);
        state.Contexts.RemoveAll(c => c.Owner is not null && c.Status is ContextStatus.Completed or ContextStatus.Canceled);
        foreach (var context in state.Contexts)
            context.Variables = context.Values.Count == 0 ? null : context.Values.ToDictionary(p => p.Key, p => Values.ToJson(p.Value));
    }

    internal void Schedule(ActivityContext owner, ActivityNode node, Dictionary<string, object?>? variables = null, bool backward = false, bool counted = false) =>
        queue.AddLast(new WorkItem(owner, node, variables, backward, counted));

    internal bool IsQueued(ActivityContext owner, ActivityNode node) =>
        queue.Any(item => item.Owner == owner && item.Node == node);

    /// <summary>Whether work of this container or anything below it is still queued.</summary>
    internal bool HasQueued(ActivityContext owner) => queue.Any(item => item.Owner is { } at && (at == owner || IsBelow(at, owner)));

    internal IEnumerable<ActivityContext> ChildrenOf(ActivityContext owner) => state.Contexts.Where(c => c.Owner == owner.Id);

    internal ActivityContext? OwnerOf(ActivityContext context) =>
        context.Owner is { } id ? state.Contexts.First(c => c.Id == id) : null;

    internal string NextId() => $"{state.NextId++}";

    internal BookmarkState Wait(ActivityContext context, string kind, string? eventName = null, DateTimeOffset? due = null, string? tag = null)
    {
        var bookmark = new BookmarkState { Id = $"b{NextId()}", Context = context.Id, Activity = context.Activity!.Id, Kind = kind, Event = eventName, Due = due, Tag = tag };
        state.Bookmarks.Add(bookmark);
        return bookmark;
    }

    /// <summary>The bookmark being resumed still waits (for the next person): same id, same place among the others.</summary>
    internal void Keep(BookmarkState bookmark) => state.Bookmarks.Insert(Math.Min(resumedAt, state.Bookmarks.Count), bookmark);

    internal bool Waits(ActivityContext context) => state.Bookmarks.Exists(b => b.Context == context.Id);

    /// <summary>Elsa's Finish: the workflow ends where it stands; nothing more is logged.</summary>
    internal void FinishWorkflow()
    {
        finished = true;
        queue.Clear();
        foreach (var bookmark in state.Bookmarks) Withdraw(bookmark);
        state.Bookmarks.Clear();
        foreach (var context in state.Contexts.Where(c => c.Owner is not null)) context.Status = ContextStatus.Completed;
    }

    internal void Log(ActivityContext context, string what, IReadOnlyList<string>? outcomes = null)
    {
        if (!finished || what == "Started") Journal.Add(new JournalEvent(context.Activity?.Id ?? WorkflowBehaviour.NodeKey, what, outcomes));
    }

    internal static Behaviour Of(ActivityContext context) =>
        context.Activity is null ? WorkflowBehaviour.Instance : Catalogue.Behaviour(context.Activity.Type);

    private void Run()
    {
        for (var items = 0; queue.First is { } first; items++)
        {
            queue.RemoveFirst();
            var item = first.Value;
            // Work whose owner has ended meanwhile is dropped (Elsa would run it).
            if (item.Owner is { Status: not ContextStatus.Running }) continue;
            var context = NewContext(item.Owner, item.Node.Key, item.Node);
            context.Backward = item.Backward;
            context.Counted = item.Counted;
            if (items >= MaxItems)
            {
                Fault(context, $"More than {MaxItems} activities ran without a wait; the definition goes round in a circle.");
                queue.Clear();
                return;
            }
            Guarded(context, () =>
            {
                Declare(context, item.Node.Variables);
                foreach (var (name, value) in item.Variables ?? []) context.Values[name] = value;
                Log(context, "Started");
                EvaluateInputs(context);
                Of(context).Execute(this, context);
                if (context.Status == ContextStatus.Running && Waits(context)) Log(context, "Suspended");
            });
        }
    }

    private void Guarded(ActivityContext context, Action work)
    {
        try
        {
            work();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            Fault(context, e.Message);
        }
    }

    internal void Fault(ActivityContext context, string message)
    {
        context.Status = ContextStatus.Faulted;
        Log(context, "Faulted");
        state.Incidents.Add(new Incident(context.Activity?.Id ?? WorkflowBehaviour.NodeKey, message));
    }

    internal void EvaluateInputs(ActivityContext context)
    {
        if (context.Activity is not { } node) return;
        var scope = new ContextScope(this, context);
        foreach (var spec in Of(context).Inputs)
        {
            try
            {
                context.Inputs[spec.Name] = Evaluator.Evaluate(node.Raw[spec.Property], spec.Type, scope);
                if (scope.TakeRead() is { Count: > 0 } read) context.Read[spec.Name] = read;
            }
            catch (ExpressionException e)
            {
                throw new ExpressionException($"Failed to evaluate activity input '{spec.Name}'", e);
            }
        }
    }

    private ActivityContext NewContext(ActivityContext? owner, string key, ActivityNode? node)
    {
        var context = new ActivityContext { Id = state.NextId++, Node = key, Owner = owner?.Id, Activity = node };
        state.Contexts.Add(context);
        return context;
    }

    private static void Declare(ActivityContext context, IReadOnlyList<VariableDefinition> variables)
    {
        foreach (var variable in variables)
            context.Values[variable.Name] = Values.FromDefault(variable);
    }

    private bool IsBelow(ActivityContext context, ActivityContext ancestor)
    {
        for (var at = OwnerOf(context); at is not null; at = OwnerOf(at))
            if (at == ancestor) return true;
        return false;
    }

    private void Withdraw(BookmarkState bookmark)
    {
        var context = state.Contexts.First(c => c.Id == bookmark.Context);
        Of(context).Withdrawn(this, context, bookmark);
    }
}
