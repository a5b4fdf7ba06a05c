using System.Text.Json.Nodes;
using CivilAffairs.Engine.Expressions;
using CivilAffairs.Engine.Port;
using CivilAffairs.ElsaRuntime.Activities;
using CivilAffairs.ElsaRuntime.Expressions;
using Elsa.Extensions;
using Elsa.Workflows;
using Elsa.Workflows.Runtime.Activities;
using Elsa.Workflows.State;
using Microsoft.Extensions.DependencyInjection;
using ElsaBookmark = Elsa.Workflows.Models.Bookmark;
using WorkflowState = CivilAffairs.Engine.Port.WorkflowState;

namespace CivilAffairs.ElsaRuntime.Bursts;

/// <summary>One step: a burst of Elsa's for what triggered it; an event starts one for each bookmark that waits for it.</summary>
internal sealed class ElsaStep(IServiceProvider services, ElsaDefinition definition, StepInput input)
{
    private readonly List<Effect> effects = [];
    private readonly List<JournalEvent> journal = [];
    private readonly List<string?> lines = [];
    private StepResult? last;

    internal async Task<StepResult> RunAsync(CaseState state)
    {
        if (input.Trigger is StartTrigger start)
            foreach (var (name, value) in start.Inputs) state.Inputs[name] = value?.DeepClone();
        await using var first = services.CreateAsyncScope();
        var run = Begin(state);
        var context = await ContextAsync(first.ServiceProvider, definition, state).ConfigureAwait(false);
        if (input.Trigger is StartTrigger) await BurstAsync(first.ServiceProvider, run, context, null, null).ConfigureAwait(false);
        else
        {
            await first.ServiceProvider.GetRequiredService<IVariablePersistenceManager>().LoadVariablesAsync(context).ConfigureAwait(false);
            var matching = Matching(context);
            if (matching.Count == 0) Close(first.ServiceProvider, run, context); // an event that nobody waits for changes nothing
            else await BurstAsync(first.ServiceProvider, run, context, matching[0].Id, matching[0].Payload).ConfigureAwait(false);
            foreach (var (id, payload) in matching.Skip(1)) await AlsoAsync(state, id, payload).ConfigureAwait(false);
        }
        return last! with { State = new WorkflowState(state.Write()), Effects = effects, Journal = journal, Lines = lines };
    }

    internal static async Task<IReadOnlyDictionary<string, JsonNode?>> VariablesAsync(IServiceProvider services, ElsaDefinition definition, CaseState state)
    {
        BurstRun.Enter(new BurstRun(definition, Nothing, state));
        var context = await ContextAsync(services, definition, state).ConfigureAwait(false);
        await services.GetRequiredService<IVariablePersistenceManager>().LoadVariablesAsync(context).ConfigureAwait(false);
        return Variables(definition, context);
    }

    private static StepInput Nothing { get; } = new(new EventTrigger("", null), DateTimeOffset.UnixEpoch, "");

    /// <summary>Bookmarks that the trigger resumes, with what they are answered with. Asked before anything changes: a refused answer leaves no trace.</summary>
    private List<(string Id, JsonNode? Payload)> Matching(WorkflowExecutionContext context)
    {
        if (Status(context) is var status and not InstanceStatus.Suspended) throw new StepRefusedException($"The instance has ended ({status}).");
        if (input.Trigger is EventTrigger published)
            return [.. context.Bookmarks.Where(b => WatchedBookmarks.Shown(b) is { Kind: "event" } shown && shown.EventName == published.EventName).Select(b => (b.Id, published.Payload))];
        var (id, payload) = input.Trigger switch
        {
            AnswerTrigger answer => (answer.BookmarkId, Answer(answer)),
            TimerTrigger timer => (timer.BookmarkId, new JsonObject { ["timer"] = true }),
            EffectResultTrigger effect => (effect.BookmarkId, effect.Result),
            var other => throw new StepRefusedException($"Unknown trigger {other.GetType().Name}."),
        };
        var bookmark = context.Bookmarks.FirstOrDefault(b => b.Id == id) ?? throw new StepRefusedException($"Bookmark '{id}' is not pending: it was answered or withdrawn.");
        var kind = WatchedBookmarks.KindOf(bookmark);
        if (input.Trigger is TimerTrigger != (kind == "timer")) throw new StepRefusedException($"Bookmark '{id}' of kind {kind} does not take {input.Trigger.GetType().Name}.");
        if (context.ActivityExecutionContexts.First(c => c.Id == bookmark.ActivityInstanceId) is { Activity: CaseActivity } activity && new CaseBurst(activity).Refuse(bookmark, payload) is { } refusal)
            throw new StepRefusedException(refusal);
        return [(id, payload)];
    }

    /// <summary>The next one that waits for the event, in a burst of its own; an earlier one may have taken its bookmark away, or faulted the instance.</summary>
    private async Task AlsoAsync(CaseState state, string bookmarkId, JsonNode? payload)
    {
        if (last!.Status != InstanceStatus.Suspended || last.Bookmarks.All(b => b.Id != bookmarkId)) return;
        await using var scope = services.CreateAsyncScope();
        var run = Begin(state);
        var context = await ContextAsync(scope.ServiceProvider, definition, state).ConfigureAwait(false);
        await BurstAsync(scope.ServiceProvider, run, context, bookmarkId, payload).ConfigureAwait(false);
    }

