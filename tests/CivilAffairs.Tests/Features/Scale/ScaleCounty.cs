using CivilAffairs.Tests.Support;
using CivilAffairs.Tests.Support.Scale;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace CivilAffairs.Tests.Features.Scale;

/// <summary>A county of many cases on each database, filled at first use.</summary>
public sealed class ScaleCounty : IAsyncLifetime
{
    public const string WithoutStatistics = "SQLite without statistics";
    private readonly Dictionary<string, TestApp> apps = [];

    public static IEnumerable<string> Kinds => [.. Databases.Kinds, WithoutStatistics];

    /// <summary>The tables that grow with every case.</summary>
    public static IReadOnlyList<string> Large { get; } = ["cases", "tasks", "case_parties", "persons", "grants", "notices", "audit", "outbox", "timers", "register_subjects", "register_entries", "certificates", "case_messages", "reverifications", "account_uses"];

    public async Task<IServiceProvider> GetAsync(string kind)
    {
        if (apps.TryGetValue(kind, out var known)) return known.Services;
        var app = apps[kind] = await Databases.StartAsync(kind == WithoutStatistics ? Databases.Sqlite : kind);
        await using var db = app.Services.GetRequiredService<IReader>().Open();
        var county = new ManyCases(20_000) { Whole = true, Revision = app.Services.GetRequiredService<MatterLibrary>().Find("rural-dibao")!.Hash, Open = new() { [ManyCases.Township(0)] = 60, [ManyCases.County] = 60 } };
        await county.FillAsync(db, app.Services.GetRequiredService<KeyRing>(), analyze: kind != WithoutStatistics);
        return app.Services;
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var app in apps.Values) await app.DisposeAsync();
    }
}
