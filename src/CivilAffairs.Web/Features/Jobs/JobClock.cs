using CivilAffairs.Web.Platform.Jobs;
using CivilAffairs.Web.Platform.Outbox;
using CivilAffairs.Web.Platform.Time;
using Hangfire;
using Hangfire.Storage;

namespace CivilAffairs.Web.Features.Jobs;

/// <summary>
/// Tells Hangfire when each job is due, runs once what came due while nothing ran, and then listens to the outbox.
/// Starts after the product answers, so that no job makes a start longer.
/// </summary>
internal sealed partial class JobClock(IRecurringJobManagerV2 clock, JobStorage storage, JobRunner runner, IOutboxSignal signal, IHostApplicationLifetime lifetime, ILogger<JobClock> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!await StartedAsync(stoppingToken).ConfigureAwait(false)) return;
        try
        {
            Schedule();
        }
        catch (Exception e)
        {
            // The outbox is still listened to; a restart tries again.
            NotSet(log, e);
        }
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
    }

    private void Schedule()
    {
        foreach (var job in runner.Jobs)
            clock.AddOrUpdate<JobRunner>(job.Id, r => r.TickAsync(job.Id), job.Cron, new RecurringJobOptions { TimeZone = BureauTime.Zone });
        // A job that an earlier version had and this one has not.
        using var connection = storage.GetConnection();
        foreach (var gone in connection.GetRecurringJobs().Where(r => runner.Jobs.All(j => j.Id != r.Id))) clock.RemoveIfExists(gone.Id);
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

    [LoggerMessage(EventId = 3011, Level = LogLevel.Debug, Message = "The jobs end with the process")]
    private static partial void Ended(ILogger log);
}
