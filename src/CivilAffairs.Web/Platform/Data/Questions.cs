using System.Collections.Concurrent;
using System.Data;
using System.Data.Common;
using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace CivilAffairs.Web.Platform.Data;

/// <summary>
/// Several questions put to the database in one round trip and answered in order. A later one sees what an earlier one
/// waited for: with a row locked by the first, the others read what the transaction before this one left.
/// </summary>
/// <param name="questions">Made by <see cref="Rows{T}"/> and <see cref="Plain"/>; the SQL is the same for both databases.</param>
internal sealed class Questions(params Questions.Question[] questions)
{
    // Statements of connections that stay open: parsing them costs more than running them.
    private static readonly ConditionalWeakTable<SqliteConnection, Dictionary<Questions, SqliteCommand>> Prepared = [];
    private readonly ConcurrentDictionary<Type, string> texts = new();

    internal sealed record Question(Func<CivilAffairsDb, string> Sql);

    /// <param name="tail">What follows the columns, from <c>FROM</c> on; <c>{lock}</c> locks the rows where the database locks rows.</param>
    public static Question Rows<T>(string tail) where T : class =>
        new(db => $"SELECT {RowMap<T>.Of(db).Columns} {tail.Replace("{lock}", db.LocksRows ? "FOR UPDATE" : "", StringComparison.Ordinal)}");

    public static Question Plain(string sql) => new(_ => sql);

    /// <param name="db">Its connection is open, within a transaction.</param>
    /// <param name="values">By name, as <c>@task</c>.</param>
    public async Task<Answers> AskAsync(CivilAffairsDb db, params (string Name, object Value)[] values)
    {
        ArgumentNullException.ThrowIfNull(db);
        var text = texts.GetOrAdd(db.GetType(), _ => string.Join(";\n", questions.Select(q => q.Sql(db))));
        var connection = db.Database.GetDbConnection();
        // A reader's connection is closed with its context, and what was prepared on it is gone.
        var stays = db.IsSnapshot || db.Database.CurrentTransaction is not null;
        var kept = connection is SqliteConnection sqlite && stays ? Prepared.GetOrCreateValue(sqlite) : null;
        var command = kept is not null && kept.TryGetValue(this, out var known) ? known : connection.CreateCommand();
        command.CommandText = text;
        command.Transaction = db.Database.CurrentTransaction?.GetDbTransaction();
        command.Parameters.Clear();
        foreach (var (name, value) in values)
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (name, value);
            command.Parameters.Add(parameter);
        }
        if (kept is not null && kept.TryAdd(this, (SqliteCommand)command)) await command.PrepareAsync().ConfigureAwait(false);
        return new Answers(db, command, await command.ExecuteReaderAsync().ConfigureAwait(false), ends: kept is null);
    }

    /// <summary>The answers, one after the other in the order of the questions.</summary>
    internal sealed class Answers(CivilAffairsDb db, DbCommand command, DbDataReader reader, bool ends) : IAsyncDisposable
    {
        public async Task<T?> OneAsync<T>() where T : class
        {
            var row = await reader.ReadAsync().ConfigureAwait(false) ? RowMap<T>.Of(db).Read(reader) : null;
            await reader.NextResultAsync().ConfigureAwait(false);
            return row;
        }

        public async Task<List<T>> AllAsync<T>() where T : class
        {
            var rows = new List<T>();
            while (await reader.ReadAsync().ConfigureAwait(false)) rows.Add(RowMap<T>.Of(db).Read(reader));
            await reader.NextResultAsync().ConfigureAwait(false);
            return rows;
        }

        /// <summary>The first row as the caller reads it; the type's default where there is none.</summary>
        public async Task<T?> ValueAsync<T>(Func<DbDataReader, T> read)
        {
            var value = await reader.ReadAsync().ConfigureAwait(false) ? read(reader) : default;
            await reader.NextResultAsync().ConfigureAwait(false);
            return value;
        }

        public async ValueTask DisposeAsync()
        {
            await reader.DisposeAsync().ConfigureAwait(false);
            if (ends) await command.DisposeAsync().ConfigureAwait(false);
        }
    }
}
