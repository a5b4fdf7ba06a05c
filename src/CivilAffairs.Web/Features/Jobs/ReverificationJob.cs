using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Jobs;
using CivilAffairs.Web.Platform.Time;

namespace CivilAffairs.Web.Features.Jobs;

/// <summary>Opens the re-verifications 定期复核 that are due today, and every hour of the day what is left. Run again, or on two nodes, it opens nothing twice.</summary>
internal sealed class ReverificationJob(Reverifications reverifications) : IJob
{
    private const int Batch = 200;

    public string Id => Reverifications.Job;
    public string Cron => "20 6-20 * * *";

    public Task<int?> BacklogAsync(CivilAffairsDb db, DateTimeOffset now, int most, CancellationToken cancel) =>
        db.Set<PlannedReverification>().Where(p => p.SettledAt == null && p.DueOn <= BureauTime.Day(now)).UpToAsync(most, cancel);

    public Task<int> RunAsync(CancellationToken cancel) => reverifications.OpenDueAsync(Batch, cancel);
}
