using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Jobs;
using CivilAffairs.Web.Platform.Time;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Jobs;

/// <summary>
/// Marks notices whose last day is over as taken down. Nobody sees them after that day anyway; their mark keeps the indexes of
/// what hangs small. A batch is one statement: after a power failure, or on two nodes, nothing is marked twice.
/// </summary>
internal sealed class NoticeJob(IWriter writer, TimeProvider time) : IJob
{
    private const int Batch = 1_000;

    public string Id => "notices-down";
    public string Cron => "5 * * * *";

    public Task<int?> BacklogAsync(CivilAffairsDb db, DateTimeOffset now, int most, CancellationToken cancel) =>
        db.Set<PublicNotice>().Where(n => n.TakenDownAt == null && n.LastDay < BureauTime.Day(now)).UpToAsync(most, cancel);

    public async Task<int> RunAsync(CancellationToken cancel)
    {
        var (now, today) = (time.GetUtcNow(), time.Today());
        for (var all = 0; ;)
        {
            var down = await writer.WriteAsync((db, token) => db.Set<PublicNotice>()
                .Where(n => db.Set<PublicNotice>().Where(o => o.TakenDownAt == null && o.LastDay < today).OrderBy(o => o.LastDay).Select(o => o.Id).Take(Batch).Contains(n.Id) && n.TakenDownAt == null)
                .ExecuteUpdateAsync(s => s.SetProperty(n => n.TakenDownAt, now), token), cancel).ConfigureAwait(false);
            all += down;
            if (down < Batch) return all;
        }
    }
}
