using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CivilAffairs.Web.Platform.Data;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Platform.Audit;

/// <summary>
/// Appends to the audit and proves it. A line's hash covers the line before it, so nobody can change, take out or slip
/// in a line without every later hash of the chain changing, and with it the nightly head.
/// </summary>
public static class AuditTrail
{
    public const string Accounts = "accounts", Settings = "settings";

    /// <summary>Appends within the caller's transaction. The caller must hold the chain: a case's row locked, or SQLite's one writer.</summary>
    /// <param name="details">Serialised as JSON: references and codes, no personal data.</param>
    public static async Task AppendAsync(this CivilAffairsDb db, string chain, Guid actor, string action, object? details, DateTimeOffset at)
    {
        ArgumentNullException.ThrowIfNull(db);
        var last = db.ChangeTracker.Entries<AuditEntry>().Select(e => e.Entity).Where(a => a.Chain == chain).MaxBy(a => a.Sequence)
            ?? await db.Set<AuditEntry>().AsNoTracking().Where(a => a.Chain == chain).OrderByDescending(a => a.Sequence).FirstOrDefaultAsync().ConfigureAwait(false);
        var entry = new AuditEntry
        {
            Chain = chain,
            Sequence = (last?.Sequence ?? 0) + 1,
            // As the database will give it back, so that the hash can be computed again.
            At = new DateTimeOffset(UtcConverter.Cut(at.UtcDateTime)),
            ActorId = actor,
            Action = action,
            Details = details is null ? "{}" : JsonSerializer.Serialize(details, JsonSerializerOptions.Web),
            Hash = "",
        };
        entry.Hash = HashOf(entry, last?.Hash ?? "");
        db.Add(entry);
    }

    internal static string HashOf(AuditEntry entry, string previous)
    {
        var line = string.Join('\n', previous, entry.Chain, entry.Sequence, entry.At.UtcTicks, entry.ActorId, entry.Action, entry.Details.Length, entry.Details);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(line)));
    }

    /// <summary>Closes a day: one hash over all chains as they stand.</summary>
    public static async Task<AuditHead> CloseDayAsync(this CivilAffairsDb db, DateOnly day, DateTimeOffset at, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(db);
        if (await db.Set<AuditHead>().FirstOrDefaultAsync(h => h.Day == day, cancel).ConfigureAwait(false) is { } done) return done;
        var previous = await db.Set<AuditHead>().OrderByDescending(h => h.Day).Select(h => h.Hash).FirstOrDefaultAsync(cancel).ConfigureAwait(false) ?? "";
        var cut = new DateTimeOffset(UtcConverter.Cut(at.UtcDateTime));
        var (hash, count) = await HeadAsync(db, previous, cut, cancel).ConfigureAwait(false);
        var head = new AuditHead { Day = day, At = cut, Entries = count, Hash = hash };
        db.Add(head);
        return head;
    }

    /// <summary>The head over everything written until <paramref name="until"/>.</summary>
    internal static async Task<(string Hash, long Entries)> HeadAsync(CivilAffairsDb db, string previous, DateTimeOffset until, CancellationToken cancel)
    {
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        sha.AppendData(Encoding.UTF8.GetBytes(previous));
        var count = 0L;
        var lines = db.Set<AuditEntry>().AsNoTracking().Where(a => a.At <= until).OrderBy(a => a.Chain).ThenBy(a => a.Sequence)
            .Select(a => new { a.Chain, a.Sequence, a.Hash }).AsAsyncEnumerable();
        await foreach (var line in lines.WithCancellation(cancel).ConfigureAwait(false))
        {
            sha.AppendData(Encoding.UTF8.GetBytes($"\n{line.Chain} {line.Sequence} {line.Hash}"));
            count++;
        }
        return (Convert.ToHexStringLower(sha.GetHashAndReset()), count);
    }

    /// <summary>Reads the whole audit once and names everything that does not fit.</summary>
    /// <returns>One line per fault; empty: the audit is whole.</returns>
    public static async Task<IReadOnlyList<string>> VerifyAsync(this CivilAffairsDb db, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(db);
        var faults = new List<string>();
        AuditEntry? last = null;
        var lines = db.Set<AuditEntry>().AsNoTracking().OrderBy(a => a.Chain).ThenBy(a => a.Sequence).AsAsyncEnumerable();
        await foreach (var entry in lines.WithCancellation(cancel).ConfigureAwait(false))
        {
            if (last?.Chain != entry.Chain) last = null;
            if (entry.Sequence != (last?.Sequence ?? 0) + 1) faults.Add($"{entry.Chain} {entry.Sequence}: a line before it is missing");
            else if (HashOf(entry, last?.Hash ?? "") != entry.Hash) faults.Add($"{entry.Chain} {entry.Sequence}: the line was changed");
            last = entry;
        }
        var previous = "";
        foreach (var head in await db.Set<AuditHead>().AsNoTracking().OrderBy(h => h.Day).ToListAsync(cancel).ConfigureAwait(false))
        {
            var (hash, count) = await HeadAsync(db, previous, head.At, cancel).ConfigureAwait(false);
            if (hash != head.Hash || count != head.Entries) faults.Add($"{head.Day:yyyy-MM-dd}: the head of the day does not fit");
            previous = head.Hash;
        }
        return faults;
    }
}
