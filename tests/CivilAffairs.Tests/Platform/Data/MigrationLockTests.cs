using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Features.Demo;
using CivilAffairs.Web.Platform.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
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
        // What a start writes is looked up first: two at once would both find it missing.
        var (within, wrote) = (0, 0);
        await Task.WhenAll(nodes.Select(n => n.GetRequiredService<IMigrator>().MigrateAsync(async () =>
        {
            Assert.Equal(1, Interlocked.Increment(ref within));
            await using var look = n.GetRequiredService<IReader>().Open();
            var missing = !await look.Set<CivilAffairs.Web.Platform.Divisions.Division>().AnyAsync();
            await Task.Delay(50);
            if (missing) await County.WriteAsync(n.GetRequiredService<IWriter>());
            if (missing) wrote++;
            Interlocked.Decrement(ref within);
        }, default)));
        await using var db = nodes[0].GetRequiredService<IReader>().Open();
        Assert.Empty(await db.Database.GetPendingMigrationsAsync());
        Assert.Equal(1, wrote);
        foreach (var node in nodes) await node.DisposeAsync();
    }

    [Fact]
    public async Task A_second_process_on_the_embedded_database_is_told_so_and_a_killed_ones_lock_is_taken_away()
    {
        await using (var first = Services(null))
        {
            await first.GetRequiredService<IMigrator>().MigrateAsync(null, default);
            await using var second = Services(null);
            Assert.Contains("in use by another process", (await Assert.ThrowsAsync<DataFolderInUseException>(() => second.GetRequiredService<IMigrator>().MigrateAsync(null, default))).Message, StringComparison.Ordinal);
            await using var db = first.GetRequiredService<IReader>().Open();
            await db.Database.ExecuteSqlRawAsync("INSERT INTO \"__EFMigrationsLock\" VALUES (1, '2026-01-01')");
        }
        await using var third = Services(null);
        await third.GetRequiredService<IMigrator>().MigrateAsync(null, default).WaitAsync(TimeSpan.FromSeconds(60));
        await using var after = third.GetRequiredService<IReader>().Open();
        Assert.Equal(0, await after.Database.SqlQueryRaw<int>("SELECT COUNT(*) AS \"Value\" FROM \"__EFMigrationsLock\"").SingleAsync());
    }

    /// <summary>A start asks only whether a migration is missing, so a change of the model without one must be seen here.</summary>
    [Fact]
    public void Both_sets_of_migrations_give_the_model_as_it_is()
    {
        using var sqlite = new SqliteDesignTime().CreateDbContext([]);
        using var postgres = new PostgresDesignTime().CreateDbContext([]);
        Assert.False(sqlite.Database.HasPendingModelChanges(), "a migration for SQLite is missing");
        Assert.False(postgres.Database.HasPendingModelChanges(), "a migration for PostgreSQL is missing");
        using var changed = new SqliteDb(new DbContextOptionsBuilder<SqliteDb>().UseSqlite("Data Source=:memory:").ReplaceService<IModelCustomizer, AnotherColumn>().Options);
        Assert.True(changed.Database.HasPendingModelChanges());
    }

    private sealed class AnotherColumn(ModelCustomizerDependencies dependencies) : RelationalModelCustomizer(dependencies)
    {
        public override void Customize(ModelBuilder modelBuilder, DbContext context)
        {
            base.Customize(modelBuilder, context);
            modelBuilder.Entity<CivilAffairs.Web.Features.Cases.Model.Case>().Property<string>("Forgotten");
        }
    }

    private ServiceProvider Services(string? connection)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { ["CIVILAFFAIRS_DATA"] = folder, ["ConnectionStrings:Database"] = connection }).Build();
        var services = new ServiceCollection();
        services.AddLogging().AddSingleton(TimeProvider.System);
        services.AddDatabase(configuration);
        return services.BuildServiceProvider();
    }

    public void Dispose()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
    }
}
