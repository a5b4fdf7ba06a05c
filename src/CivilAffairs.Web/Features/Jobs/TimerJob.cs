using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Jobs;

namespace CivilAffairs.Web.Features.Jobs;

/// <summary>Fires the timers of cases that are due.</summary>
internal sealed class TimerJob(CaseTimers timers, TimeProvider time) : IJob
{
    private const int Batch = 500;

    /// <summary>What is due for longer, while the job comes every minute, belongs to a case that cannot go on.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    public string Id => "case-timers";
    public string Cron => "* * * * *";

    public Task<int?> BacklogAsync(CivilAffairsDb db, DateTimeOffset now, int most, CancellationToken cancel) =>
        db.Set<CaseTimer>().Where(t => t.State == TimerState.Waiting && t.DueAt <= now).UpToAsync(most, cancel);

    public Task<int?> StuckAsync(CivilAffairsDb db, int most, CancellationToken cancel)
    {
        var since = time.GetUtcNow() - Patience;
        return db.Set<CaseTimer>().Where(t => t.State == TimerState.Waiting && t.DueAt <= since).UpToAsync(most, cancel);
    }

    public Task<int> RunAsync(CancellationToken cancel) => timers.FireDueAsync(Batch, cancel);
}
