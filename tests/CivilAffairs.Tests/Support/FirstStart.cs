using System.Collections.Concurrent;
using CivilAffairs.Tests.Support.Api;

namespace CivilAffairs.Tests.Support;

/// <summary>
/// What a first start leaves: a database of today's shape with every matter of the folder, and its keys. The first test that
/// begins at a moment makes all of it as anybody's first start does, on each database; from the third on tests begin with a
/// copy, where only what a start does with a database that it finds is left to do. Starting was most of what many tests took.
/// </summary>
internal sealed class FirstStart
{
    /// <summary>Starts that nobody copies: a copy costs one more.</summary>
    private const int Own = 2;
    private static readonly ConcurrentDictionary<(string Kind, DateTimeOffset? At), FirstStart> Starts = new();
    private readonly Lazy<string> folder;
    private int asked;

    private FirstStart(string kind, DateTimeOffset? at) => folder = new(() => Make(kind, at));

    /// <summary>Name of the PostgreSQL database to copy; nobody is connected to it.</summary>
    private string? Database { get; set; }

    /// <summary>Null: this one makes its own.</summary>
    /// <param name="clock">Matters are published at its moment; a clock that runs is one of today.</param>
    public static FirstStart? Of(string kind, TimeProvider? clock, IReadOnlyDictionary<string, string>? settings)
    {
        // A first start in Production writes less than the one that is kept.
        if (settings?.ContainsKey("environment") == true) return null;
        var at = clock is StoppedClock or StandingClock ? clock.GetUtcNow() : (DateTimeOffset?)null;
        var start = Starts.GetOrAdd((kind, at), key => new(key.Kind, key.At));
        return Interlocked.Increment(ref start.asked) > Own ? start : null;
    }

    /// <summary>Puts what a first start wrote into a folder that is empty.</summary>
    public void CopyTo(string data)
    {
        var from = folder.Value;
        foreach (var inner in Directory.EnumerateDirectories(from, "*", SearchOption.AllDirectories)) Directory.CreateDirectory(Path.Combine(data, Path.GetRelativePath(from, inner)));
        // The lock is a process's, not the data's; a process that is just being forked may hold it a moment longer than the server lived.
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories).Where(f => Path.GetFileName(f) != "civilaffairs.lock")) File.Copy(file, Path.Combine(data, Path.GetRelativePath(from, file)));
    }

    /// <returns>A connection string to a copy of the PostgreSQL database.</returns>
    public async Task<string> CopyAsync(PostgresServer server)
    {
        _ = folder.Value;
        return await server.CreateDatabaseAsync(Database!);
    }

    private string Make(string kind, DateTimeOffset? at)
    {
        var connection = Databases.FreshAsync(kind).GetAwaiter().GetResult();
        var kept = Directory.CreateTempSubdirectory("civilaffairs-first-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(kept, recursive: true);
        var app = new TestApp(connection, at is { } moment ? new StoppedClock(moment) : null, null, kept);
        _ = app.Services;
        app.DisposeAsync().AsTask().GetAwaiter().GetResult();
        if (connection is null) return kept;
        Npgsql.NpgsqlConnection.ClearAllPools();
        Database = new Npgsql.NpgsqlConnectionStringBuilder(connection).Database;
        return kept;
    }
}
