using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Platform.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace CivilAffairs.Tests.Platform.Data;

/// <summary>Several processes start at once: one brings the database to its shape, none breaks it.</summary>
public sealed class MigrationLockTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("civilaffairs-migrate-").FullName;

    [PostgresFact]
    public async Task Nodes_that_start_together_migrate_one_after_the_other()
    {
        var connection = await Databases.FreshAsync(Databases.Postgres);
        var nodes = Enumerable.Range(0, 4).Select(_ => Services(connection)).ToList();
        await Task.WhenAll(nodes.Select(n => n.GetRequiredService<IMigrator>().MigrateAsync(default)));
        await using var db = nodes[0].GetRequiredService<IReader>().Open();
        Assert.Empty(await db.Database.GetPendingMigrationsAsync());
        foreach (var node in nodes) await node.DisposeAsync();
    }

    [Fact]
    public async Task A_second_process_on_the_embedded_database_is_told_so_and_a_killed_ones_lock_is_taken_away()
    {
        await using (var first = Services(null))
        {
            await first.GetRequiredService<IMigrator>().MigrateAsync(default);
            await using var second = Services(null);
            Assert.Contains("in use by another process", (await Assert.ThrowsAsync<DataFolderInUseException>(() => second.GetRequiredService<IMigrator>().MigrateAsync(default))).Message, StringComparison.Ordinal);
            await using var db = first.GetRequiredService<IReader>().Open();
            await db.Database.ExecuteSqlRawAsync("INSERT INTO \"__EFMigrationsLock\" VALUES (1, '2026-01-01')");
        }
        await using var third = Services(null);
        await third.GetRequiredService<IMigrator>().MigrateAsync(default).WaitAsync(TimeSpan.FromSeconds(60));
    }

    private ServiceProvider Services(string? connection)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { ["CIVILAFFAIRS_DATA"] = folder, ["ConnectionStrings:Database"] = connection }).Build();
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddDatabase(configuration);
        return services.BuildServiceProvider();
    }

    public void Dispose()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
    }
}
