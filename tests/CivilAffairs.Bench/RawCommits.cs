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
            await using (var setup = await OpenAsync(folder)) await ExecuteAsync(setup, "CREATE TABLE IF NOT EXISTS raw_commits (id BIGINT, body " + (postgres is null ? "BLOB" : "BYTEA") + ")", null);
            var body = new byte[bytes];
            Random.Shared.NextBytes(body);
            var watch = Stopwatch.StartNew();
            await Task.WhenAll(Enumerable.Range(0, callers).Select(async _ =>
            {
                await using var connection = await OpenAsync(folder);
                for (var i = 0; i < count / callers; i++)
                {
                    await using var transaction = await connection.BeginTransactionAsync();
                    await ExecuteAsync(connection, "INSERT INTO raw_commits (id, body) VALUES (1, @body)", body, transaction);
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
        if (postgres is null) await ExecuteAsync(connection, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL", null);
        return connection;
    }

    private static async Task ExecuteAsync(DbConnection connection, string sql, byte[]? body, DbTransaction? transaction = null)
    {
        await using var command = connection.CreateCommand();
        (command.CommandText, command.Transaction) = (sql, transaction);
        if (body is not null)
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = ("@body", body);
            command.Parameters.Add(parameter);
        }
        await command.ExecuteNonQueryAsync();
    }
}
