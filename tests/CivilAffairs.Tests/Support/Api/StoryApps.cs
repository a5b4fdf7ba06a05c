using System.Net;
using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Platform.Data;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace CivilAffairs.Tests.Support.Api;

/// <summary>A clock that stands where it was put. Each story begins at its own time, so it may also be put back.</summary>
public sealed class StandingClock : TimeProvider
{
    private long ticks = new DateTimeOffset(2026, 2, 1, 0, 0, 0, TimeSpan.Zero).Ticks;

    public override DateTimeOffset GetUtcNow() => new(Interlocked.Read(ref ticks), TimeSpan.Zero);

    public void Put(DateTimeOffset instant) => Interlocked.Exchange(ref ticks, instant.UtcTicks);
}

/// <summary>The product with a clock of the test's, in which people sign in anew at every step of their stories.</summary>
public sealed class StoryApp(string? connection, StandingClock clock, IReadOnlyDictionary<string, string>? settings = null) : TestApp(connection, clock, settings)
{
    /// <summary>Everybody calls from a place of their own, so that one story's limit per address is not another's.</summary>
    internal const string AddressHeader = "X-Story-Address";

    public StandingClock Clock => clock;

    /// <summary>True: whoever writes is told that too much waits.</summary>
    public bool Jammed { get; set; }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        base.ConfigureWebHost(builder);
        // A thousand sign-ins: the strength of stored passwords is not what these stories are about.
        (builder ?? throw new ArgumentNullException(nameof(builder))).ConfigureServices(services =>
        {
            services.Configure<PasswordHasherOptions>(options => options.IterationCount = 1_000);
            services.AddSingleton<IStartupFilter, Addresses>();
            var real = services.Last(s => s.ServiceType == typeof(IWriter)).ImplementationFactory!;
            services.AddSingleton<IWriter>(provider => new Jammable((IWriter)real(provider), this));
        });
    }

    private sealed class Addresses : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use((context, following) =>
            {
                if (IPAddress.TryParse(context.Request.Headers[AddressHeader], out var address)) context.Connection.RemoteIpAddress = address;
                return following(context);
            });
            next(app);
        };
    }

    private sealed class Jammable(IWriter writer, StoryApp app) : IWriter
    {
        public Task<T> WriteAsync<T>(Func<CivilAffairsDb, CancellationToken, Task<T>> work, CancellationToken cancel = default) =>
            app.Jammed ? throw new BusyException() : writer.WriteAsync(work, cancel);

        public Task<T> WriteGuardedAsync<T>(Func<CivilAffairsDb, CancellationToken, Task<T>> work, CancellationToken cancel = default) =>
            app.Jammed ? throw new BusyException() : writer.WriteGuardedAsync(work, cancel);
    }
}

/// <summary>One app for each database, shared by all tests that play stories over the API; they run one after the other.</summary>
public sealed class StoryApps : IAsyncLifetime
{
    private readonly Dictionary<string, StoryApp> apps = [];

    public Task<StoryApp> GetAsync(string kind) => GetAsync(kind, kind, null);

    /// <summary>Without the calendars of later years, as an installation is before they are published.</summary>
    public Task<StoryApp> ProductionAsync(string kind) => GetAsync(kind + " in Production", kind, new() { ["environment"] = "Production" });

    private async Task<StoryApp> GetAsync(string name, string kind, Dictionary<string, string>? settings) =>
        apps.TryGetValue(name, out var app) ? app : apps[name] = await StartAsync(kind, settings);

    /// <summary>One of a test's own.</summary>
    public static Task<StoryApp> StartAsync(string kind, IReadOnlyDictionary<string, string>? settings = null, StandingClock? clock = null)
    {
        var standing = clock ?? new StandingClock();
        return Databases.StartAsync(kind, standing, settings, connection => new StoryApp(connection, standing, settings));
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var app in apps.Values) await app.DisposeAsync();
    }
}

[CollectionDefinition(Name)]
public sealed class ApiStories : ICollectionFixture<StoryApps>
{
    public const string Name = "Stories over the API";
}
