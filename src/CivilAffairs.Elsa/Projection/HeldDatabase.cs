using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace CivilAffairs.ElsaRuntime.Projection;

/// <summary>
/// The projection's database within one scope of Elsa's services: all her stores write through this one connection, and while a
/// batch is written within its one transaction, which no other writer of the projection has at the same time.
/// </summary>
internal sealed class HeldDatabase(string connection, bool isSqlite) : IAsyncDisposable
{
    // "elsaproj" in ASCII.
    private const long LockKey = 0x656c736170726f6a;

    internal DbConnection Connection { get; } = isSqlite ? new SqliteConnection(connection) : new NpgsqlConnection(connection);
    internal DbTransaction? Transaction { get; private set; }

    /// <summary>Waits for whoever writes now. The hold goes with the transaction, whatever becomes of this process.</summary>
    internal async Task HoldAsync(CancellationToken cancel)
    {
        await Connection.OpenAsync(cancel).ConfigureAwait(false);
        // SQLite: its one writer from here on.
        Transaction = await Connection.BeginTransactionAsync(cancel).ConfigureAwait(false);
        if (isSqlite) return;
        var hold = Connection.CreateCommand();
        await using var _ = hold.ConfigureAwait(false);
        hold.Transaction = Transaction;
        hold.CommandText = $"SELECT pg_advisory_xact_lock({LockKey})";
        await hold.ExecuteNonQueryAsync(cancel).ConfigureAwait(false);
    }

    internal Task CommitAsync(CancellationToken cancel) => Transaction!.CommitAsync(cancel);

    public async ValueTask DisposeAsync()
    {
        if (Transaction is { } transaction) await transaction.DisposeAsync().ConfigureAwait(false);
        await Connection.DisposeAsync().ConfigureAwait(false);
    }
}

/// <summary>Makes contexts that work inside the held transaction, where there is one.</summary>
internal sealed class HeldContexts<TContext>(IDbContextFactory<TContext> inner, HeldDatabase held) : IDbContextFactory<TContext> where TContext : DbContext
{
    public TContext CreateDbContext()
    {
        var context = inner.CreateDbContext();
        if (held.Transaction is not { } transaction) return context;
        context.Database.SetDbConnection(held.Connection);
        context.Database.UseTransaction(transaction);
        return context;
    }
}
