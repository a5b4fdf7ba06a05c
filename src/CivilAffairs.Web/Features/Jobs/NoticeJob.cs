using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Jobs;
using CivilAffairs.Web.Platform.Time;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Jobs;

/// <summary>Marks notices whose last day is over as taken down. Nobody sees them after that day anyway; their mark keeps the indexes of what hangs small.</summary>
internal sealed class NoticeJob(IWriter writer, TimeProvider time) : IJob
{
    public string Id => "notices-down";
    public string Cron => "5 0 * * *";

    public Task<int?> BacklogAsync(CivilAffairsDb db, DateTimeOffset now, int most, CancellationToken cancel) =>
        db.Set<PublicNotice>().Where(n => n.TakenDownAt == null && n.LastDay < BureauTime.Day(now)).UpToAsync(most, cancel);

    public Task<int> RunAsync(CancellationToken cancel)
    {
        var (now, today) = (time.GetUtcNow(), time.Today());
        return writer.WriteAsync((db, token) => db.Set<PublicNotice>().Where(n => n.TakenDownAt == null && n.LastDay < today).ExecuteUpdateAsync(s => s.SetProperty(n => n.TakenDownAt, now), token), cancel);
    }
}
