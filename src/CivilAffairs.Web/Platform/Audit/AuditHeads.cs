using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Time;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Platform.Audit;

/// <summary>
/// One head for each day of the bureau, without gaps: SHA-256 over the head of the day before, the day, and the hashes of
/// the lines that came since. A line's hash covers its chain, its number and the line before it, so whoever holds one head
/// (printed, or in a shipped log) can prove everything up to that night. Each line is read for one head only.
/// </summary>
public static class AuditHeads
{
    /// <summary>The chain in which each closing is written down, so that a head cannot be taken out quietly.</summary>
    public const string Chain = "heads";
    internal const string Closed = "day.closed";

    // The last instant that is closed, by database.
    private static readonly ConcurrentDictionary<string, DateTimeOffset> Ends = new();

    /// <summary>Reads how far the days are closed: at the start, with each closing, and where a clock was put back.</summary>
    public static async Task LearnAsync(IReader reader, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(reader);
        await using var db = reader.Open();
        await db.Database.OpenConnectionAsync(cancel).ConfigureAwait(false);
        if (await db.Set<AuditHead>().OrderByDescending(h => h.Day).FirstOrDefaultAsync(cancel).ConfigureAwait(false) is { } last) Ends[KeyOf(db)] = last.At;
    }

    /// <summary>
    /// When a line is dated. A clock that was ahead has closed days that are not over, and a line slipped into a closed day is
    /// what a head shows: so what comes on such a day is dated right after it. See docs/adr/0060.
    /// </summary>
    internal static DateTimeOffset Dated(CivilAffairsDb db, DateTimeOffset at) => Ends.TryGetValue(KeyOf(db), out var end) && at <= end ? end.AddMicroseconds(1) : at;

    // Of an open connection: the file or the server itself, however it was named.
    private static string KeyOf(CivilAffairsDb db) => db.Database.GetDbConnection() is var open ? $"{open.DataSource} {open.Database}" : "";

    /// <summary>The last instant of a day in the bureau's zone, in the database's precision: what comes at midnight belongs to the next.</summary>
    public static DateTimeOffset EndOf(DateOnly day) => BureauTime.Start(day.AddDays(1)).AddMicroseconds(-1);

    /// <summary>
    /// Closes the day after the last closed one. An installation's first head covers everything up to
    /// <paramref name="through"/>; an installation without a line has none yet.
    /// </summary>
    /// <param name="through">The last day that may be closed: nothing dated in it is still being committed.</param>
    /// <param name="now">When this is done.</param>
    /// <returns>The day's head, this one or one that another node made meanwhile; null: nothing is left to close.</returns>
    /// <exception cref="DbUpdateException">Another node closed the day in this very moment: call again.</exception>
    /// <remarks>Power failure: the head is there with its line in the audit, or neither is, and the next call does it.</remarks>
    public static async Task<AuditHead?> CloseNextAsync(IReader reader, IWriter writer, DateOnly through, DateTimeOffset now, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(reader);
        ArgumentNullException.ThrowIfNull(writer);
        await using var db = reader.Open();
        await db.Database.OpenConnectionAsync(cancel).ConfigureAwait(false);
        var last = await db.Set<AuditHead>().OrderByDescending(h => h.Day).FirstOrDefaultAsync(cancel).ConfigureAwait(false);
        if (last is not null) Ends[KeyOf(db)] = last.At;
        if (last?.Day >= through) return null;
        var day = last?.Day.AddDays(1) ?? through;
        var end = EndOf(day);
        // A closed day stands still, so it is read outside of the transaction and keeps no writer waiting.
        var (hash, count) = await HashAsync(db, last, day, end, cancel).ConfigureAwait(false);
        if (last is null && count == 0) return null;
        var head = new AuditHead { Day = day, At = end, Entries = (last?.Entries ?? 0) + count, Hash = hash };
        var made = await writer.WriteAsync(async (write, token) =>
        {
            if (await write.Set<AuditHead>().AsNoTracking().FirstOrDefaultAsync(h => h.Day == day, token).ConfigureAwait(false) is { } quicker) return quicker;
            write.Add(head);
            await write.AppendAsync(Chain, Guid.Empty, Closed, new ClosedDay(day, hash), now).ConfigureAwait(false);
            return head;
        }, cancel).ConfigureAwait(false);
        Ends[KeyOf(db)] = made.At;
        return made;
    }

    /// <returns>One line for each head that does not fit, is missing, or was never written down.</returns>
    /// <param name="written">What the chain <see cref="Chain"/> says: day and hash.</param>
    internal static async IAsyncEnumerable<string> FaultsAsync(CivilAffairsDb db, IReadOnlyList<AuditHead> heads, IReadOnlyDictionary<DateOnly, string> written, [EnumeratorCancellation] CancellationToken cancel)
    {
        AuditHead? last = null;
        foreach (var head in heads)
        {
            for (var day = last?.Day.AddDays(1) ?? head.Day; day < head.Day; day = day.AddDays(1)) yield return $"{day:yyyy-MM-dd}: the head of the day is missing";
            var (hash, count) = await HashAsync(db, last, head.Day, head.At, cancel).ConfigureAwait(false);
            if (hash != head.Hash || head.Entries != (last?.Entries ?? 0) + count || head.At != EndOf(head.Day)) yield return $"{head.Day:yyyy-MM-dd}: the head of the day does not fit";
            else if (written.GetValueOrDefault(head.Day) != head.Hash) yield return $"{head.Day:yyyy-MM-dd}: the audit does not say that this head was made";
            last = head;
        }
        foreach (var day in written.Keys.Where(d => last is null || d > last.Day).Order()) yield return $"{day:yyyy-MM-dd}: the head of the day is missing";
    }

    /// <summary>Head of a day, from the one before and the lines since; reads each of those lines once, in no more memory than one needs.</summary>
    private static async Task<(string Hash, long Lines)> HashAsync(CivilAffairsDb db, AuditHead? last, DateOnly day, DateTimeOffset end, CancellationToken cancel)
    {
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        sha.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{last?.Hash}\n{day:yyyy-MM-dd}")));
        var lines = db.Set<AuditEntry>().AsNoTracking().Where(a => a.At <= end);
        if (last is not null) lines = lines.Where(a => a.At > last.At);
        var count = 0L;
        // In the order of the hashes: hexadecimal digits sort alike in every database and collation, names of chains do not.
        await foreach (var hash in lines.OrderBy(a => a.Hash).Select(a => a.Hash).AsAsyncEnumerable().WithCancellation(cancel).ConfigureAwait(false))
        {
            sha.AppendData(Encoding.UTF8.GetBytes($"\n{hash}"));
            count++;
        }
        return (Convert.ToHexStringLower(sha.GetHashAndReset()), count);
    }

    internal sealed record ClosedDay(DateOnly Day, string Hash);
}
