using CivilAffairs.Web.Platform.Audit;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Jobs;
using CivilAffairs.Web.Platform.Time;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Jobs;

/// <summary>
/// Closes the audit's day at night. Each head covers everything before it, so a night on which nothing ran is covered by
/// the next one.
/// </summary>
internal sealed class AuditHeadJob(IWriter writer, TimeProvider time) : IJob
{
    // Midnight is closed only after what was begun before it has surely been committed.
    private static readonly TimeSpan Settling = TimeSpan.FromMinutes(5);

    public string Id => "audit-head";
    public string Cron => "10 0 * * *";

    // A first start writes older lines (seeding, imports); a head before them would not fit afterwards.
    public bool AtStart => false;

    public async Task<int> RunAsync(CancellationToken cancel)
    {
        var today = BureauTime.Day(time.GetUtcNow() - Settling);
        var midnight = new DateTimeOffset(today.ToDateTime(TimeOnly.MinValue), BureauTime.Zone.GetUtcOffset(today.ToDateTime(TimeOnly.MinValue)));
        var day = today.AddDays(-1);
        try
        {
            return await CloseAsync(day, midnight, cancel).ConfigureAwait(false);
        }
        catch (DbUpdateException)
        {
            // Another node closed it in the same moment; now it is found.
            return await CloseAsync(day, midnight, cancel).ConfigureAwait(false);
        }
    }

    private Task<int> CloseAsync(DateOnly day, DateTimeOffset midnight, CancellationToken cancel) => writer.WriteAsync(async (db, token) =>
    {
        if (await db.Set<AuditHead>().AnyAsync(h => h.Day == day, token).ConfigureAwait(false)) return 0;
        // To the microsecond before midnight: what comes at midnight belongs to the next day.
        await db.CloseDayAsync(day, midnight.ToUniversalTime().AddMicroseconds(-1), token).ConfigureAwait(false);
        return 1;
    }, cancel);
}
