using CivilAffairs.Engine.Port;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Cases.Steps;
using CivilAffairs.Web.Platform.Audit;
using CivilAffairs.Web.Platform.Commands;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Cases.Commands;

/// <summary>
/// Fires what is due, oldest first. Firing is one transaction with the step it causes: after a power failure the timer is
/// either still waiting or fired with everything that follows. Several nodes may do this at once: the case's lock and the
/// timer's state let only one fire it.
/// </summary>
public sealed class CaseTimers
{
    private readonly IReader reader;
    private readonly CommandRunner runner;
    private readonly CaseLoader loader;
    private readonly CaseStepper stepper;
    private readonly TimeProvider time;
    private readonly ILogger<CaseTimers> log;

    internal CaseTimers(IReader reader, CommandRunner runner, CaseLoader loader, CaseStepper stepper, TimeProvider time, ILogger<CaseTimers> log) =>
        (this.reader, this.runner, this.loader, this.stepper, this.time, this.log) = (reader, runner, loader, stepper, time, log);

    /// <param name="most">Upper bound of one round.</param>
    /// <param name="cancel">Between two timers.</param>
    /// <returns>How many fired.</returns>
    public async Task<int> FireDueAsync(int most, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        await using var db = reader.Open();
        var due = await db.Set<CaseTimer>().Where(t => t.State == TimerState.Waiting && t.DueAt <= now).OrderBy(t => t.DueAt).ThenBy(t => t.ActivityId)
            .Select(t => t.Id).Take(most).ToListAsync(cancel).ConfigureAwait(false);
        var fired = 0;
        foreach (var id in due)
        {
            cancel.ThrowIfCancellationRequested();
            try
            {
                if (await FireAsync(id, cancel).ConfigureAwait(false)) fired++;
            }
            catch (Exception e) when (e is CaseFaultedException or StepRefusedException or CaseErasedException or InvalidDataException)
            {
                // One case that cannot go on must not stop the others; it stays due and is named on every round.
                CaseLog.TimerFailed(log, e, id);
            }
        }
        return fired;
    }

    /// <returns>False where somebody else fired or cancelled it.</returns>
    internal Task<bool> FireAsync(Guid timerId, CancellationToken cancel) => runner.RunAsync(Viewer.System, null, "timer.fire", timerId, async context =>
    {
        var caseId = await context.Db.Set<CaseTimer>().Where(t => t.Id == timerId).Select(t => t.CaseId).FirstAsync().ConfigureAwait(false);
        var @case = await CaseLoader.LockAsync(context.Db, caseId).ConfigureAwait(false);
        var timer = await context.Db.Set<CaseTimer>().FirstAsync(t => t.Id == timerId).ConfigureAwait(false);
        if (timer.State != TimerState.Waiting || timer.DueAt is null || timer.DueAt > context.Now) return false;
        timer.State = TimerState.Fired;
        var step = await loader.StepAsync(context, @case, timer.InstanceId).ConfigureAwait(false);
        await stepper.RunAsync(step, new TimerTrigger(timer.BookmarkId)).ConfigureAwait(false);
        @case.Version++;
        (@case.ChangedById, @case.ChangedBy, @case.ChangedAt) = (null, null, context.Now);
        await context.Db.AppendAsync(caseId.ToString(), Guid.Empty, "timer.fired", new { timerId, timer.ActivityId }, context.Now).ConfigureAwait(false);
        return true;
    }, cancel);

    /// <summary>Timers and limits that waited for a calendar year: computed once it is loaded.</summary>
    /// <returns>How many are known now.</returns>
    public Task<int> ComputeUnknownAsync(Engine.Time.WorkCalendar calendar, CancellationToken cancel) => runner.RunAsync(Viewer.System, null, "timers.compute", 0, async context =>
    {
        var computed = 0;
        var waiting = await context.Db.Set<CaseTimer>().Where(t => t.State == TimerState.Waiting && t.DueAt == null && t.LimitText != null).Take(1000).ToListAsync().ConfigureAwait(false);
        foreach (var timer in waiting)
        {
            if (Engine.Time.DeferredDay.Compute(timer.LimitText, calendar) is not { } day) continue;
            timer.DueAt = new DateTimeOffset(day.ToDateTime(TimeOnly.MinValue), TimeSpan.FromHours(8)).ToUniversalTime();
            computed++;
        }
        foreach (var task in await context.Db.Set<WorkTask>().Where(t => t.State == TaskState.Open && t.FinishBy == null && t.FinishLimit != "none").OrderBy(t => t.Id).Take(1000).ToListAsync().ConfigureAwait(false))
        {
            var limit = Engine.Time.Limits.Compute(task.FinishLimit, task.CountedFrom ?? task.OpenedOn, calendar);
            if (limit.LastDay is null) continue;
            (task.FinishBy, task.AmberFrom) = (limit.LastDay, limit.AmberFrom);
            computed++;
        }
        foreach (var @case in await context.Db.Set<Case>().Where(c => c.ClosedAt == null && c.Clock.LimitText != null && c.Clock.DueOn == null).OrderBy(c => c.Id).Take(1000).ToListAsync().ConfigureAwait(false))
        {
            CaseEffects.Recompute(@case.Clock, calendar);
            if (@case.Clock.DueOn is not null) computed++;
        }
        return computed;
    }, cancel);
}

internal static partial class CaseLog
{
    [LoggerMessage(EventId = 2000, Level = LogLevel.Error, Message = "Timer {TimerId} is due but its case cannot go on")]
    public static partial void TimerFailed(ILogger log, Exception e, Guid timerId);

    [LoggerMessage(EventId = 2001, Level = LogLevel.Error, Message = "The re-verification {PlanId} is due but cannot be opened")]
    public static partial void ReverificationFailed(ILogger log, Exception e, Guid planId);
}
