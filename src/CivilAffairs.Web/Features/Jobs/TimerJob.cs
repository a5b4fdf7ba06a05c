using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Jobs;

namespace CivilAffairs.Web.Features.Jobs;

/// <summary>Fires the timers of cases that are due.</summary>
internal sealed class TimerJob(CaseTimers timers) : IJob
{
    private const int Batch = 500;

    public string Id => "case-timers";
    public string Cron => "* * * * *";

    public Task<int?> BacklogAsync(CivilAffairsDb db, DateTimeOffset now, int most, CancellationToken cancel) =>
        db.Set<CaseTimer>().Where(t => t.State == TimerState.Waiting && t.DueAt <= now).UpToAsync(most, cancel);

    public Task<int> RunAsync(CancellationToken cancel) => timers.FireDueAsync(Batch, cancel);
}