    private async Task BurstAsync(IServiceProvider sp, BurstRun run, WorkflowExecutionContext context, string? bookmarkId, JsonNode? payload)
    {
        run.Payload = payload;
        sp.GetRequiredService<EventsAsEffects>().Instance = context;
        run.Bookmarks = new WatchedBookmarks(context.Bookmarks, b => Added(run, b), b => Withdrawn(run, context, b));
        context.Bookmarks = run.Bookmarks;
        if (bookmarkId is null) context.ScheduleWorkflow();
        else
        {
            Answered(context, payload);
            var bookmark = context.Bookmarks.First(b => b.Id == bookmarkId);
            run.Bookmarks.Resumes(bookmark);
            context.ScheduleBookmark(bookmark);
        }
        await sp.GetRequiredService<IWorkflowRunner>().RunAsync(context).ConfigureAwait(false);
        Close(sp, run, context);
    }

    private void Close(IServiceProvider sp, BurstRun run, WorkflowExecutionContext context)
    {
        var status = Status(context);
        var bookmarks = context.Bookmarks.ToList();
        if (status == InstanceStatus.Faulted)
            foreach (var bookmark in bookmarks) Withdrawn(run, context, bookmark);
        var extracted = sp.GetRequiredService<IWorkflowStateExtractor>().Extract(context);
        extracted.Bookmarks = bookmarks;
        run.Case.Elsa = sp.GetRequiredService<IWorkflowStateSerializer>().Serialize(extracted);
        effects.AddRange(run.Effects);
        journal.AddRange(Story.Of(context));
        lines.AddRange(run.Output.Lines);
        last = new StepResult(new WorkflowState(""), status, [.. bookmarks.Select(WatchedBookmarks.Shown)], [], [], [], [.. context.Incidents.Select(i => new Incident(i.ActivityId, i.Message))])
        {
            Variables = Variables(definition, context),
            Outputs = context.Output.ToDictionary(o => o.Key, o => Values.ToJson(ElsaValues.FromClr(o.Value))),
            InstanceName = context.Name,
            CorrelationId = context.CorrelationId,
        };
    }

    /// <summary>Not asynchronous: what is current must stay so for the caller.</summary>
    private BurstRun Begin(CaseState state)
    {
        var run = new BurstRun(definition, input, state);
        BurstRun.Enter(run);
        return run;
    }

    /// <summary>The instance as it stands; whatever Elsa asks for while she restores it is asked of the current run.</summary>
    internal static async Task<WorkflowExecutionContext> ContextAsync(IServiceProvider sp, ElsaDefinition definition, CaseState state)
    {
        var inputs = state.Inputs.ToDictionary(i => i.Key, i => ElsaValues.ToClr(Values.Plain(i.Value))!);
        if (state.Elsa.Length == 0) return await WorkflowExecutionContext.CreateAsync(sp, definition.Graph, BurstRun.Current.Input.InstanceId, null, null, inputs).ConfigureAwait(false);
        // Elsa asks for a new id for each context that she restores, and then gives it its old one.
        var next = state.NextId;
        var restored = sp.GetRequiredService<IWorkflowStateSerializer>().Deserialize(state.Elsa);
        var context = await WorkflowExecutionContext.CreateAsync(sp, definition.Graph, restored, restored.CorrelationId, restored.ParentWorkflowInstanceId, inputs).ConfigureAwait(false);
        state.NextId = next;
        return context;
    }

    /// <summary>Puts the answer where Elsa's own activities look for it.</summary>
    private void Answered(WorkflowExecutionContext context, JsonNode? payload) =>
        context.Input[input.Trigger is EventTrigger ? Event.EventInputWorkflowInputKey : RunTask.InputKey] = ElsaValues.ToClr(Values.Plain(payload))!;

    private static void Added(BurstRun run, ElsaBookmark bookmark)
    {
        // Case activities say themselves what they ask for.
        if (bookmark.Metadata?.ContainsKey(WatchedBookmarks.Kind) != true && WatchedBookmarks.KindOf(bookmark) == "timer")
            run.Effects.Add(new CreateTimer(bookmark.ActivityId, bookmark.Id, WatchedBookmarks.DueOf(bookmark)));
    }

    private static void Withdrawn(BurstRun run, WorkflowExecutionContext context, ElsaBookmark bookmark)
    {
        if (context.ActivityExecutionContexts.FirstOrDefault(c => c.Id == bookmark.ActivityInstanceId) is { Activity: CaseActivity } activity) new CaseBurst(activity).Withdrawn(bookmark);
        else if (WatchedBookmarks.KindOf(bookmark) == "timer") run.Effects.Add(new CancelTimer(bookmark.ActivityId, bookmark.Id));
        else if (WatchedBookmarks.KindOf(bookmark) == "task") run.Effects.Add(new CancelTask(bookmark.ActivityId, bookmark.Id));
    }

    private static InstanceStatus Status(WorkflowExecutionContext context) => context.SubStatus switch
    {
        WorkflowSubStatus.Finished or WorkflowSubStatus.Cancelled => InstanceStatus.Finished,
        WorkflowSubStatus.Faulted => InstanceStatus.Faulted,
        _ => InstanceStatus.Suspended,
    };

    private static Dictionary<string, JsonNode?> Variables(ElsaDefinition definition, WorkflowExecutionContext context)
    {
        var root = context.ActivityExecutionContexts.FirstOrDefault(c => c.ParentActivityExecutionContext is null);
        return definition.Graph.Workflow.Variables.DistinctBy(v => v.Name).ToDictionary(v => v.Name,
            v => root is not null && v.TryGet(root.ExpressionExecutionContext, out var value) ? Values.ToJson(ElsaValues.FromClr(value)) : null);
    }

    /// <summary>The answering person travels inside the answer, so that one payload serves every activity.</summary>
    private static JsonNode? Answer(AnswerTrigger answer)
    {
        if (answer.By is null || answer.Result is not JsonObject result) return answer.Result;
        var with = (JsonObject)result.DeepClone();
        with["by"] = answer.By;
        return with;
    }
}
