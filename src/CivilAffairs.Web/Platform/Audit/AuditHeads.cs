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

    /// <summary>Closed by one transaction at most: days, and lines of theirs beyond which no other day is begun.</summary>
    internal const int Days = 366, Lines = 200_000;

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
    /// Closes the days after the last closed one, as many as one transaction may: a clock that went ten years on takes a dozen
    /// of them. An installation's first head covers everything up to <paramref name="through"/>; an installation without a
    /// line has none yet.
    /// </summary>
    /// <param name="through">The last day that may be closed: nothing dated in it is still being committed.</param>
    /// <param name="now">When this is done.</param>
    /// <returns>The heads of the next days, these or those that another node made meanwhile; none: nothing is left to close.</returns>
    /// <exception cref="DbUpdateException">Another node closed one of the days in this very moment: call again.</exception>
    /// <remarks>Power failure: the heads are there with their lines in the audit, or none of this call is, and the next call makes them.</remarks>
    public static async Task<IReadOnlyList<AuditHead>> CloseAsync(IReader reader, IWriter writer, DateOnly through, DateTimeOffset now, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(reader);
        ArgumentNullException.ThrowIfNull(writer);
        await using var db = reader.Open();
        await db.Database.OpenConnectionAsync(cancel).ConfigureAwait(false);
        var last = await db.Set<AuditHead>().OrderByDescending(h => h.Day).FirstOrDefaultAsync(cancel).ConfigureAwait(false);
        if (last is not null) Ends[KeyOf(db)] = last.At;
        // Closed days stand still, so they are read outside of the transaction and keep no writer waiting.
        var heads = await ComputeAsync(db, last, through, cancel).ConfigureAwait(false);
        if (heads.Count == 0) return heads;
        var (first, end) = (heads[0].Day, heads[^1].Day);
        var made = await writer.WriteAsync<IReadOnlyList<AuditHead>>(async (write, token) =>
        {
            if (await write.Set<AuditHead>().AsNoTracking().Where(h => h.Day >= first && h.Day <= end).OrderBy(h => h.Day).ToListAsync(token).ConfigureAwait(false) is { Count: > 0 } quicker) return quicker;
            write.AddRange(heads);
            foreach (var head in heads) await write.AppendAsync(Chain, Guid.Empty, Closed, new ClosedDay(head.Day, head.Hash), now).ConfigureAwait(false);
            return heads;
        }, cancel).ConfigureAwait(false);
        Ends[KeyOf(db)] = made[^1].At;
        return made;
    }

    private static async Task<List<AuditHead>> ComputeAsync(CivilAffairsDb db, AuditHead? last, DateOnly through, CancellationToken cancel)
    {
        var (days, heads, first) = (new DayLines(db), new List<AuditHead>(), last?.Entries ?? 0);
        while ((last is null || last.Day < through) && heads.Count < Days && (last?.Entries ?? 0) - first < Lines)
        {
            var day = last?.Day.AddDays(1) ?? through;
            var (hash, count) = await days.HashAsync(last, day, EndOf(day), cancel).ConfigureAwait(false);
            if (last is null && count == 0) break;
            heads.Add(last = new AuditHead { Day = day, At = EndOf(day), Entries = (last?.Entries ?? 0) + count, Hash = hash });
        }
        return heads;
    }

    /// <returns>One line for each head that does not fit, is missing, or was never written down.</returns>
    /// <param name="written">What the chain <see cref="Chain"/> says: day and hash.</param>
    internal static async IAsyncEnumerable<string> FaultsAsync(CivilAffairsDb db, IReadOnlyList<AuditHead> heads, IReadOnlyDictionary<DateOnly, string> written, [EnumeratorCancellation] CancellationToken cancel)
    {
        var (days, last) = (new DayLines(db), (AuditHead?)null);
        foreach (var head in heads)
        {
            for (var day = last?.Day.AddDays(1) ?? head.Day; day < head.Day; day = day.AddDays(1)) yield return $"{day:yyyy-MM-dd}: the head of the day is missing";
            var (hash, count) = await days.HashAsync(last, head.Day, head.At, cancel).ConfigureAwait(false);
            if (hash != head.Hash || head.Entries != (last?.Entries ?? 0) + count || head.At != EndOf(head.Day)) yield return $"{head.Day:yyyy-MM-dd}: the head of the day does not fit";
            else if (written.GetValueOrDefault(head.Day) != head.Hash) yield return $"{head.Day:yyyy-MM-dd}: the audit does not say that this head was made";
            last = head;
        }
        foreach (var day in written.Keys.Where(d => last is null || d > last.Day).Order()) yield return $"{day:yyyy-MM-dd}: the head of the day is missing";
    }

    /// <summary>Heads computed day after day; of days without a line only the first is looked for.</summary>
    private sealed class DayLines(CivilAffairsDb db)
    {
        // No line is dated between these two.
        private DateTimeOffset from = DateTimeOffset.MaxValue, next = DateTimeOffset.MaxValue;

        /// <summary>Head of a day, from the one before and the lines since; reads each of those lines once, in no more memory than one needs.</summary>
        public async Task<(string Hash, long Lines)> HashAsync(AuditHead? last, DateOnly day, DateTimeOffset end, CancellationToken cancel)
        {
            using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            sha.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{last?.Hash}\n{day:yyyy-MM-dd}")));
            if (last is not null && from <= last.At && end < next) return (Convert.ToHexStringLower(sha.GetHashAndReset()), 0);
            var lines = db.Set<AuditEntry>().AsNoTracking().Where(a => a.At <= end);
            if (last is not null) lines = lines.Where(a => a.At > last.At);
            var count = 0L;
            // In the order of the hashes: hexadecimal digits sort alike in every database and collation, names of chains do not.
            await foreach (var hash in lines.OrderBy(a => a.Hash).Select(a => a.Hash).AsAsyncEnumerable().WithCancellation(cancel).ConfigureAwait(false))
            {
                sha.AppendData(Encoding.UTF8.GetBytes($"\n{hash}"));
                count++;
            }
            if (count == 0 && last is not null)
                (from, next) = (last.At, await db.Set<AuditEntry>().Where(a => a.At > end).OrderBy(a => a.At).Select(a => (DateTimeOffset?)a.At).FirstOrDefaultAsync(cancel).ConfigureAwait(false) ?? DateTimeOffset.MaxValue);
            return (Convert.ToHexStringLower(sha.GetHashAndReset()), count);
        }
    }

    internal sealed record ClosedDay(DateOnly Day, string Hash);
}
