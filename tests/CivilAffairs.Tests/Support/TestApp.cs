using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace CivilAffairs.Tests.Support;

/// <summary>
/// The real product in this process over its own database and data folder; only the clock may be replaced. Settings as
/// in production, by their names.
/// </summary>
public class TestApp : WebApplicationFactory<Program>
{
    private readonly string data;
    private readonly Dictionary<string, string> settings;
    private readonly TimeProvider? clock;
    private readonly bool isKept;

    public TestApp(string? connection = null, TimeProvider? clock = null, IReadOnlyDictionary<string, string>? settings = null)
        : this(connection, clock, settings, null)
    {
    }

    /// <param name="kept">A folder that stays when the app has ended; null: one of its own, which goes with it.</param>
    internal TestApp(string? connection, TimeProvider? clock, IReadOnlyDictionary<string, string>? settings, string? kept)
    {
        (this.clock, isKept) = (clock, kept is not null);
        data = kept ?? Directory.CreateTempSubdirectory("civilaffairs-").FullName;
        this.settings = new(settings ?? new Dictionary<string, string>()) { ["CIVILAFFAIRS_DATA"] = data };
        if (connection is not null) this.settings["ConnectionStrings:Database"] = connection;
        this.settings.TryAdd("Demo:Seed", "false");
        this.settings.TryAdd("Jobs:Enabled", "false");
        // One node: nothing asks the database behind a test's back.
        this.settings.TryAdd("Matters:WatchSeconds", "0");
        // A test's program lies beside no site: what npm brought is named.
        this.settings.TryAdd("Studio:Folder", Repository.Path("src/CivilAffairs.Web/node_modules/@elsa-workflows/elsa-studio-wasm"));
    }

    public string Data => data;

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        if (!isKept && !settings.ContainsKey("ConnectionStrings:Database") && !Directory.EnumerateFileSystemEntries(data).Any()) FirstStart.Of(Databases.Sqlite, clock, settings)?.CopyTo(data);
        foreach (var (key, value) in settings) builder.UseSetting(key, value);
        builder.ConfigureServices(CaseStory.Services);
        if (clock is not null) builder.ConfigureServices(services => services.AddSingleton(clock));
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        if (!isKept) Directory.Delete(data, recursive: true);
        GC.SuppressFinalize(this);
    }
}

/// <summary>The product on the embedded default, for a class fixture.</summary>
public sealed class SqliteApp : TestApp;

/// <summary>The embedded default and PostgreSQL: every behaviour is tested on both.</summary>
public static class Databases
{
    public const string Sqlite = "SQLite", Postgres = "PostgreSQL";

    /// <summary>For <c>[DatabaseTheory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]</c>.</summary>
    public static TheoryData<string> Both => [.. Kinds];

    /// <summary>In CI always both: there a missing server fails its rows, and none goes unsaid.</summary>
    public static IReadOnlyList<string> Kinds => PostgresServer.Missing is null || Environment.GetEnvironmentVariable("CI") == "true" ? [Sqlite, Postgres] : [Sqlite];

    private static readonly Lazy<Task<PostgresServer>> Server = new(async () =>
    {
        var server = await PostgresServer.StartAsync();
        // Shared by all classes, so nobody's fixture ends it: the end of the run does.
        AppDomain.CurrentDomain.ProcessExit += (_, _) => server.Abandon();
        return server;
    });

    /// <summary>A fresh database's connection string; null for SQLite, which makes its own in the app's data folder.</summary>
    public static async Task<string?> FreshAsync(string kind)
    {
        if (kind == Sqlite) return null;
        var server = await Server.Value;
        return server.ConnectionString(await server.CreateDatabaseAsync());
    }

    public static Task<TestApp> StartAsync(string kind, TimeProvider? clock = null, IReadOnlyDictionary<string, string>? settings = null) =>
        StartAsync(kind, clock, settings, connection => new TestApp(connection, clock, settings));

    /// <summary>An app of any kind on a database that nobody has used (<see cref="FirstStart"/>).</summary>
    /// <param name="make">Given the connection string; null for SQLite.</param>
    public static async Task<T> StartAsync<T>(string kind, TimeProvider? clock, IReadOnlyDictionary<string, string>? settings, Func<string?, T> make) where T : TestApp
    {
        var (connection, first) = await BeginAsync(kind, clock, settings);
        var app = make(connection);
        first?.CopyTo(app.Data);
        return app;
    }

    /// <summary>A database that nobody has used, and the first start that it is a copy of: its folder belongs with it.</summary>
    internal static async Task<(string? Connection, FirstStart? First)> BeginAsync(string kind, TimeProvider? clock, IReadOnlyDictionary<string, string>? settings)
    {
        // SQLite's lies in the app's folder, which the app fills itself.
        if (kind == Sqlite || FirstStart.Of(kind, clock, settings) is not { } first) return (await FreshAsync(kind), null);
        return (await first.CopyAsync(await Server.Value), first);
    }
}

/// <summary>One app for each database, started at first use and shared by the tests of a class.</summary>
public sealed class BothDatabases : IAsyncDisposable, IAsyncLifetime
{
    private readonly Dictionary<string, TestApp> apps = [];

    public async Task<TestApp> GetAsync(string kind) => apps.TryGetValue(kind, out var app) ? app : apps[kind] = await Databases.StartAsync(kind);

    public Task InitializeAsync() => Task.CompletedTask;

    async Task IAsyncLifetime.DisposeAsync() => await DisposeAsync();

    public async ValueTask DisposeAsync()
    {
        foreach (var app in apps.Values) await app.DisposeAsync();
    }
}
