using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace CivilAffairs.Web.Platform.Data;

/// <summary>
/// PostgreSQL: one transaction for each work, at read committed; who needs a row for himself locks it. A deadlock or a
/// lost connection before the commit is tried again; a connection lost during the commit is not, since nobody can tell
/// whether it happened: the caller repeats with the same idempotency key and learns it.
/// </summary>
internal sealed class PostgresWriter(IDbContextFactory<PostgresDb> contexts, TimeProvider time) : IWriter, IWriterState, IDisposable
{
    private const int Attempts = 3, Places = 64, QueueLength = 1024;
    // As many as the pool has connections to spare; the rest waits here, and beyond that is told to come back.
    private readonly SemaphoreSlim places = new(Places);
    private int waiting;
    private long lastMoved;

    public int Waiting => Volatile.Read(ref waiting);

    public int Capacity => QueueLength;

    /// <summary>When a work last got or left its place, while others wait for one.</summary>
    public DateTimeOffset? StuckSince => Waiting > 0 && places.CurrentCount == 0 && Interlocked.Read(ref lastMoved) is > 0 and var ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;

    public async Task<T> WriteAsync<T>(Func<CivilAffairsDb, CancellationToken, Task<T>> work, CancellationToken cancel = default)
    {
        if (Interlocked.Increment(ref waiting) > QueueLength)
        {
            Interlocked.Decrement(ref waiting);
            throw new BusyException();
        }
        try
        {
            await places.WaitAsync(cancel).ConfigureAwait(false);
        }
        finally
        {
            Interlocked.Decrement(ref waiting);
        }
        Moved();
        try
        {
            for (var attempt = 1; ; attempt++)
            {
                try
                {
                    return await OnceAsync(work).ConfigureAwait(false);
                }
                catch (Exception e) when (attempt < Attempts && MayRepeat(e))
                {
                    await Task.Delay(TimeSpan.FromMilliseconds(20 * attempt), CancellationToken.None).ConfigureAwait(false);
                }
            }
        }
        finally
        {
            places.Release();
            Moved();
        }
    }

    private void Moved() => Interlocked.Exchange(ref lastMoved, time.GetUtcNow().UtcTicks);

    // Guarded or not: every connection writes, and locks the rows it needs.
    public Task<T> WriteGuardedAsync<T>(Func<CivilAffairsDb, CancellationToken, Task<T>> work, CancellationToken cancel = default) => WriteAsync(work, cancel);

    private async Task<T> OnceAsync<T>(Func<CivilAffairsDb, CancellationToken, Task<T>> work)
    {
        await using var db = await contexts.CreateDbContextAsync().ConfigureAwait(false);
        await using var transaction = await db.Database.BeginTransactionAsync().ConfigureAwait(false);
        var value = await work(db, CancellationToken.None).ConfigureAwait(false);
        await RowChanges.SaveAsync(db).ConfigureAwait(false);
        await transaction.CommitAsync().ConfigureAwait(false);
        return value;
    }

    public void Dispose() => places.Dispose();

    private static bool MayRepeat(Exception e) => (e as PostgresException ?? e.InnerException as PostgresException)?.SqlState
        is PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure;
}
