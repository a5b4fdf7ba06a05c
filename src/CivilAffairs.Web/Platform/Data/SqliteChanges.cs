using System.Globalization;
using System.Text;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Update;

namespace CivilAffairs.Web.Platform.Data;

/// <summary>
/// The rows that a context would save, taken out of it as plain statements for another connection: EF's own preparation
/// (order, conversions, concurrency tokens), without its execution.
/// </summary>
internal sealed class SqliteChanges
{
    private const int Constraint = 19; // SQLITE_CONSTRAINT
    private readonly List<(string Sql, SqliteParameter[] Values)> rows = [];

    private SqliteChanges() { }

    public bool IsEmpty => rows.Count == 0;

    /// <exception cref="InvalidOperationException">A row has a value that only the database makes: it cannot be carried over.</exception>
    public static SqliteChanges Of(CivilAffairsDb db)
    {
        var changes = new SqliteChanges();
        var adapter = db.GetService<IUpdateAdapterFactory>().Create();
        adapter.DetectChanges();
        var entries = adapter.GetEntriesToSave();
        if (entries.Count == 0) return changes;
        using var maker = new SqliteCommand();
        foreach (var batch in db.GetService<ICommandBatchPreparer>().BatchCommands(entries, adapter))
            foreach (var command in batch.ModificationCommands) changes.Add(command, maker);
        return changes;
    }

    /// <summary>Within the caller's savepoint, which it rolls back unless this returns true.</summary>
    /// <returns>False: a row is not as it was read, or somebody wrote one that this would write.</returns>
    public bool TryApply(SqliteStatements statements, SqliteTransaction transaction)
    {
        foreach (var (sql, values) in rows)
        {
            try
            {
                if (statements.Execute(sql, values, transaction) != 1) return false;
            }
            catch (SqliteException e) when (e.SqliteErrorCode == Constraint)
            {
                return false;
            }
        }
        return true;
    }

    private void Add(IReadOnlyModificationCommand command, SqliteCommand maker)
    {
        var values = new List<SqliteParameter>();
        string Value(IColumnModification column, object? value)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"@p{values.Count}");
            values.Add((SqliteParameter)column.TypeMapping!.CreateParameter(maker, name, value, column.IsNullable));
            return name;
        }
        string Fits(IColumnModification column) => column.OriginalValue is { } original ? $"\"{column.ColumnName}\" = {Value(column, original)}" : $"\"{column.ColumnName}\" IS NULL";
        if (command.ColumnModifications.Any(c => c.IsRead)) throw new InvalidOperationException($"{command.TableName} has values that the database makes.");

        var written = command.ColumnModifications.Where(c => c.IsWrite).ToList();
        var sql = new StringBuilder();
        switch (command.EntityState)
        {
            case Microsoft.EntityFrameworkCore.EntityState.Added:
                sql.Append(CultureInfo.InvariantCulture, $"INSERT INTO \"{command.TableName}\" (").AppendJoin(", ", written.Select(c => $"\"{c.ColumnName}\""))
                    .Append(") VALUES (").AppendJoin(", ", written.Select(c => Value(c, c.Value))).Append(')');
                break;
            case Microsoft.EntityFrameworkCore.EntityState.Modified:
                sql.Append(CultureInfo.InvariantCulture, $"UPDATE \"{command.TableName}\" SET ").AppendJoin(", ", written.Select(c => $"\"{c.ColumnName}\" = {Value(c, c.Value)}"))
                    .Append(" WHERE ").AppendJoin(" AND ", command.ColumnModifications.Where(c => c.IsCondition).Select(Fits));
                break;
            default:
                sql.Append(CultureInfo.InvariantCulture, $"DELETE FROM \"{command.TableName}\" WHERE ").AppendJoin(" AND ", command.ColumnModifications.Where(c => c.IsCondition).Select(Fits));
                break;
        }
        rows.Add((sql.ToString(), [.. values]));
    }
}

/// <summary>Statements of one connection that stays open, parsed once.</summary>
internal sealed class SqliteStatements(SqliteConnection connection)
{
    private const int MostKept = 500;
    private readonly Dictionary<string, SqliteCommand> kept = [];

    /// <returns>How many rows it touched.</returns>
    public int Execute(string sql, SqliteParameter[] values, SqliteTransaction? transaction)
    {
        if (!kept.TryGetValue(sql, out var command))
        {
            if (kept.Count >= MostKept) Forget();
            command = kept[sql] = new SqliteCommand(sql, connection);
        }
        command.Transaction = transaction;
        command.Parameters.Clear();
        command.Parameters.AddRange(values);
        return command.ExecuteNonQuery();
    }

    /// <summary>Before the connection is closed.</summary>
    public void Forget()
    {
        foreach (var command in kept.Values) command.Dispose();
        kept.Clear();
    }
}
