using System.Collections.Concurrent;
using System.Data.Common;
using System.Diagnostics;
using CivilAffairs.Web.Platform.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;

namespace CivilAffairs.Tests.Support.Scale;

/// <summary>The statements that one database was asked while something ran, whoever asked them.</summary>
internal sealed class Statements : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>
{
    private static readonly Statements Ear = new();

    // EF looks once a second whether anybody listens.
    private static readonly Lazy<Task> Listening = new(async () =>
    {
        DiagnosticListener.AllListeners.Subscribe(Ear);
        await Task.Delay(TimeSpan.FromSeconds(1.5));
    });

    private readonly ConcurrentDictionary<(string, string), ConcurrentQueue<Statement>> heard = new();

    /// <summary>Runs <paramref name="work"/> once to warm up (what is read once and kept), then again, listening.</summary>
    public static async Task<IReadOnlyList<Statement>> OfAsync(IServiceProvider services, Func<Task> work)
    {
        await Listening.Value;
        (string, string) database;
        await using (var db = services.GetRequiredService<IReader>().Open()) database = Of(db.Database.GetDbConnection());
        await work();
        var asked = Ear.heard[database] = new();
        await work();
        Ear.heard.TryRemove(database, out _);
        return [.. asked];
    }

    public void OnNext(DiagnosticListener value)
    {
        if (value.Name == DbLoggerCategory.Name) value.Subscribe(this);
    }

    public void OnNext(KeyValuePair<string, object?> value)
    {
        // Other tests of the process ask their own databases.
        if (value.Key != RelationalEventId.CommandExecuting.Name || value.Value is not CommandEventData { Command: var command } || command.Connection is null) return;
        if (heard.TryGetValue(Of(command.Connection), out var asked))
            asked.Enqueue(new Statement(command.CommandText, [.. command.Parameters.Cast<DbParameter>().Select(p => (p.ParameterName, p.Value))]));
    }

    public void OnCompleted()
    {
    }

    public void OnError(Exception error)
    {
    }

    private static (string, string) Of(DbConnection connection) => (connection.DataSource, connection.Database);
}

/// <summary>A statement as it was sent, with its values.</summary>
internal sealed record Statement(string Text, IReadOnlyList<(string Name, object? Value)> Parameters)
{
    /// <summary>How the database would answer it, one line a step.</summary>
    public async Task<IReadOnlyList<string>> PlanAsync(CivilAffairsDb db)
    {
        await db.Database.OpenConnectionAsync();
        await using var command = db.Database.GetDbConnection().CreateCommand();
        command.CommandText = (db.LocksRows ? "EXPLAIN " : "EXPLAIN QUERY PLAN ") + Text;
        foreach (var (name, value) in Parameters)
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (name, value ?? DBNull.Value);
            command.Parameters.Add(parameter);
        }
        var lines = new List<string>();
        await using var plan = await command.ExecuteReaderAsync();
        while (await plan.ReadAsync()) lines.Add(plan.GetString(plan.FieldCount - 1));
        return lines;
    }
}
