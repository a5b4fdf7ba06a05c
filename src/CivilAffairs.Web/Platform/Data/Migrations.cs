using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Platform.Data;

/// <summary>Brings the database to this version's shape at start, one process at a time.</summary>
public interface IMigrator
{
    /// <param name="first">What a first start writes; run under the same lock, so that of several nodes one does it first.</param>
    Task MigrateAsync(Func<Task>? first, CancellationToken cancel);
}

/// <summary>
/// SQLite belongs to one process: a lock on <c>civilaffairs.lock</c> is held for as long as the process lives, and a
/// second one ends with a clear message. Holding it, a migration lock that a killed process left behind is taken away.
/// </summary>
internal sealed class SqliteMigrator(IDbContextFactory<SqliteDb> contexts, DataFolder folder) : IMigrator, IDisposable
{
    private FileStream? held;

    public async Task MigrateAsync(Func<Task>? first, CancellationToken cancel)
    {
        try
        {
            held ??= new FileStream(folder.Path("civilaffairs.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e)
        {
            throw new DataFolderInUseException(folder.Root, e);
        }
        await using var db = await contexts.CreateDbContextAsync(cancel).ConfigureAwait(false);
        // Exists only after a process was killed while it migrated.
        await db.Database.ExecuteSqlRawAsync("CREATE TABLE IF NOT EXISTS \"__EFMigrationsLock\" (\"Id\" INTEGER NOT NULL CONSTRAINT \"PK___EFMigrationsLock\" PRIMARY KEY, \"Timestamp\" TEXT NOT NULL); DELETE FROM \"__EFMigrationsLock\"", cancel).ConfigureAwait(false);
        await PendingMigrations.ApplyAsync(db, cancel).ConfigureAwait(false);
        if (first is not null) await first().ConfigureAwait(false);
    }

    public void Dispose() => held?.Dispose();
}

/// <summary>PostgreSQL: several nodes may start at once; an advisory lock lets one migrate while the others wait.</summary>
internal sealed class PostgresMigrator(IDbContextFactory<PostgresDb> contexts) : IMigrator
{
    private const long LockKey = 0x4341_4d49_4752;

    public async Task MigrateAsync(Func<Task>? first, CancellationToken cancel)
    {
        await using var db = await contexts.CreateDbContextAsync(cancel).ConfigureAwait(false);
        db.Database.SetCommandTimeout(TimeSpan.FromMinutes(10));
        await db.Database.OpenConnectionAsync(cancel).ConfigureAwait(false);
        await db.Database.ExecuteSqlAsync($"SELECT pg_advisory_lock({LockKey})", cancel).ConfigureAwait(false);
        try
        {
            await PendingMigrations.ApplyAsync(db, cancel).ConfigureAwait(false);
            if (first is not null) await first().ConfigureAwait(false);
        }
        finally
        {
            // A killed process gives its lock back with its connection.
            await db.Database.ExecuteSqlAsync($"SELECT pg_advisory_unlock({LockKey})", CancellationToken.None).ConfigureAwait(false);
        }
    }
}

internal static class PendingMigrations
{
    /// <summary>
    /// Asks first whether anything is to do: EF Core otherwise compares the whole model with the last snapshot at every
    /// start, which a test does once for all of them.
    /// </summary>
    internal static async Task ApplyAsync(DbContext db, CancellationToken cancel)
    {
        if ((await db.Database.GetPendingMigrationsAsync(cancel).ConfigureAwait(false)).Any()) await db.Database.MigrateAsync(cancel).ConfigureAwait(false);
    }
}

/// <summary>SQLite serves one process; the message says what to do, in both languages.</summary>
public sealed class DataFolderInUseException(string folder, Exception inner) : Exception(
    $"数据目录 {folder} 正被另一个进程使用。请先停止那个进程，或用 CIVILAFFAIRS_DATA 指定另一个目录；要同时运行多个进程，请使用 PostgreSQL（ConnectionStrings__Database）。\n" +
    $"The data folder {folder} is in use by another process. Stop that one first, or name another folder with CIVILAFFAIRS_DATA; several processes at once need PostgreSQL (ConnectionStrings__Database).", inner);
