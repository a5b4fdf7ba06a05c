using System.Text.Json.Nodes;
using CivilAffairs.Engine.Activities;
using CivilAffairs.Engine.Definitions;
using CivilAffairs.Engine.Expressions;
using CivilAffairs.Engine.Port;

namespace CivilAffairs.Engine.Runtime;

/// <summary>
/// Puts an instance at rest into another definition (docs/adr/0076): every run of an activity that is under way must have
/// the same activity there, in the same container; counters, variables and bookmarks are carried over; nothing runs.
/// </summary>
internal sealed class Placement(WorkflowDefinition from, WorkflowDefinition to, WorkflowState stored, StepInput input,
    IReadOnlyDictionary<string, string> renamed, IReadOnlyDictionary<string, DateOnly>? since)
{
    private readonly InstanceState was = WorkflowEngine.Restore(from, stored);
    private readonly InstanceState state = InstanceState.Read(stored.Json);
    private readonly Dictionary<int, ActivityNode> placed = [];
    private readonly List<PlacementNote> faults = [];
    private readonly List<PlacementNote> remarks = [];
    private readonly List<Effect> asks = [];

    internal PlacementResult Run()
    {
        if (was.Status != InstanceStatus.Suspended) throw new StepRefusedException($"The instance has ended ({was.Status}).");
        // Owners come before what they own.
        foreach (var (old, context) in was.Contexts.Zip(state.Contexts)) Place(old, context);
        foreach (var (old, context) in was.Contexts.Zip(state.Contexts))
            if (old.Activity is { } node && placed.TryGetValue(old.Id, out var target)) Inside(old, context, node, target);
        KeepPerformers();
        foreach (var bookmark in state.Bookmarks)
            if (placed.TryGetValue(bookmark.Context, out var node)) bookmark.Activity = node.Id;
        if (faults.Count == 0) Wait();
        return new PlacementResult(faults.Count == 0 ? new WorkflowState(state.Write()) : null, [.. was.Bookmarks.Select(Waits)], faults, remarks, asks);
    }

    private PlacedWait Waits(BookmarkState bookmark)
    {
        var node = was.Contexts.First(c => c.Id == bookmark.Context).Activity!;
        return new PlacedWait(bookmark.Id, bookmark.Kind, Naming.Of(node), placed.TryGetValue(bookmark.Context, out var next) ? Naming.Of(next) : null);
    }

    private void Place(ActivityContext old, ActivityContext context)
    {
        if (old.Activity is not { } node)
        {
            Carry(context, from.Variables, to.Variables, Naming.OfWorkflow(from));
            return;
        }
        // What lies in a container that has no place is not named beside it.
        if (old.Owner is { } owner && was.Contexts.First(c => c.Id == owner).Activity is not null && !placed.ContainsKey(owner)) return;
        var target = Target(node);
        if (target is null) Refuse(PlacementCode.Gone, node);
        else if (target.Type != node.Type) Refuse(PlacementCode.OtherType, node);
        else if (!SameScope(node, target)) Refuse(PlacementCode.OtherScope, node);
        else
        {
            placed[old.Id] = target;
            context.Node = target.Key;
            Carry(context, node.Variables, target.Variables, Naming.Of(node));
        }
    }

    /// <summary>The root is the root, whatever a designer calls it.</summary>
    private ActivityNode? Target(ActivityNode node) =>
        renamed.TryGetValue(node.Id, out var name) ? to.Find(name) : node.Parent is null ? to.Root : to.Find(node.Key);

    private bool SameScope(ActivityNode node, ActivityNode target)
    {
        if (node.Parent is not { } parent || target.Parent is not { } there) return node.Parent is null && target.Parent is null;
        return Target(parent) == there && Property(parent, node) == Property(there, target);
    }

    private static string Property(ActivityNode parent, ActivityNode child) => parent.Children.First(p => p.Value.Contains(child)).Key;

    /// <summary>Variables by their ids, else by their names; new ones begin with their defaults.</summary>
    private void Carry(ActivityContext context, IReadOnlyList<VariableDefinition> before, IReadOnlyList<VariableDefinition> after, NamedActivity scope)
    {
        var carried = new Dictionary<string, JsonNode?>();
        foreach (var (name, value) in context.Variables ?? [])
        {
            if (before.FirstOrDefault(v => v.Name == name) is not { } old)
            {
                carried[name] = value; // a loop's value, or one that a script made
                continue;
            }
            if ((after.FirstOrDefault(v => v.Id == old.Id) ?? after.FirstOrDefault(v => v.Name == name)) is not { } next) remarks.Add(new PlacementNote(PlacementCode.VariableDropped, scope, name));
            else if (Fits(value, old, next, out var converted)) carried[next.Name] = converted;
            else faults.Add(new PlacementNote(PlacementCode.VariableType, scope, name));
        }
        foreach (var variable in after)
            if (!carried.ContainsKey(variable.Name)) carried[variable.Name] = Values.ToJson(Values.FromDefault(variable));
        context.Variables = carried.Count == 0 ? null : carried;
    }

    /// <summary>A value of another type fits where it comes back from there as it was.</summary>
    private static bool Fits(JsonNode? value, VariableDefinition old, VariableDefinition next, out JsonNode? converted)
    {
        converted = value;
        if (value is null || (Values.Simple(old.TypeName) == Values.Simple(next.TypeName) && old.IsArray == next.IsArray)) return true;
        try
        {
            var there = Values.Convert(Values.FromStore(value, old), next.TypeName, next.IsArray);
            converted = Values.ToJson(there);
            return JsonNode.DeepEquals(Values.ToJson(Values.Convert(there, old.TypeName, old.IsArray)), value);
        }
        catch (ExpressionException)
        {
            return false;
        }
    }

    /// <summary>What a container remembers of its children.</summary>
    private void Inside(ActivityContext old, ActivityContext context, ActivityNode node, ActivityNode target)
    {
        var children = was.ChildrenOf(old).Where(c => placed.ContainsKey(c.Id)).Select(c => (Context: c, Target: placed[c.Id])).ToList();
        switch (node.Type)
        {
            case "Elsa.Flowchart":
                if (context.Counters is not null) faults.AddRange(new FlowPlacement(node, target, Target, context.Counters, children, remarks).Run());
                break;
            case "Elsa.Sequence":
                if (children is [var (_, child), ..] && Memory.Int(context, "next") is var at && target.All("activities").ToList().IndexOf(child) is var next && next != at) Memory.Set(context, "next", next);
                break;
            // Only how many are done is known, not which.
            case "Elsa.Parallel" when !SameChildren(node, target, "activities"):
            case "Elsa.Fork" when !SameChildren(node, target, "branches") || !Same(node.Raw["joinMode"], target.Raw["joinMode"]):
                Refuse(PlacementCode.JoinChanged, node);
                break;
            case "Elsa.While" or "Elsa.For" or "Elsa.ForEach" or "Elsa.ParallelForEach" when !JsonNode.DeepEquals(LoopBody.Of(node), LoopBody.Of(target)):
                Refuse(PlacementCode.LoopChanged, node);
                break;
        }
    }

    private bool SameChildren(ActivityNode node, ActivityNode target, string property) =>
        node.All(property).Select(Target).ToHashSet().SetEquals(target.All(property));

    /// <summary>
    /// Who did what decides who may do the next step. Where a step that somebody did has no counterpart, and the new
    /// definition bars the performers of steps that the old one did not have, nobody can tell whether that one is meant.
    /// </summary>
    private void KeepPerformers()
    {
        var before = from.Activities.Select(a => a.Id).ToHashSet();
        var barred = to.Activities.SelectMany(a => Strings(a.Raw["notSameAs"])).Where(id => !before.Contains(id) && !renamed.Values.Contains(id)).ToHashSet();
        foreach (var (id, people) in state.Performers.ToList())
        {
            var name = renamed.GetValueOrDefault(id, id);
            if (name != id)
            {
                state.Performers.Remove(id);
                state.Performers[name] = people;
            }
            else if (to.Find(id) is null && barred.Count > 0 && from.Find(id) is { } node) Refuse(PlacementCode.PerformerLost, node);
        }
    }

    private static IEnumerable<string> Strings(JsonNode? input) =>
        Json.Text(((input as JsonObject)?["expression"] as JsonObject)?["value"]) is { Length: > 0 } text && Values.Parse(text) is JsonArray list ? list.Select(Json.Text).OfType<string>() : [];

    /// <summary>Whether each wait can go on as it is, and what it asks there: computed on copies, which are thrown away.</summary>
    private void Wait()
    {
        var before = new Burst(from, was, input);
        var after = new Burst(to, WorkflowEngine.Restore(to, new WorkflowState(state.Write())), input);
        foreach (var bookmark in was.Bookmarks)
        {
            var (old, context) = (was.Contexts.First(c => c.Id == bookmark.Context), after.State.Contexts.First(c => c.Id == bookmark.Context));
            var (node, target) = (old.Activity!, context.Activity!);
            if (bookmark.Kind == "effect")
            {
                Refuse(PlacementCode.Unfinished, node);
                continue;
            }
            try
            {
                var kept = bookmark.Kind == "timer" && Burst.Of(context).Asks(after, context, bookmark, input.Day) is null;
                // A wait that goes on as it is asks nothing anew: what its old inputs say today may be nonsense by now.
                if (kept)
                {
                    if (node.Type is not "CivilAffairs.ApplicantTask" && !Same(Waiting(node), Waiting(target))) remarks.Add(new PlacementNote(PlacementCode.WaitKept, Naming.Of(target)));
                    continue;
                }
                before.EvaluateInputs(old);
                after.EvaluateInputs(context);
                if (Burst.Of(context).Unplaceable(old, context) is { } no) faults.Add(new PlacementNote(no.Code, Naming.Of(node), no.Detail));
                else if (Burst.Of(context).Asks(after, context, bookmark, since?.GetValueOrDefault(bookmark.Id) is { } day && day != default ? day : input.Day) is { } ask) asks.Add(ask);
            }
            catch (Exception e) when (e is ExpressionException or InvalidOperationException or FormatException or OverflowException)
            {
                faults.Add(new PlacementNote(PlacementCode.CannotEvaluate, Naming.Of(target), e.Message));
            }
        }
    }

    private static readonly string[] Times = ["timeSpan", "interval", "dateTime", "cronExpression", "date", "limit", "countFrom", "offset", "days"];

    /// <summary>What decides how long it waits.</summary>
    private static JsonObject Waiting(ActivityNode node) =>
        new(Times.Where(p => node.Raw[p] is not null).Select(p => KeyValuePair.Create(p, node.Raw[p]!["expression"]?.DeepClone() ?? node.Raw[p]!.DeepClone()))!);

    private static bool Same(JsonNode? a, JsonNode? b) => JsonNode.DeepEquals(a, b);

    private void Refuse(PlacementCode code, ActivityNode node) => faults.Add(new PlacementNote(code, Naming.Of(node)));
}
