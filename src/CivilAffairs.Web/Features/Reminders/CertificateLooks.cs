using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Platform.Data;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Reminders;

/// <summary>
/// Takes what is to be looked at off the plan and puts the next days on it, in the caller's transaction: after a power
/// failure a certificate is on the plan as before, or as its reminders say. See docs/adr/0046.
/// </summary>
internal static class CertificateLooks
{
    /// <summary>Certificates that nobody planned yet; from here on the plan has their days.</summary>
    public static async Task<IReadOnlyList<(Certificate Certificate, IReadOnlyList<DateOnly> On)>> UnplannedAsync(CivilAffairsDb db, IReadOnlyList<Guid> ids, DateOnly today)
    {
        var certificates = (await db.LockFreeAsync<Certificate>(ids, tracked: false).ConfigureAwait(false)).Where(c => c.WatchOn <= today).ToList();
        var taken = certificates.ConvertAll(c => c.Id);
        await db.Set<Certificate>().Where(c => EF.Parameter(taken).Contains(c.Id)).ExecuteUpdateAsync(s => s.SetProperty(c => c.WatchOn, (DateOnly?)null)).ConfigureAwait(false);
        return certificates.ConvertAll(c => (c, (IReadOnlyList<DateOnly>)[]));
    }

    /// <summary>Lines whose day has come, with their certificates; one that another node works on is left to it.</summary>
    /// <returns>Each certificate once, with its days.</returns>
    public static async Task<IReadOnlyList<(Certificate Certificate, IReadOnlyList<DateOnly> On)>> TakeAsync(CivilAffairsDb db, IReadOnlyList<Guid> ids, DateOnly today) =>
        await OfAsync(db, await TakeLinesAsync(db, ids, today).ConfigureAwait(false)).ConfigureAwait(false);

    /// <summary>Lines whose day has come, left where they are.</summary>
    internal static async Task<IReadOnlyList<CertificateLook>> DueAsync(CivilAffairsDb db, IReadOnlyList<Guid> ids, DateOnly today) =>
        await db.Set<CertificateLook>().AsNoTracking().Where(l => l.On <= today && EF.Parameter(ids).Contains(l.CertificateId)).ToListAsync().ConfigureAwait(false);

    /// <summary>The certificates of lines.</summary>
    /// <returns>Each certificate once, with its days.</returns>
    internal static async Task<IReadOnlyList<(Certificate Certificate, IReadOnlyList<DateOnly> On)>> OfAsync(CivilAffairsDb db, IReadOnlyList<CertificateLook> lines)
    {
        // Two lines of one, by old rules and new or after days of rest, are one look.
        var of = lines.ToLookup(l => l.CertificateId, l => l.On);
        var found = of.Select(g => g.Key).ToList();
        var certificates = await db.Set<Certificate>().AsNoTracking().Where(c => EF.Parameter(found).Contains(c.Id)).ToListAsync().ConfigureAwait(false);
        return [.. certificates.OrderBy(c => c.Id).Select(c => (c, (IReadOnlyList<DateOnly>)[.. of[c.Id]]))];
    }

    internal static async Task<IReadOnlyList<CertificateLook>> TakeLinesAsync(CivilAffairsDb db, IReadOnlyList<Guid> ids, DateOnly today)
    {
        var looks = db.Set<CertificateLook>();
        if (db.LocksRows)
            // By their places: read once, locked and gone in one statement.
            return await looks.FromSql($"""
                DELETE FROM certificate_looks WHERE ctid = ANY(ARRAY(
                    SELECT ctid FROM certificate_looks WHERE "On" <= {today} AND "CertificateId" = ANY({ids.ToArray()}) ORDER BY "On", "CertificateId" FOR UPDATE SKIP LOCKED))
                RETURNING *
                """).AsNoTracking().ToListAsync().ConfigureAwait(false);
        var lines = await DueAsync(db, ids, today).ConfigureAwait(false);
        await looks.Where(l => l.On <= today && EF.Parameter(ids).Contains(l.CertificateId)).ExecuteDeleteAsync().ConfigureAwait(false);
        return lines;
    }

    /// <summary>Puts days on the plan; one that is there stays.</summary>
    public static async Task PlanAsync(CivilAffairsDb db, IReadOnlyCollection<CertificateLook> looks)
    {
        // Those of a stage end on one day and have the next one on one day too: a handful of statements for all.
        foreach (var some in looks.GroupBy(l => l.On, l => l.CertificateId))
        {
            var ids = some.Order().ToList();
            if (db.LocksRows)
                await db.Database.ExecuteSqlAsync($"""INSERT INTO certificate_looks ("On", "CertificateId") SELECT {some.Key}, id FROM unnest({ids.ToArray()}) AS id ON CONFLICT DO NOTHING""").ConfigureAwait(false);
            else
                await db.Database.ExecuteSqlAsync($"""INSERT INTO certificate_looks ("On", "CertificateId") SELECT {some.Key}, value FROM json_each({Json(ids)}) WHERE true ON CONFLICT DO NOTHING""").ConfigureAwait(false);
        }
    }

    /// <summary>What had its day and is to be looked at again on another.</summary>
    public static async Task<int> PostponeAsync(CivilAffairsDb db, IReadOnlyCollection<Guid> ids, DateOnly today, DateOnly until, CancellationToken cancel)
    {
        await db.Set<CertificateLook>().Where(l => l.On <= today && EF.Parameter(ids).Contains(l.CertificateId)).ExecuteDeleteAsync(cancel).ConfigureAwait(false);
        await PlanAsync(db, [.. ids.Select(id => new CertificateLook { On = until, CertificateId = id })]).ConfigureAwait(false);
        return ids.Count;
    }

    // As EF writes them.
    private static string Json(IEnumerable<Guid> ids) => System.Text.Json.JsonSerializer.Serialize(ids.Select(id => id.ToString().ToUpperInvariant()));
}
