using System.Text.Json.Nodes;
using CivilAffairs.Engine.Activities;
using CivilAffairs.Engine.Definitions;
using CivilAffairs.Engine.Expressions;
using CivilAffairs.Engine.Port;

namespace CivilAffairs.Engine.Runtime;

/// <summary>Our own engine: genuine Elsa 3 definitions, one pure step at a time.</summary>
public sealed class WorkflowEngine : IWorkflowEngine
{
    public IWorkflowDefinition Load(string json) => WorkflowDefinition.Parse(json);

    public StepResult Step(IWorkflowDefinition definition, WorkflowState? state, StepInput input)
    {
        ArgumentNullException.ThrowIfNull(definition);
        ArgumentNullException.ThrowIfNull(input);
        var workflow = definition as WorkflowDefinition
            ?? throw new ArgumentException("The definition was loaded by another engine.", nameof(definition));
        if (state is null != input.Trigger is StartTrigger)
            throw new StepRefusedException(state is null ? "A new instance starts with StartTrigger." : "The instance has already started.");
        var burst = new Burst(workflow, state is null ? new InstanceState() : Restore(workflow, state), input);
        if (input.Trigger is StartTrigger start)
            burst.Start(start.Inputs);
        else
            foreach (var (bookmark, payload) in Matching(burst.State, input.Trigger))
                // One burst each; an earlier one may have taken the next one's bookmark away, or faulted the instance.
                if (burst.State.Bookmarks.Contains(bookmark) && burst.State.Incidents.Count == 0) burst.Resume(bookmark, payload);
        burst.Close();
        return Result(burst);
    }

    public IReadOnlyDictionary<string, JsonNode?> Variables(IWorkflowDefinition definition, WorkflowState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        return definition is WorkflowDefinition workflow ? Variables(workflow, InstanceState.Read(state.Json))
            : throw new ArgumentException("The definition was loaded by another engine.", nameof(definition));
    }

    public PlacementResult Place(IWorkflowDefinition from, WorkflowState state, IWorkflowDefinition to, StepInput input, IReadOnlyDictionary<string, DateOnly>? since = null)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(input);
        if (input.Trigger is not MoveTrigger move) throw new StepRefusedException("An instance is placed with MoveTrigger.");
        return new Placement(Own(from, nameof(from)), Own(to, nameof(to)), state, input, move.Renamed, since).Run();
    }

    public IReadOnlyList<Rename> Renames(IWorkflowDefinition from, IWorkflowDefinition to) => Renaming.Between(Own(from, nameof(from)), Own(to, nameof(to)));

    private static WorkflowDefinition Own(IWorkflowDefinition definition, string name) =>
        definition as WorkflowDefinition ?? throw new ArgumentException("The definition was loaded by another engine.", name);

    private static Dictionary<string, JsonNode?> Variables(WorkflowDefinition definition, InstanceState state)
    {
        var workflow = state.Contexts.Find(c => c.Owner is null);
        return definition.Variables.DistinctBy(v => v.Name).ToDictionary(v => v.Name, v => workflow?.Variables?.GetValueOrDefault(v.Name)?.DeepClone());
    }

    private static List<(BookmarkState Bookmark, JsonNode? Payload)> Matching(InstanceState state, StepTrigger trigger)
    {
        if (state.Status != InstanceStatus.Suspended)
            throw new StepRefusedException($"The instance has ended ({state.Status}).");
        if (trigger is EventTrigger published)
            return [.. state.Bookmarks.Where(b => b.Kind == "event" && b.Event == published.EventName).Select(b => (b, published.Payload))];
        var (id, payload) = trigger switch
        {
            AnswerTrigger answer => (answer.BookmarkId, Answer(answer)),
            TimerTrigger timer => (timer.BookmarkId, new JsonObject { ["timer"] = true }),
            EffectResultTrigger effect => (effect.BookmarkId, effect.Result),
            _ => throw new StepRefusedException($"Unknown trigger {trigger.GetType().Name}."),
        };
        var bookmark = state.Bookmarks.Find(b => b.Id == id)
            ?? throw new StepRefusedException($"Bookmark '{id}' is not pending: it was answered or withdrawn.");
        if ((trigger is TimerTrigger) != (bookmark.Kind == "timer") && !(trigger is TimerTrigger && bookmark.Due is not null))
            throw new StepRefusedException($"Bookmark '{id}' of kind {bookmark.Kind} does not take {trigger.GetType().Name}.");
        return [(bookmark, payload)];
    }

    /// <summary>The answering person travels inside the answer, so that one payload serves every activity.</summary>
    private static JsonNode? Answer(AnswerTrigger answer)
    {
        if (answer.By is null || answer.Result is not JsonObject result) return answer.Result;
        var with = (JsonObject)result.DeepClone();
        with["by"] = answer.By;
        return with;
    }

    internal static InstanceState Restore(WorkflowDefinition definition, WorkflowState stored)
    {
        var state = InstanceState.Read(stored.Json);
        foreach (var (name, value) in state.Inputs.ToList()) state.Inputs[name] = Values.Plain(value);
        foreach (var context in state.Contexts)
        {
            context.Activity = context.Node == WorkflowBehaviour.NodeKey ? null
                : definition.Find(context.Node) ?? throw new StepRefusedException($"The definition has no activity '{context.Node}', where the instance waits.");
            var declared = context.Activity?.Variables ?? definition.Variables;
            foreach (var (name, value) in context.Variables ?? [])
                context.Values[name] = declared.FirstOrDefault(v => v.Name == name) is { } variable
                    ? Values.FromStore(value, variable)
                    : Values.FromJson(Values.Plain(value));
        }
        return state;
    }

    private static StepResult Result(Burst burst)
    {
        var state = burst.State;
        return new StepResult(
            new WorkflowState(state.Write()),
            state.Status,
            [.. state.Bookmarks.Select(b => new Bookmark(b.Id, b.Activity, b.Kind, b.Event, b.Due))],
            burst.Effects, burst.Journal, burst.Lines, state.Incidents)
        {
            Variables = Variables(burst.Definition, state),
            Outputs = state.Outputs.ToDictionary(o => o.Key, o => o.Value?.DeepClone()),
            InstanceName = state.Name,
            CorrelationId = state.CorrelationId,
        };
    }
}
