using System.Globalization;
using System.Text.Json.Nodes;
using CivilAffairs.Engine.Expressions;
using CivilAffairs.Engine.Port;
using CivilAffairs.Engine.Runtime;
using CivilAffairs.ElsaRuntime.Activities;
using CivilAffairs.ElsaRuntime.Bursts;
using CivilAffairs.ElsaRuntime.Expressions;
using Elsa.Workflows;
using Elsa.Workflows.Activities;
using Elsa.Workflows.Activities.Flowchart.Activities;
using Elsa.Workflows.Memory;
using Microsoft.Extensions.DependencyInjection;
using Bookmark = Elsa.Workflows.Models.Bookmark;
using WorkflowBehaviour = CivilAffairs.Engine.Activities.WorkflowBehaviour;
using WorkflowState = CivilAffairs.Engine.Port.WorkflowState;

namespace CivilAffairs.ElsaRuntime.Moves;

/// <summary>
/// Puts an instance that Elsa runs into another definition (docs/adr/0076, 0080). Where it would stand is decided by our own
/// rules, on its state told as ours; what they say is then written into Elsa's. Flowcharts and what waits in them can be told
/// so. What Elsa notes of other containers cannot: an instance that stands inside of one is not moved.
/// </summary>
internal sealed class ElsaPlacement(ElsaDefinition from, ElsaDefinition to, StepInput input)
{
    private readonly MoveTrigger move = input.Trigger as MoveTrigger ?? throw new StepRefusedException("An instance is placed with MoveTrigger.");

    internal async Task<PlacementResult> RunAsync(IServiceProvider services, CaseState state, IReadOnlyDictionary<string, DateOnly>? since)
    {
        BurstRun.Enter(new BurstRun(from, input, state));
        var was = await ElsaStep.ContextAsync(services, from, state).ConfigureAwait(false);
        await services.GetRequiredService<IVariablePersistenceManager>().LoadVariablesAsync(was).ConfigureAwait(false);
        var untold = was.ActivityExecutionContexts.Where(c => !IsTold(c)).Select(c => new PlacementNote(PlacementCode.OtherRuntime, Naming.Of(from.Own.Activities.First(a => a.Id == c.Activity.Id)))).ToList();
        if (untold.Count > 0) return new PlacementResult(null, [.. was.Bookmarks.Select(Waits)], untold, [], []);
        var placed = new Placement(from.Own, to.Own, new WorkflowState(Told(was, state).Write()), input, move.Renamed, since).Run();
        return placed.State is not { } there ? placed : placed with { State = await WriteAsync(services, was, state, InstanceState.Read(there.Json)).ConfigureAwait(false) };
    }

    /// <summary>What has no counterpart of ours: loops, sequences and forks note in ways of their own how far they are; and an id that occurs twice does not say which is meant.</summary>
    private bool IsTold(ActivityExecutionContext context) => context.Activity is Workflow or Flowchart
        || (context.Activity is not Container && context.Children.All(c => c.Status != ActivityStatus.Running) && context.ParentActivityExecutionContext?.Activity is Flowchart && from.Own.Activities.Count(a => a.Id == context.Activity.Id) == 1);

    private PlacedWait Waits(Bookmark bookmark) => new(bookmark.Id, WatchedBookmarks.KindOf(bookmark), Naming.Of(from.Own.Activities.First(a => a.Id == bookmark.ActivityId)), null);

    private static InstanceState Told(WorkflowExecutionContext was, CaseState state) => new()
    {
        Status = was.SubStatus switch { WorkflowSubStatus.Suspended => InstanceStatus.Suspended, WorkflowSubStatus.Faulted => InstanceStatus.Faulted, _ => InstanceStatus.Finished },
        NextId = state.NextId, Inputs = state.Inputs, Clock = state.Clock, Performers = state.Performers, Name = was.Name, CorrelationId = was.CorrelationId,
        // Elsa turns their order with every save; ids tell which came first.
        Contexts = [.. was.ActivityExecutionContexts.OrderBy(IdOf).Select(Told)],
        Bookmarks =
        [
            .. was.Bookmarks.Select(b => new BookmarkState
            {
                Id = b.Id, Context = int.Parse(b.ActivityInstanceId!, CultureInfo.InvariantCulture), Activity = b.ActivityId, Kind = WatchedBookmarks.KindOf(b), Event = WatchedBookmarks.Shown(b).EventName, Due = WatchedBookmarks.DueOf(b),
            }),
        ],
    };

    private static ActivityContext Told(ActivityExecutionContext context) => new()
    {
        Id = IdOf(context), Node = context.Activity is Workflow ? WorkflowBehaviour.NodeKey : context.Activity.Id, Owner = context.ParentActivityExecutionContext is { } parent ? IdOf(parent) : null,
        Memory = context.Properties.TryGetValue(CaseBurst.MemoryKey, out var kept) ? JsonNode.Parse((string)kept) as JsonObject : null,
        Counters = context.Activity is Flowchart chart ? FlowNotes.Read(context, chart) : null,
        Variables = Declared(context) is { Count: > 0 } declared ? declared.DistinctBy(v => v.Name).ToDictionary(v => v.Name, v => Current(context, v)) : null,
    };

