using System.Collections.Concurrent;
using CivilAffairs.Engine.Port;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Cases.Steps;
using CivilAffairs.Web.Platform.Audit;
using CivilAffairs.Web.Platform.Commands;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Jobs;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Cases.Commands;

/// <summary>
/// Fires what is due, oldest first, those of one case one after the other and several cases at once. Firing is one
/// transaction with the step it causes: after a power failure the timer is either still waiting or fired with everything
/// that follows, and what still waits is due at the next run. Several nodes may do this at once: the case's lock and
/// the timer's state let only one fire it.
/// </summary>
public sealed class CaseTimers
{
    // Each waits for its commit most of the time, and on SQLite shares it; people have more connections left than that.
    private const int AtOnce = 16, Rounds = 20;
    private readonly IReader reader;
    private readonly CommandRunner runner;
    private readonly CaseLoader loader;
    private readonly CaseStepper stepper;
    private readonly TimeProvider time;
    private readonly ILogger<CaseTimers> log;
    private readonly ConcurrentDictionary<string, bool> writersWork = new(StringComparer.Ordinal);

    internal CaseTimers(IReader reader, CommandRunner runner, CaseLoader loader, CaseStepper stepper, TimeProvider time, ILogger<CaseTimers> log) =>
        (this.reader, this.runner, this.loader, this.stepper, this.time, this.log) = (reader, runner, loader, stepper, time, log);

    /// <summary>
    /// Goes over everything that is due, and again over what the steps made due meanwhile; what cannot be fired waits for
    /// the next run and holds up nothing.
    /// </summary>
    /// <param name="batch">Rows read at a time.</param>
    /// <param name="cancel">Between two timers.</param>
    /// <returns>How many fired.</returns>
    public async Task<int> FireDueAsync(int batch, CancellationToken cancel)
    {
        var stuck = new ConcurrentDictionary<Guid, bool>();
        // A chart may go in a circle without a pause: after so many rounds it waits a minute.
        for (var (all, round) = (0, 1); ; round++)
        {
            var fired = await RoundAsync(batch, stuck, cancel).ConfigureAwait(false);
            all += fired;
            if (fired == 0 || round == Rounds) return all;
        }
    }

    private async Task<int> RoundAsync(int batch, ConcurrentDictionary<Guid, bool> stuck, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        await using var db = reader.Open();
        var waiting = db.Set<CaseTimer>().Where(t => t.State == TimerState.Waiting && t.DueAt <= now);
        for (var (fired, due) = (0, waiting); ;)
        {
            var page = await due.OrderBy(t => t.DueAt).ThenBy(t => t.Id).Select(t => new { t.Id, t.CaseId, t.DueAt, t.ActivityId }).Take(batch).ToListAsync(cancel).ConfigureAwait(false);
            await Parallel.ForEachAsync(page.Where(t => !stuck.ContainsKey(t.Id)).GroupBy(t => t.CaseId), new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancel }, async (ofCase, token) =>
            {
                foreach (var timer in ofCase.OrderBy(t => t.DueAt).ThenBy(t => t.ActivityId, StringComparer.Ordinal))
                {
                    token.ThrowIfCancellationRequested();
                    if (await TryAsync(timer.Id, timer.ActivityId, stuck).ConfigureAwait(false)) Interlocked.Increment(ref fired);
                }
            }).ConfigureAwait(false);
            if (page.Count < batch || page.Count == 0) return fired;
            var (at, id) = (page[^1].DueAt, page[^1].Id);
            due = waiting.Where(t => t.DueAt >= at && (t.DueAt > at || t.Id > id));
        }
    }

    private async Task<bool> TryAsync(Guid timerId, string activity, ConcurrentDictionary<Guid, bool> stuck)
    {
        try
        {
            return await FireAsync(timerId, activity, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception e) when (JobFaults.IsItsOwn(e))
        {
            // One case that cannot go on must not stop the others; it stays due and is named on every run.
            CaseLog.TimerFailed(log, e, timerId);
            stuck[timerId] = true;
            return false;
        }
    }

    /// <returns>False where somebody else fired or cancelled it.</returns>
    internal Task<bool> FireAsync(Guid timerId, CancellationToken cancel) => FireAsync(timerId, null, cancel);

    /// <param name="activity">Which kind of timer it is; null: not known.</param>
    /// <remarks>
    /// Tried beside SQLite's writer, but for timers of which one asked for it: the end of a notice grants, numbers and publishes
    /// each time, and the attempt would only be made twice. A guess that costs time where it is wrong and decides nothing.
    /// </remarks>
    private Task<bool> FireAsync(Guid timerId, string? activity, CancellationToken cancel) => activity is null || writersWork.ContainsKey(activity)
        ? runner.RunAsync(Viewer.System, null, "timer.fire", timerId, context => FireAsync(context, timerId), cancel)
        : runner.RunGuardedAsync(Viewer.System, null, "timer.fire", timerId, async context =>
        {
            try
            {
                return await FireAsync(context, timerId).ConfigureAwait(false);
            }
            catch (WriterRequiredException)
            {
                writersWork.TryAdd(activity, true);
                throw;
            }
        }, cancel);

    private async Task<bool> FireAsync(CommandContext context, Guid timerId)
    {
        var opened = await OpenedTimer.ReadAsync(context, timerId).ConfigureAwait(false);
        var (@case, timer) = (opened.Case, opened.Timer);
        if (timer.State != TimerState.Waiting || timer.DueAt is null || timer.DueAt > context.Now) return false;
        timer.State = TimerState.Fired;
        var step = await loader.StepAsync(context, opened).ConfigureAwait(false);
        await stepper.RunAsync(step, new TimerTrigger(timer.BookmarkId)).ConfigureAwait(false);
        @case.Version++;
        (@case.ChangedById, @case.ChangedBy, @case.ChangedAt) = (null, null, context.Now);
        await context.Db.AppendAsync(@case.Id.ToString(), Guid.Empty, "timer.fired", new { timerId, timer.ActivityId }, context.Now, opened.LastAudit).ConfigureAwait(false);
        return true;
    }
}

internal static partial class CaseLog
{
    [LoggerMessage(EventId = 2000, Level = LogLevel.Error, Message = "Timer {TimerId} is due but its case cannot go on")]
    public static partial void TimerFailed(ILogger log, Exception e, Guid timerId);

    [LoggerMessage(EventId = 2001, Level = LogLevel.Error, Message = "The re-verification {PlanId} is due but cannot be opened")]
    public static partial void ReverificationFailed(ILogger log, Exception e, Guid planId);

    [LoggerMessage(EventId = 2002, Level = LogLevel.Error, Message = "The benefit {GrantId} has ended but that cannot be entered")]
    public static partial void GrantEndFailed(ILogger log, Exception e, Guid grantId);
}
