using CivilAffairs.Engine.Expressions;
using CivilAffairs.Engine.Port;
using CivilAffairs.ElsaRuntime.Expressions;
using Elsa.Common;
using Elsa.Workflows;
using Elsa.Workflows.CommitStates;
using Elsa.Workflows.Runtime;
using Elsa.Workflows.Runtime.Activities;
using Elsa.Workflows.Runtime.Notifications;
using WorkflowState = Elsa.Workflows.State.WorkflowState;

namespace CivilAffairs.ElsaRuntime.Bursts;

/// <summary>The instant of the decision; the real clock only where Elsa's own start-up asks for one.</summary>
internal sealed class StepClock : ISystemClock
{
    public DateTimeOffset UtcNow => BurstRun.Maybe?.Input.Now ?? DateTimeOffset.UnixEpoch;
}

/// <summary>Numbers within the instance: a replay gives the same.</summary>
internal sealed class StepIds : IIdentityGenerator
{
    public string GenerateId() => BurstRun.Maybe?.NextId() ?? Guid.NewGuid().ToString("N");
}

/// <summary>Lines of WriteLine.</summary>
internal sealed class StepLines : IStandardOutStreamProvider
{
    public TextWriter GetTextWriter() => BurstRun.Current.Output;
}

/// <summary>
/// Elsa's runner stores nothing: state, effects and journal go back through the port into the transaction of the decision. Only
/// variables are written into the state, which elsewhere a store would do.
/// </summary>
/// <remarks>Power failure at any point: nothing of the burst has left the process.</remarks>
internal sealed class NothingIsCommitted(IVariablePersistenceManager variables) : ICommitStateHandler
{
    public Task CommitAsync(WorkflowExecutionContext workflowExecutionContext, CancellationToken cancellationToken = default) => variables.SaveVariablesAsync(workflowExecutionContext);
    public Task CommitAsync(WorkflowExecutionContext workflowExecutionContext, WorkflowState workflowState, CancellationToken cancellationToken = default) => CommitAsync(workflowExecutionContext, cancellationToken);
}

/// <summary>Elsa's RunTask becomes an effect.</summary>
internal sealed class TasksAsEffects : ITaskDispatcher
{
    public Task DispatchAsync(RunTaskRequest request, CancellationToken cancellationToken = default)
    {
        var (run, context) = (BurstRun.Current, request.ActivityExecutionContext);
        run.Effects.Add(new RunTaskRequested(context.Activity.Id, context.NewBookmarks.Last().Id, request.TaskName, Values.Plain(Values.ToJson(ElsaValues.FromClr(request.TaskPayload)))));
        return Task.CompletedTask;
    }
}

/// <summary>Elsa's PublishEvent becomes an effect; the host decides who hears it.</summary>
internal sealed class EventsAsEffects : IEventPublisher
{
    internal WorkflowExecutionContext? Instance { get; set; }

    public Task PublishAsync(string eventName, string? correlationId = null, string? workflowInstanceId = null, string? activityInstanceId = null, object? payload = null, bool asynchronous = false, CancellationToken cancellationToken = default)
    {
        var activity = Instance?.ActivityExecutionContexts.Last(c => c.Activity is PublishEvent && c.Status == ActivityStatus.Running).Activity.Id ?? "";
        BurstRun.Current.Effects.Add(new EventPublished(activity, eventName, correlationId, Values.Plain(Values.ToJson(ElsaValues.FromClr(payload)))));
        return Task.CompletedTask;
    }
}