    private static JsonNode? Current(ActivityExecutionContext context, Variable variable) => variable.TryGet(context.ExpressionExecutionContext, out var value) ? Values.ToJson(ElsaValues.FromClr(value)) : null;

    /// <summary>Elsa's state once more, with every name that the new definition has for the same thing.</summary>
    private async Task<WorkflowState> WriteAsync(IServiceProvider services, WorkflowExecutionContext was, CaseState state, InstanceState placed)
    {
        var serializer = services.GetRequiredService<IWorkflowStateSerializer>();
        var moved = serializer.Deserialize(state.Elsa);
        var nodes = placed.Contexts.ToDictionary(c => c.Id, c => c.Node == WorkflowBehaviour.NodeKey ? to.Graph.Root : to.Graph.Nodes.First(n => n.Activity.Id == to.Own.Find(c.Node)!.Id));
        var renamed = was.ActivityExecutionContexts.GroupBy(c => c.NodeId).ToDictionary(g => g.Key, g => nodes[IdOf(g.First())].NodeId);
        (moved.DefinitionId, moved.DefinitionVersionId, moved.DefinitionVersion) = (to.Graph.Workflow.Identity.DefinitionId, to.Graph.Workflow.Identity.Id, to.Graph.Workflow.Identity.Version);
        foreach (var context in moved.ActivityExecutionContexts)
        {
            var own = placed.Contexts.First(c => c.Id == int.Parse(context.Id, CultureInfo.InvariantCulture));
            (context.ScheduledActivityNodeId, context.OwnerActivityNodeId) = (nodes[own.Id].NodeId, own.Owner is { } owner ? nodes[owner].NodeId : null);
            if (own.Memory is { } memory) context.Properties[CaseBurst.MemoryKey] = memory.ToJsonString();
            if (own.Counters is { } counters) FlowNotes.Write(context, counters, (Flowchart)nodes[own.Id].Activity);
        }
        foreach (var bookmark in moved.Bookmarks)
            (bookmark.ActivityId, bookmark.ActivityNodeId) = (placed.Bookmarks.First(b => b.Id == bookmark.Id).Activity, renamed[bookmark.ActivityNodeId]);
        moved.CompletionCallbacks = [.. moved.CompletionCallbacks.Select(c => new Elsa.Workflows.State.CompletionCallbackState(c.OwnerInstanceId, renamed[c.ChildNodeId], c.MethodName, c.Tag))];

        var order = moved.ActivityExecutionContexts.Select(c => c.Id).ToList();
        var next = new CaseState { NextId = state.NextId, Inputs = state.Inputs, Clock = placed.Clock, Performers = placed.Performers, Elsa = serializer.Serialize(moved) };
        BurstRun.Enter(new BurstRun(to, input, next));
        var becomes = await ElsaStep.ContextAsync(services, to, next).ConfigureAwait(false);
        var variables = services.GetRequiredService<IVariablePersistenceManager>();
        await variables.LoadVariablesAsync(becomes).ConfigureAwait(false);
        foreach (var context in becomes.ActivityExecutionContexts) Set(context, placed.Contexts.First(c => c.Id == IdOf(context)));
        await variables.SaveVariablesAsync(becomes).ConfigureAwait(false);
        var extracted = services.GetRequiredService<IWorkflowStateExtractor>().Extract(becomes);
        // A save turns their order, and with it who is canceled first: a move is no save.
        extracted.ActivityExecutionContexts = [.. extracted.ActivityExecutionContexts.OrderBy(c => order.IndexOf(c.Id))];
        extracted.Bookmarks = [.. becomes.Bookmarks];
        next.Elsa = serializer.Serialize(extracted);
        return new WorkflowState(next.Write());
    }

    private void Set(ActivityExecutionContext context, ActivityContext placed)
    {
        foreach (var variable in Declared(context))
            if (placed.Variables?.TryGetValue(variable.Name, out var value) == true && !JsonNode.DeepEquals(value, Current(context, variable)))
                variable.Set(context.ExpressionExecutionContext, ElsaValues.ToClr(to.Variable(variable.Id) is { } known ? Values.FromStore(value, known) : Values.FromJson(value)));
    }

    private static List<Variable> Declared(ActivityExecutionContext context) => context.Activity switch
    {
        Workflow workflow => [.. workflow.Variables],
        Container container => [.. container.Variables],
        _ => [],
    };

    private static int IdOf(ActivityExecutionContext context) => int.Parse(context.Id, CultureInfo.InvariantCulture);
}
