using System.Data.Common;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.EntityFrameworkCore.Update;
using Npgsql;

namespace CivilAffairs.Web.Platform.Data;

/// <summary>
/// The rows that a context would save, taken out of it as plain statements: changed ones first, since they refer to nothing
/// new, then added ones after those they refer to. Each must touch exactly one row, which has the version that was read.
/// </summary>
internal sealed class RowChanges
{
    /// <summary>As many new rows of a table, and more, are worth another way than one statement each.</summary>
    public const int Many = 50;
    private readonly List<(string Sql, DbParameter[] Values)> rows = [];
    private readonly Dictionary<TableRows, List<object?[]>> copies = [];

    private RowChanges() { }

    public bool IsEmpty => rows.Count == 0 && copies.Count == 0;

    public IReadOnlyList<(string Sql, DbParameter[] Values)> Rows => rows;

    /// <summary>Many new rows of a table each, to be written before all others.</summary>
    public IReadOnlyDictionary<TableRows, List<object?[]>> Copies => copies;

    /// <param name="maker">Makes the parameters; any command of the database's kind.</param>
    /// <param name="copies">Whether many appended rows of a table that refers to none stay apart, to be copied before all others.</param>
    /// <returns>Null: something is to be saved that a row alone does not tell (<see cref="TableRows"/>); EF's own saving has to see to it.</returns>
    public static RowChanges? Of(CivilAffairsDb db, DbCommand maker, bool copies = false)
    {
        var changes = new RowChanges();
        var adapter = db.GetService<IUpdateAdapterFactory>().Create();
        adapter.DetectChanges();
        var entries = adapter.GetEntriesToSave();
        if (entries.Count == 0 && db.Appended.Count == 0) return changes;
        var ordered = new List<(int Order, TableRows Table, IUpdateEntry? Entry, object? Appended)>(entries.Count + db.Appended.Count);
        List<IUpdateEntry> parts = [];
        foreach (var entry in entries)
        {
            if (entry.EntityState is not (EntityState.Added or EntityState.Modified) || entry.SharedIdentityEntry is not null) return null;
            if (entry.EntityType.IsOwned()) parts.Add(entry);
            else if (TableRows.Of(entry.EntityType) is var table) ordered.Add((entry.EntityState == EntityState.Added ? table.Rank : -1, table, entry, null));
        }
        // Two new rows of which one may refer to the other.
        if (ordered.Exists(o => o.Table.RefersToItself && ordered.Count(p => p.Table == o.Table && p.Order >= 0) > 1)) return null;
        foreach (var some in db.Appended.GroupBy(row => TableRows.Of(db.Model.FindEntityType(row.GetType())!)))
        {
            if (!copies || some.Key.Rank != 0 || some.Take(Many).Count() < Many)
            {
                ordered.AddRange(some.Select(row => (some.Key.Rank, some.Key, (IUpdateEntry?)null, (object?)row)));
                continue;
            }
            var lines = changes.copies[some.Key] = [];
            foreach (var row in some)
            {
                if (some.Key.TryLine(row) is not { } line) return null;
                lines.Add(line);
            }
        }
        foreach (var (_, table, entry, appended) in ordered.OrderBy(o => o.Order))
        {
            var values = new RowValues(maker);
            if ((entry is null ? table.TryAppend(appended!, values) : table.TryWrite(entry, Parts(table, entry), values)) is not { } sql) return null;
            changes.rows.Add((sql, values.ToArray()));
        }
        // A part changed whose row did not.
        return parts.Count == 0 ? changes : null;

        List<IUpdateEntry> Parts(TableRows table, IUpdateEntry entry)
        {
            if (table.Parts == 0) return [];
            var own = parts.FindAll(part => TableRows.IsPartOf(part, entry));
            parts.RemoveAll(own.Contains);
            return own;
        }
    }

    /// <summary>Saves what PostgreSQL's context tracks: all rows in one round trip, by statements that the connection keeps planned.</summary>
    /// <exception cref="DbUpdateException">A row is not as it was read, or breaks a rule of the database.</exception>
    public static async Task SaveAsync(PostgresDb db)
    {
        using var maker = new NpgsqlCommand();
        if (Of(db, maker, copies: true) is not { } changes)
        {
            await db.SaveChangesAsync().ConfigureAwait(false);
            return;
        }
        if (changes.IsEmpty) return;
        var connection = (NpgsqlConnection)db.Database.GetDbConnection();
        foreach (var (table, lines) in changes.copies) await CopyAsync(connection, table, lines).ConfigureAwait(false);
        if (changes.rows.Count == 0) return;
        await using var batch = new NpgsqlBatch(connection, (NpgsqlTransaction)db.Database.CurrentTransaction!.GetDbTransaction());
        foreach (var (sql, values) in changes.rows)
        {
            var row = new NpgsqlBatchCommand(sql);
            foreach (var value in values) row.Parameters.Add((NpgsqlParameter)value);
            batch.BatchCommands.Add(row);
        }
        try
        {
            await batch.ExecuteNonQueryAsync().ConfigureAwait(false);
        }
        catch (PostgresException e)
        {
            throw new DbUpdateException("The rows could not be saved.", e);
        }
        foreach (var row in batch.BatchCommands)
            if (row.RecordsAffected != 1) throw new DbUpdateConcurrencyException("A row is not as it was read.");
    }

    private static async Task CopyAsync(NpgsqlConnection connection, TableRows table, List<object?[]> lines)
    {
        try
        {
            await using var copy = await connection.BeginBinaryImportAsync(table.Copy).ConfigureAwait(false);
            foreach (var line in lines)
            {
                await copy.StartRowAsync().ConfigureAwait(false);
                foreach (var value in line)
                    if (value is null) await copy.WriteNullAsync().ConfigureAwait(false);
                    else await copy.WriteAsync(value).ConfigureAwait(false);
            }
            await copy.CompleteAsync().ConfigureAwait(false);
        }
        catch (PostgresException e)
        {
            throw new DbUpdateException("The rows could not be saved.", e);
        }
    }
}

/// <summary>The values of one row's statement, in the order of its <c>$1</c>, <c>$2</c>…: a name for SQLite, a place for PostgreSQL.</summary>
internal sealed class RowValues(DbCommand maker)
{
    private static readonly string[] Places = [.. Enumerable.Range(0, 200).Select(Place)];
    private readonly bool named = maker is not NpgsqlCommand;
    private readonly List<DbParameter> values = [];

    public void Add(RelationalTypeMapping mapping, object? value, bool isNullable) =>
        values.Add(mapping.CreateParameter(maker, named ? Places[values.Count] : "", value, isNullable));

    public DbParameter[] ToArray() => [.. values];

    public static string Place(int index) => string.Create(CultureInfo.InvariantCulture, $"${index + 1}");
}
