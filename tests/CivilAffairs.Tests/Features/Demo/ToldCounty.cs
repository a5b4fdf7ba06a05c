using System.Diagnostics;
using CivilAffairs.Tests.Features.Matters;
using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Features.Demo;
using CivilAffairs.Web.Platform.Jobs;
using Microsoft.Extensions.DependencyInjection;

namespace CivilAffairs.Tests.Features.Demo;

/// <summary>The county with every kind of case at least once, told to its end; one for each database.</summary>
public sealed class ToldCounty : IAsyncDisposable, Xunit.IAsyncLifetime
{
    /// <summary>Enough for every kind of the plan once.</summary>
    internal static int Cases => DemoStories.All.Count + DemoOrganisations.Cases + Kinds;

    /// <summary>Stories of the plan until each kind stands once.</summary>
    internal static int Kinds => CountyPlan.Stories(DemoOffices.All.Any(o => o.Role == Web.Platform.Security.Roles.MarriageRegistrar)).TakeWhile(s => s.Number < 3_100).Count();

    /// <summary>Those of the matters that the plan does not name: told on SQLite, since the commands and tables are the same.</summary>
    internal static IReadOnlyList<YearStory> Others { get; } = CountyMatters.Stories(ShippedMatters.Folders.Select(f => ShippedMatters.Load(f).Revision!));

    private readonly Dictionary<string, TestApp> apps = [];

    internal async Task<TestApp> GetAsync(string kind)
    {
        if (apps.TryGetValue(kind, out var there)) return there;
        var settings = new Dictionary<string, string> { ["Demo:Seed"] = "true", ["Demo:Cases"] = (Cases + (kind == Databases.Sqlite ? Others.Count : 0)).ToString(System.Globalization.CultureInfo.InvariantCulture) };
        var app = apps[kind] = await Databases.StartAsync(kind, settings: settings);
        var filling = app.Services.GetRequiredService<IFilling>();
        // Only that it ends: how long a machine takes for it is no matter of a test.
        for (var waited = Stopwatch.StartNew(); filling.Now is not null; await Task.Delay(100))
            if (waited.Elapsed > TimeSpan.FromMinutes(20)) throw new TimeoutException($"The county's year is not told: {filling.Now}.");
        return app;
    }

    public Task InitializeAsync() => Task.CompletedTask;

    async Task Xunit.IAsyncLifetime.DisposeAsync() => await DisposeAsync();

    public async ValueTask DisposeAsync()
    {
        foreach (var app in apps.Values) await app.DisposeAsync();
    }
}
