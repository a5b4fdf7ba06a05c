using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Platform.Data;

/// <summary>Statements of one connection that stays open, parsed once.</summary>
internal sealed class SqliteStatements(SqliteConnection connection)
{
    private const int Constraint = 19; // SQLITE_CONSTRAINT
    private const int MostKept = 500;
    private readonly Dictionary<string, SqliteCommand> kept = [];

    /// <summary>Within the caller's savepoint, which it rolls back unless this returns true.</summary>
    /// <returns>False: a row is not as it was read, or somebody wrote one that this would write.</returns>
    public bool TryStore(RowChanges changes, SqliteTransaction transaction)
    {
        foreach (var (sql, values) in changes.Rows)
        {
            try
            {
                if (Execute(sql, values, transaction) != 1) return false;
            }
            catch (SqliteException e) when (e.SqliteErrorCode == Constraint)
            {
                return false;
            }
        }
        return true;
    }

    /// <summary>The same where there is nobody to try again.</summary>
    /// <exception cref="DbUpdateException">A row is not as it was read, or breaks a rule of the database.</exception>
    public void Store(RowChanges changes, SqliteTransaction transaction)
    {
        foreach (var (table, lines) in changes.Copies) StoreMany(table, lines, transaction);
        foreach (var (sql, values) in changes.Rows)
        {
            try
            {
                if (Execute(sql, values, transaction) != 1) throw new DbUpdateConcurrencyException("A row is not as it was read.");
            }
            catch (SqliteException e) when (e.SqliteErrorCode == Constraint)
            {
                throw new DbUpdateException("The rows could not be saved.", e);
            }
        }
    }

    // One statement and its places for all of them: making places anew took as long as storing the row.
    private void StoreMany(TableRows table, List<object?[]> lines, SqliteTransaction transaction)
    {
        using var command = new SqliteCommand(table.One, connection, transaction);
        var places = Enumerable.Range(0, lines[0].Length).Select(i => new SqliteParameter { ParameterName = RowValues.Place(i) }).ToArray();
        command.Parameters.AddRange(places);
        try
        {
            foreach (var line in lines)
            {
                for (var i = 0; i < places.Length; i++) places[i].Value = line[i] ?? DBNull.Value;
                command.ExecuteNonQuery();
            }
        }
        catch (SqliteException e) when (e.SqliteErrorCode == Constraint)
        {
            throw new DbUpdateException("The rows could not be saved.", e);
        }
    }

    /// <returns>How many rows it touched.</returns>
    public int Execute(string sql, DbParameter[] values, SqliteTransaction? transaction)
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
