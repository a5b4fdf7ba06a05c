using System.Collections.Concurrent;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Jobs;
using CivilAffairs.Web.Platform.Telemetry;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Jobs;

/// <summary>Runs jobs by their id, each one at a time in this process, and notes how it went.</summary>
internal sealed partial class JobRunner(IEnumerable<IJob> jobs, IWriter writer, TimeProvider time, IFilling filling, IHostApplicationLifetime lifetime, ILogger<JobRunner> log)
{
    private static readonly TimeSpan Noted = TimeSpan.FromMinutes(1);
    private readonly Dictionary<string, IJob> jobs = jobs.ToDictionary(j => j.Id);
    private readonly ConcurrentDictionary<string, SemaphoreSlim> gates = new();
    private readonly ConcurrentDictionary<string, DateTimeOffset> noted = new();

    private long lastTick = time.GetUtcNow().UtcTicks;

    internal IReadOnlyCollection<IJob> Jobs => jobs.Values;

    /// <summary>Called by the clock: skipped while the same job still runs, since that run sees what is due now.</summary>
    public Task TickAsync(string id)
    {
        Interlocked.Exchange(ref lastTick, time.GetUtcNow().UtcTicks);
        return RunAsync(id, wait: false, lifetime.ApplicationStopping);
    }

    /// <summary>When the clock last called this process; its start, while it has not.</summary>
    internal DateTimeOffset LastTick => new(Interlocked.Read(ref lastTick), TimeSpan.Zero);

    /// <summary>Waits for a run that has begun, then runs again: what was written meanwhile it may not have seen.</summary>
    /// <param name="askedBy">The account that asked for it; null: nobody did.</param>
    internal Task NowAsync(string id, CancellationToken cancel, Guid? askedBy = null) => RunAsync(id, wait: true, cancel, askedBy);

    private async Task RunAsync(string id, bool wait, CancellationToken cancel, Guid? askedBy = null)
    {
        if (!jobs.TryGetValue(id, out var job))
        {
            Unknown(log, id);
            return;
        }
        // Whoever fills it runs the jobs once afterwards.
        if (filling.Now is not null) return;
        var gate = gates.GetOrAdd(id, _ => new SemaphoreSlim(1));
        if (!await gate.WaitAsync(wait ? Timeout.InfiniteTimeSpan : TimeSpan.Zero, cancel).ConfigureAwait(false)) return;
        try
        {
            await OnceAsync(job, askedBy, cancel).ConfigureAwait(false);
        }
        finally
        {
            gate.Release();
        }
    }

    private async Task OnceAsync(IJob job, Guid? askedBy, CancellationToken cancel)
    {
        var started = time.GetUtcNow();
        // A job that comes every few seconds and finds nothing is noted once a minute, so that idling does not write.
        var quiet = noted.TryGetValue(job.Id, out var last) && started - last < Noted && started >= last;
        if (!quiet) await NoteAsync(job.Id, run => run.LastStartedAt = started).ConfigureAwait(false);
        var (done, error) = (0, (string?)null);
        using var span = ProductTelemetry.Source.StartActivity($"job {job.Id}");
        var began = time.GetTimestamp();
        try
        {
            done = await job.RunAsync(cancel).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            return;
        }
        catch (Exception e)
        {
            error = (e as AggregateException)?.InnerExceptions[0].GetType().Name ?? e.GetType().Name;
            Failed(log, e, job.Id);
        }
        finally
        {
            ProductTelemetry.Jobs.Record(time.GetElapsedTime(began), "civilaffairs.job", job.Id, error is null ? "done" : "failed", error, span);
        }
        if (quiet && done == 0 && error is null && askedBy is null) return;
        noted[job.Id] = started;
        var finished = time.GetUtcNow();
        // What found nothing to do is no history.
        var history = done > 0 || error is not null || askedBy is not null ? new JobHistory { Job = job.Id, StartedAt = started, FinishedAt = finished, Done = done, Error = error, AskedById = askedBy } : null;
        await NoteAsync(job.Id, run =>
        {
            (run.LastStartedAt, run.LastFinishedAt, run.LastError) = (started, finished, error);
            if (done > 0) run.Done = done;
        }, history).ConfigureAwait(false);
    }

    private async Task NoteAsync(string id, Action<JobRun> note, JobHistory? history = null)
    {
        try
        {
            await writer.WriteAsync(async (db, token) =>
            {
                var run = await db.Set<JobRun>().FirstOrDefaultAsync(r => r.Id == id, token).ConfigureAwait(false);
                if (run is null) db.Add(run = new JobRun { Id = id });
                note(run);
                if (history is null) return 0;
                db.Add(history);
                var old = await db.Set<JobHistory>().Where(h => h.Job == id).OrderByDescending(h => h.Id).Skip(JobHistory.Kept - 1).Take(JobHistory.Kept).ToListAsync(token).ConfigureAwait(false);
                db.RemoveRange(old);
                return 0;
            }).ConfigureAwait(false);
        }
        catch (Exception e) when (e is DbUpdateException or BusyException)
        {
            // Two nodes wrote the first note at once, or the database is busy: the work counts, not the note.
            NotNoted(log, id, e.GetType().Name);
        }
    }

    [LoggerMessage(EventId = 3000, Level = LogLevel.Warning, Message = "The clock names a job {Job} that this version does not have")]
    private static partial void Unknown(ILogger log, string job);

    [LoggerMessage(EventId = 3001, Level = LogLevel.Error, Message = "Job {Job} failed")]
    private static partial void Failed(ILogger log, Exception e, string job);

    [LoggerMessage(EventId = 3002, Level = LogLevel.Debug, Message = "A run of {Job} was not noted: {Kind}")]
    private static partial void NotNoted(ILogger log, string job, string kind);
}
