using System.Data.Common;
using System.Diagnostics;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace CivilAffairs.Bench;

/// <summary>The database's own commits: one insert of so many bytes in each, as durable as the product's.</summary>
internal sealed class RawCommits(string? postgres, int bytes)
{
    /// <returns>Commits a second.</returns>
    public async Task<double> RunAsync(int count, int callers)
    {
        var folder = Directory.CreateTempSubdirectory("civilaffairs-raw-").FullName;
        try
        {
            await using (var setup = await OpenAsync(folder)) await ExecuteAsync(setup, "CREATE TABLE IF NOT EXISTS raw_commits (id BIGINT, body " + (postgres is null ? "BLOB" : "BYTEA") + ")");
            var body = new byte[bytes];
            Random.Shared.NextBytes(body);
            var watch = Stopwatch.StartNew();
            await Task.WhenAll(Enumerable.Range(0, callers).Select(async _ =>
            {
                await using var connection = await OpenAsync(folder);
                // Parsed once: the database's own speed, not a parser's.
                await using var insert = Command(connection, "INSERT INTO raw_commits (id, body) VALUES (1, @body)", body);
                await insert.PrepareAsync();
                for (var i = 0; i < count / callers; i++)
                {
                    await using var transaction = await connection.BeginTransactionAsync();
                    insert.Transaction = transaction;
                    await insert.ExecuteNonQueryAsync();
                    await transaction.CommitAsync();
                }
            }));
            return count / watch.Elapsed.TotalSeconds;
        }
        finally
        {
            SqliteConnection.ClearAllPools();
            Directory.Delete(folder, recursive: true);
        }
    }

    private async Task<DbConnection> OpenAsync(string folder)
    {
        DbConnection connection = postgres is null ? new SqliteConnection($"Data Source={Path.Combine(folder, "raw.db")}") : new NpgsqlConnection(postgres);
        await connection.OpenAsync();
        if (postgres is null) await ExecuteAsync(connection, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL");
        return connection;
    }

    private static async Task ExecuteAsync(DbConnection connection, string sql)
    {
        await using var command = Command(connection, sql, null);
        await command.ExecuteNonQueryAsync();
    }

    private static DbCommand Command(DbConnection connection, string sql, byte[]? body)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        if (body is null) return command;
        var parameter = command.CreateParameter();
        (parameter.ParameterName, parameter.Value) = ("@body", body);
        command.Parameters.Add(parameter);
        return command;
    }
}
