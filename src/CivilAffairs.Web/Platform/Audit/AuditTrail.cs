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
    public const string Accounts = "accounts", Settings = "settings", Matters = "matters";

    /// <summary>After so many faults a proof stops: somebody has to look at the database itself.</summary>
    private const int MostFaults = 1000;

    /// <summary>Appends within the caller's transaction. The caller must hold the chain: a case's row locked, or SQLite's one writer.</summary>
    /// <param name="details">Serialised as JSON: references and codes, no personal data.</param>
    /// <param name="known">The chain's last line as it was read in this transaction; null: not read yet.</param>
    public static async Task AppendAsync(this CivilAffairsDb db, string chain, Guid actor, string action, object? details, DateTimeOffset at, AuditEntry? known = null)
    {
        ArgumentNullException.ThrowIfNull(db);
        var last = db.Appended.OfType<AuditEntry>().Concat(db.Tracked<AuditEntry>()).Where(a => a.Chain == chain).MaxBy(a => a.Sequence) ?? known
            ?? await db.Set<AuditEntry>().AsNoTracking().Where(a => a.Chain == chain).OrderByDescending(a => a.Sequence).FirstOrDefaultAsync().ConfigureAwait(false);
        var entry = new AuditEntry
        {
            Chain = chain,
            Sequence = (last?.Sequence ?? 0) + 1,
            // As the database will give it back, so that the hash can be computed again.
            At = new DateTimeOffset(UtcConverter.Cut(AuditHeads.Dated(db, at).UtcDateTime)),
            ActorId = actor,
            Action = action,
            Details = details is null ? "{}" : JsonSerializer.Serialize(details, JsonSerializerOptions.Web),
            Hash = "",
        };
        entry.Hash = HashOf(entry, last?.Hash ?? "");
        db.Append(entry);
    }

    internal static string HashOf(AuditEntry entry, string previous)
    {
        var line = string.Join('\n', previous, entry.Chain, entry.Sequence, entry.At.UtcTicks, entry.ActorId, entry.Action, entry.Details.Length, entry.Details);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(line)));
    }

    /// <summary>Reads the audit twice, once chain by chain and once day by day, and names everything that does not fit.</summary>
    /// <returns>One line per fault, at most <see cref="MostFaults"/>; empty: the audit is whole.</returns>
    /// <remarks>The last lines of a chain, taken out before a head covered them, leave no trace; nor does the last head with its line: hold a head kept elsewhere against it.</remarks>
    public static async Task<IReadOnlyList<string>> VerifyAsync(this CivilAffairsDb db, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(db);
        var faults = new List<string>();
        var written = new Dictionary<DateOnly, string>();
        var read = await db.Set<AuditHead>().MaxAsync(h => (DateOnly?)h.Day, cancel).ConfigureAwait(false);
        AuditEntry? last = null;
        var lines = db.Set<AuditEntry>().AsNoTracking().OrderBy(a => a.Chain).ThenBy(a => a.Sequence).AsAsyncEnumerable();
        await foreach (var entry in lines.WithCancellation(cancel).ConfigureAwait(false))
        {
            if (last?.Chain != entry.Chain) last = null;
            if (entry.Sequence != (last?.Sequence ?? 0) + 1) faults.Add($"{entry.Chain} {entry.Sequence}: a line before it is missing");
            else if (HashOf(entry, last?.Hash ?? "") != entry.Hash) faults.Add($"{entry.Chain} {entry.Sequence}: the line was changed");
            else if (entry is { Chain: AuditHeads.Chain, Action: AuditHeads.Closed } && JsonSerializer.Deserialize<AuditHeads.ClosedDay>(entry.Details, JsonSerializerOptions.Web) is { } closed) written[closed.Day] = closed.Hash;
            if (faults.Count >= MostFaults) return [.. faults, "There are more; the rest was not read."];
            last = entry;
        }
        // Once more after the lines: the server may have closed a day meanwhile, whose line was not read.
        var heads = await db.Set<AuditHead>().AsNoTracking().OrderBy(h => h.Day).ToListAsync(cancel).ConfigureAwait(false);
        heads.RemoveAll(h => (read is null || h.Day > read) && !written.ContainsKey(h.Day));
        await foreach (var fault in AuditHeads.FaultsAsync(db, heads, written, cancel).ConfigureAwait(false))
        {
            faults.Add(fault);
            if (faults.Count >= MostFaults) return [.. faults, "There are more; the rest was not read."];
        }
        return faults;
    }
}
