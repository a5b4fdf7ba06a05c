using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Jobs;

namespace CivilAffairs.Web.Features.Jobs;

/// <summary>Fires the timers of cases that are due.</summary>
internal sealed class TimerJob(CaseTimers timers) : IJob
{
    private const int Round = 200;

    public string Id => "case-timers";
    public string Cron => "* * * * *";

    public Task<int?> BacklogAsync(CivilAffairsDb db, DateTimeOffset now, int most, CancellationToken cancel) =>
        db.Set<CaseTimer>().Where(t => t.State == TimerState.Waiting && t.DueAt <= now).UpToAsync(most, cancel);

    public async Task<int> RunAsync(CancellationToken cancel)
    {
        for (var all = 0; ;)
        {
            var fired = await timers.FireDueAsync(Round, cancel).ConfigureAwait(false);
            all += fired;
            // Fewer: nothing is left but cases that cannot go on, which another round would not help.
            if (fired < Round) return all;
        }
    }
}
