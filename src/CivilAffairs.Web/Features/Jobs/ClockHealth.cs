using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Jobs;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace CivilAffairs.Web.Features.Jobs;

/// <summary>
/// The jobs' clock ticks. With several nodes it is enough that one of them is called, since then the work is done: a
/// clock that stopped everywhere is what keeps timers from firing.
/// </summary>
internal sealed class ClockHealth(JobRunner runner, IReader reader, TimeProvider time) : IHealthCheck
{
    /// <summary>Five times the pause between two runs of the jobs that come every minute.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        // Later than now: a clock that was ahead called, which says nothing about this one.
        var (since, until) = (time.GetUtcNow() - Patience, time.GetUtcNow() + Patience);
        if (runner.LastTick >= since && runner.LastTick <= until) return HealthCheckResult.Healthy();
        // A job that also follows commits may have run without the clock.
        var ticking = runner.Jobs.Where(j => !j.AfterOutbox).Select(j => j.Id).ToList();
        await using var db = reader.Open();
        return await db.Set<JobRun>().AnyAsync(r => ticking.Contains(r.Id) && r.LastStartedAt >= since && r.LastStartedAt <= until, cancellationToken).ConfigureAwait(false)
            ? HealthCheckResult.Healthy()
            : HealthCheckResult.Unhealthy($"The clock of the jobs has called nobody for {(int)(time.GetUtcNow() - runner.LastTick).TotalMinutes} minutes: timers of cases do not fire.");
    }
}
