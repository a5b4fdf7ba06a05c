using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Jobs;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Designer.Moves;

/// <summary>Goes on with moves of running cases, oldest first, where whoever ordered them is gone or the process was ended.</summary>
internal sealed class MoveJob(IReader reader, MoveRunner runner) : IJob
{
    private const int Most = 20;

    public string Id => "case-moves";
    public string Cron => "*/10 * * * * *";

    public Task<int?> BacklogAsync(CivilAffairsDb db, DateTimeOffset now, int most, CancellationToken cancel) =>
        db.Set<CaseMoveEntry>().Where(e => db.Set<CaseMove>().Any(m => m.Id == e.MoveId && ((m.State == MoveState.Moving && e.State == MoveEntryState.Waiting) || (m.State == MoveState.Undoing && e.State == MoveEntryState.Moved)))).UpToAsync(most, cancel);

    public async Task<int> RunAsync(CancellationToken cancel)
    {
        await using var db = reader.Open();
        var dealt = 0;
        foreach (var id in await db.Set<CaseMove>().Where(m => m.State == MoveState.Moving || m.State == MoveState.Undoing).OrderBy(m => m.Id).Select(m => m.Id).Take(Most).ToListAsync(cancel).ConfigureAwait(false))
            dealt += await runner.RunAsync(id, null, cancel).ConfigureAwait(false);
        return dealt;
    }
}
