using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Outbox;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Mail;

/// <summary>The outbox as a queue that several processes share. Each call is one transaction.</summary>
internal sealed class OutboxQueue(IWriter writer, TimeProvider time)
{
    /// <summary>How long messages taken are this process's own. If it is killed they are anybody's after that.</summary>
    internal static readonly TimeSpan Hold = TimeSpan.FromMinutes(5);

    /// <summary>What is due later than this from now was written by a clock that was ahead. Longer where the clock itself is behind on purpose.</summary>
    internal TimeSpan Longest { get; init; } = BackOff.Longest;

    /// <summary>
    /// Takes what is due, oldest first, and holds it; nothing while letters rest. What was taken before still goes. What is due
    /// or held later than any wait or hold lasts was written down by a clock that was ahead: it is due now.
    /// </summary>
    /// <remarks>Power failure after the commit: the messages rest until the hold runs out, then they are taken again.</remarks>
    internal Task<IReadOnlyList<OutboxMessage>> TakeAsync(int most, CancellationToken cancel) => writer.WriteAsync<IReadOnlyList<OutboxMessage>>(async (db, token) =>
    {
        // Cut as the database keeps it, so that the hold can be compared later.
        var now = new DateTimeOffset(UtcConverter.Cut(time.GetUtcNow().UtcDateTime));
        var taken = await Take(db, now.UtcDateTime, (now + Hold).UtcDateTime, (now + Longest).UtcDateTime, most).AsNoTracking().ToListAsync(token).ConfigureAwait(false);
        // RETURNING keeps no order.
        return [.. taken.OrderBy(m => m.DueAt).ThenBy(m => m.Id)];
    }, cancel);

    // One statement. PostgreSQL: a row that another node is taking this moment is skipped, not waited for. SQLite has one writer anyway.
    private static IQueryable<OutboxMessage> Take(CivilAffairsDb db, DateTime now, DateTime until, DateTime never, int most) => db.LocksRows
        ? db.Set<OutboxMessage>().FromSql($"""
            UPDATE outbox SET "HeldUntil" = {until} WHERE "Id" IN (
                SELECT "Id" FROM outbox WHERE "State" = 'Pending' AND ("DueAt" <= {now} OR "DueAt" > {never}) AND ("HeldUntil" IS NULL OR "HeldUntil" <= {now} OR "HeldUntil" > {never}) AND NOT EXISTS (SELECT 1 FROM mail_pause)
                ORDER BY "DueAt", "Id" LIMIT {most} FOR UPDATE SKIP LOCKED)
            RETURNING *
            """)
        : db.Set<OutboxMessage>().FromSql($"""
            UPDATE outbox SET "HeldUntil" = {until} WHERE "Id" IN (
                SELECT "Id" FROM outbox WHERE "State" = 'Pending' AND ("DueAt" <= {now} OR "DueAt" > {never}) AND ("HeldUntil" IS NULL OR "HeldUntil" <= {now} OR "HeldUntil" > {never}) AND NOT EXISTS (SELECT 1 FROM mail_pause)
                ORDER BY "DueAt", "Id" LIMIT {most})
            RETURNING *
            """);

    /// <summary>Writes down what became of messages, all in one transaction.</summary>
    /// <remarks>A letter that the server has is Sent even if the hold ran out meanwhile; nothing turns a sent one back.</remarks>
    internal Task SettleAsync(IReadOnlyCollection<Settled> settled) => writer.WriteAsync(async (db, token) =>
    {
        var now = time.GetUtcNow();
        var sent = settled.Where(s => s.State == OutboxState.Sent).Select(s => s.Id).ToList();
        if (sent.Count > 0)
            await db.Set<OutboxMessage>().Where(m => EF.Parameter(sent).Contains(m.Id)).ExecuteUpdateAsync(s => s
                .SetProperty(m => m.State, OutboxState.Sent).SetProperty(m => m.SentAt, now).SetProperty(m => m.Attempts, m => m.Attempts + 1)
                .SetProperty(m => m.HeldUntil, (DateTimeOffset?)null).SetProperty(m => m.LastError, (string?)null), token).ConfigureAwait(false);
        foreach (var other in settled.Where(s => s.State != OutboxState.Sent))
            await db.Set<OutboxMessage>().Where(m => m.Id == other.Id && m.State == OutboxState.Pending).ExecuteUpdateAsync(s => s
                .SetProperty(m => m.State, other.State).SetProperty(m => m.DueAt, other.DueAt).SetProperty(m => m.Attempts, other.Attempts)
                .SetProperty(m => m.HeldUntil, (DateTimeOffset?)null).SetProperty(m => m.LastError, other.Reason), token).ConfigureAwait(false);
        return 0;
    }, CancellationToken.None);

    /// <summary>Gives back what was taken and not tried, as it was.</summary>
    internal Task ReleaseAsync(IReadOnlyCollection<OutboxMessage> untried) => untried.Count == 0 ? Task.CompletedTask : writer.WriteAsync(async (db, token) =>
    {
        foreach (var held in untried.GroupBy(m => m.HeldUntil, m => m.Id))
        {
            var ids = held.ToList();
            // Only while still ours: another process may have taken it after the hold ran out.
            await db.Set<OutboxMessage>().Where(m => EF.Parameter(ids).Contains(m.Id) && m.State == OutboxState.Pending && m.HeldUntil == held.Key)
                .ExecuteUpdateAsync(s => s.SetProperty(m => m.HeldUntil, (DateTimeOffset?)null), token).ConfigureAwait(false);
        }
        return 0;
    }, CancellationToken.None);
}

/// <summary>What became of a message.</summary>
/// <param name="Attempts">All tries so far, this one included.</param>
/// <param name="Reason">A code of ours or the server's words without addresses; null: sent.</param>
internal sealed record Settled(Guid Id, OutboxState State, DateTimeOffset DueAt, int Attempts, string? Reason);
