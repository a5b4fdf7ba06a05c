using System.Data.Common;
using CivilAffairs.Web.Platform.Data;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Npgsql;

namespace CivilAffairs.Tests.Support.Scale;

/// <summary>
/// Fills tables by the hundred thousand rows a second: COPY on PostgreSQL, one prepared statement in one transaction on
/// SQLite, indexes taken away first and made again at the end. Columns and their forms come from the product's own model.
/// </summary>
internal sealed class Bulk : IAsyncDisposable
{
    private readonly CivilAffairsDb db;
    private readonly DbConnection connection;
    private readonly List<string> indexes = [];

    private Bulk(CivilAffairsDb db, DbConnection connection) => (this.db, this.connection) = (db, connection);

    /// <param name="db">Of the database to fill; nobody else may use it meanwhile.</param>
    public static async Task<Bulk> StartAsync(CivilAffairsDb db)
    {
        DbConnection connection = db.LocksRows ? new NpgsqlConnection(db.Database.GetConnectionString())
            : new SqliteConnection(new SqliteConnectionStringBuilder(db.Database.GetConnectionString()) { ForeignKeys = false, Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        var bulk = new Bulk(db, connection);
        // Nothing here has to outlive a power failure, and rows come in an order that satisfies the keys.
        await bulk.RunAsync(db.LocksRows ? "SET session_replication_role = replica; SET synchronous_commit = off; SET maintenance_work_mem = '256MB'" : "PRAGMA synchronous=OFF; PRAGMA cache_size=-200000");
        return bulk;
    }

    /// <summary>Takes the indexes of these tables away until <see cref="FinishAsync"/>; keys stay.</summary>
    public async Task WithoutIndexesAsync(params string[] tables)
    {
        var list = string.Join(", ", tables.Select(t => $"'{t}'"));
        var found = await RowsAsync(db.LocksRows
            ? $"SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename IN ({list}) AND indexname NOT IN (SELECT conname FROM pg_constraint)"
            : $"SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN ({list})");
        foreach (var (name, definition) in found)
        {
            indexes.Add(definition);
            await RunAsync($"DROP INDEX \"{name}\"");
        }
    }

    public async Task AddAsync<T>(IEnumerable<T> rows) where T : class
    {
        var type = db.Model.FindEntityType(typeof(T))!;
        var columns = type.GetProperties().Select(p => (Name: p.GetColumnName(), Value: Reader(p))).ToList();
        var names = string.Join(", ", columns.Select(c => $"\"{c.Name}\""));
        if (connection is NpgsqlConnection postgres)
        {
            await using var copy = await postgres.BeginBinaryImportAsync($"COPY \"{type.GetTableName()}\" ({names}) FROM STDIN (FORMAT BINARY)");
            foreach (var row in rows)
            {
                await copy.StartRowAsync();
                foreach (var column in columns)
                {
                    if (column.Value(row) is { } value) await copy.WriteAsync(value);
                    else await copy.WriteNullAsync();
                }
            }
            await copy.CompleteAsync();
            return;
        }
        await using var transaction = await connection.BeginTransactionAsync();
        await using var insert = connection.CreateCommand();
        insert.Transaction = transaction;
        insert.CommandText = $"INSERT INTO \"{type.GetTableName()}\" ({names}) VALUES ({string.Join(", ", columns.Select((_, i) => $"@p{i}"))})";
        var parameters = columns.Select((_, i) => new SqliteParameter { ParameterName = $"@p{i}" }).ToList();
        insert.Parameters.AddRange(parameters.ToArray());
        foreach (var row in rows)
        {
            for (var i = 0; i < columns.Count; i++) parameters[i].Value = columns[i].Value(row) ?? DBNull.Value;
            await insert.ExecuteNonQueryAsync();
        }
        await transaction.CommitAsync();
    }

    /// <summary>Makes the indexes again.</summary>
    /// <param name="analyze">Also what autovacuum does on PostgreSQL by itself: counts rows for the planner.</param>
    public async Task FinishAsync(bool analyze)
    {
        foreach (var index in indexes) await RunAsync(index);
        indexes.Clear();
        if (analyze) await RunAsync("ANALYZE");
    }

    public ValueTask DisposeAsync() => connection.DisposeAsync();

    private static Func<object, object?> Reader(IProperty property)
    {
        var (getter, converter) = (property.PropertyInfo!, property.GetTypeMapping().Converter);
        return converter is null ? getter.GetValue : row => converter.ConvertToProvider(getter.GetValue(row));
    }

    private async Task RunAsync(string sql)
    {
        await using var command = connection.CreateCommand();
        (command.CommandText, command.CommandTimeout) = (sql, 0);
        await command.ExecuteNonQueryAsync();
    }

    private async Task<List<(string, string)>> RowsAsync(string sql)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        var rows = new List<(string, string)>();
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync()) rows.Add((reader.GetString(0), reader.GetString(1)));
        return rows;
    }
}
