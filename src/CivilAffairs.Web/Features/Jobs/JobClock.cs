using CivilAffairs.Web.Features.Jobs.Board;
using CivilAffairs.Web.Platform.Audit;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Jobs;
using CivilAffairs.Web.Platform.Outbox;
using CivilAffairs.Web.Platform.Time;
using Hangfire;
using Hangfire.Storage;

namespace CivilAffairs.Web.Features.Jobs;

/// <summary>
/// Tells Hangfire when each job is due, runs once what came due while nothing ran, and then listens to the outbox.
/// Starts after the product answers, so that no job makes a start longer. Where the machine's clock was put back, sets it anew.
/// </summary>
internal sealed partial class JobClock(IRecurringJobManagerV2 clock, JobStorage storage, JobRunner runner, IOutboxSignal signal, IReader reader, TimeProvider time, IHostApplicationLifetime lifetime, ILogger<JobClock> log) : BackgroundService
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(2), Slack = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!await StartedAsync(stoppingToken).ConfigureAwait(false)) return;
        TrySchedule();
        var watching = WatchAsync(stoppingToken);
        try
        {
            foreach (var job in runner.Jobs.Where(j => j.AtStart)) await runner.NowAsync(job.Id, stoppingToken).ConfigureAwait(false);
            while (true)
            {
                await signal.WaitAsync(stoppingToken).ConfigureAwait(false);
                foreach (var job in runner.Jobs.Where(j => j.AfterOutbox)) await runner.NowAsync(job.Id, stoppingToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            Ended(log);
        }
        await watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>
    /// What follows from a clock that was ahead and is put back: the next calls were set by it, and days may be closed that
    /// are not over. A step is seen by the time that has passed meanwhile, which no clock moves.
    /// </summary>
    private async Task WatchAsync(CancellationToken stopping)
    {
        for (var (wall, mark) = (time.GetUtcNow(), time.GetTimestamp()); ; (wall, mark) = (time.GetUtcNow(), time.GetTimestamp()))
        {
            await Task.Delay(Look, stopping).ConfigureAwait(false);
            var back = wall + time.GetElapsedTime(mark) - time.GetUtcNow();
            if (back < Slack) continue;
            WentBack(log, (long)back.TotalSeconds);
            TrySchedule();
            try
            {
                await AuditHeads.LearnAsync(reader, stopping).ConfigureAwait(false);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                // The database is away: the job that closes days learns it too.
                NotSet(log, e);
            }
        }
    }

    private void TrySchedule()
    {
        try
        {
            Schedule();
        }
        catch (Exception e)
        {
            // The outbox is still listened to; a restart tries again.
            NotSet(log, e);
        }
    }

    private void Schedule()
    {
        using var connection = storage.GetConnection();
        var known = connection.GetRecurringJobs();
        foreach (var job in runner.Jobs)
        {
            // Hangfire keeps the next call that it has: one of a clock that was ahead would be waited for.
            if (known.Find(k => k.Id == job.Id)?.NextExecution > JobBoard.Next(job, DateTimeOffset.UtcNow)?.UtcDateTime + Slack) clock.RemoveIfExists(job.Id);
            clock.AddOrUpdate<JobRunner>(job.Id, r => r.TickAsync(job.Id), job.Cron, new RecurringJobOptions { TimeZone = BureauTime.Zone });
        }
        // A job that an earlier version had and this one has not.
        foreach (var gone in known.Where(r => runner.Jobs.All(j => j.Id != r.Id))) clock.RemoveIfExists(gone.Id);
    }

    private async Task<bool> StartedAsync(CancellationToken stopping)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var on = lifetime.ApplicationStarted.Register(() => started.TrySetResult());
        using var off = stopping.Register(() => started.TrySetCanceled(stopping));
        try
        {
            await started.Task.ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    [LoggerMessage(EventId = 3010, Level = LogLevel.Error, Message = "The clock of the jobs could not be set")]
    private static partial void NotSet(ILogger log, Exception e);

    [LoggerMessage(EventId = 3012, Level = LogLevel.Warning, Message = "The clock was put back by {Seconds} seconds")]
    private static partial void WentBack(ILogger log, long seconds);

    [LoggerMessage(EventId = 3011, Level = LogLevel.Debug, Message = "The jobs end with the process")]
    private static partial void Ended(ILogger log);
}
