using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Platform.Data;

/// <summary>
/// Tries work beside the one writer: on a snapshot, with connections that cannot write. What it would write is taken out
/// for the writer; nothing else of an attempt is left. See docs/adr/0010.
/// </summary>
internal sealed class SqliteSnapshots(string connectionString, Action<DbContextOptionsBuilder>? configure) : IDisposable
{
    // An attempt never waits for anything but the processor.
    private readonly SemaphoreSlim places = new(Environment.ProcessorCount);
    private readonly ConcurrentBag<Desk> free = [];

    /// <returns>Null: it cannot be done this way, or the work refused; the writer has to run it.</returns>
    public async Task<(T Value, RowChanges Changes)?> TryAsync<T>(Func<CivilAffairsDb, CancellationToken, Task<T>> work, CancellationToken cancel)
    {
        await places.WaitAsync(cancel).ConfigureAwait(false);
        try
        {
            var desk = free.TryTake(out var found) ? found : new Desk(connectionString, configure);
            try
            {
                desk.Begin();
                var value = await work(desk.Db, CancellationToken.None).ConfigureAwait(false);
                // What is more than rows goes the same way.
                return RowChanges.Of(desk.Db, desk.Maker) is { } changes ? (value, changes) : null;
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                // Whatever it was: the work runs again in the writer, and what comes of it there counts.
                return null;
            }
            finally
            {
                if (desk.TryEnd()) free.Add(desk);
            }
        }
        finally
        {
            places.Release();
        }
    }

    public void Dispose()
    {
        while (free.TryTake(out var desk)) desk.Dispose();
        places.Dispose();
    }

    /// <summary>A connection that stays open, and a context on it.</summary>
    private sealed class Desk : IDisposable
    {
        private readonly SqliteConnection connection;
        private readonly SqliteStatements statements;

        public Desk(string connectionString, Action<DbContextOptionsBuilder>? configure)
        {
            connection = new SqliteConnection(connectionString);
            connection.Open();
            SqlitePragmas.Apply(connection);
            statements = new SqliteStatements(connection);
            statements.Execute("PRAGMA query_only=ON", [], null);
            var builder = new DbContextOptionsBuilder<SqliteDb>().UseSqlite(connection);
            configure?.Invoke(builder);
            Db = new SqliteDb(builder.Options) { IsSnapshot = true };
        }

        public SqliteDb Db { get; }

        /// <summary>Makes parameters.</summary>
        public SqliteCommand Maker { get; } = new();

        /// <summary>All reads until <see cref="TryEnd"/> see one state.</summary>
        public void Begin() => statements.Execute("BEGIN", [], null);

        /// <returns>False: the connection is of no more use, and gone.</returns>
        public bool TryEnd()
        {
            try
            {
                Db.Forget();
                statements.Execute("ROLLBACK", [], null);
                return true;
            }
            catch (SqliteException)
            {
                Dispose();
                return false;
            }
        }

        public void Dispose()
        {
            Db.Dispose();
            Maker.Dispose();
            statements.Forget();
            // It goes back to the pool, where others expect to write.
            using (var command = new SqliteCommand("PRAGMA query_only=OFF", connection)) command.ExecuteNonQuery();
            connection.Dispose();
        }
    }
}
