using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Jobs;
using CivilAffairs.Web.Platform.Time;

namespace CivilAffairs.Web.Features.Reminders;

/// <summary>The deadline watch 期限提醒: by day, so that nobody's letter comes at midnight; what a new task's short limit brings comes within ten minutes.</summary>
internal sealed class DeadlineJob(DeadlineWatch watch, SupervisionWatch supervision) : IJob
{
    public string Id => "deadlines";
    public string Cron => "*/10 7-20 * * *";

    public Task<int?> BacklogAsync(CivilAffairsDb db, DateTimeOffset now, int most, CancellationToken cancel) =>
        db.Set<WorkTask>().Where(t => t.State == TaskState.Open && t.WatchOn != null && t.WatchOn <= BureauTime.Day(now)).UpToAsync(most, cancel);

    public async Task<int> RunAsync(CancellationToken cancel)
    {
        // Both are tried: a task that is wrong keeps nobody from being told of an order.
        var faults = new List<Exception>();
        var letters = 0;
        foreach (var round in (Func<CancellationToken, Task<int>>[])[watch.RunAsync, supervision.RunAsync])
        {
            try
            {
                letters += await round(cancel).ConfigureAwait(false);
            }
            catch (AggregateException e)
            {
                faults.AddRange(e.InnerExceptions);
            }
        }
        return faults.Count == 0 ? letters : throw new AggregateException(faults);
    }
}
