using CivilAffairs.Web.Platform.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Migrations;

namespace CivilAffairs.Tests.Platform.Data;

/// <summary>
/// A migration counts whole or not at all, whenever the power fails: none ends its transaction half way, as what is generated for a
/// change of a key or a column does on SQLite.
/// </summary>
public sealed class MigrationsWholeTests
{
    [Fact]
    public void No_migration_leaves_its_transaction()
    {
        using var sqlite = new SqliteDb(new DbContextOptionsBuilder<SqliteDb>().UseSqlite("Data Source=:memory:").Options);
        using var postgres = new PostgresDb(new DbContextOptionsBuilder<PostgresDb>().UseNpgsql("Host=localhost").Options);
        foreach (var db in new DbContext[] { sqlite, postgres })
        {
            var assembly = db.GetService<IMigrationsAssembly>();
            var generator = db.GetService<IMigrationsSqlGenerator>();
            Assert.NotEmpty(assembly.Migrations);
            foreach (var (id, type) in assembly.Migrations)
            {
                var migration = assembly.CreateMigration(type, db.Database.ProviderName!);
                var model = db.GetService<IModelRuntimeInitializer>().Initialize((IModel)((Microsoft.EntityFrameworkCore.Metadata.IMutableModel)migration.TargetModel).FinalizeModel(), designTime: true, validationLogger: null);
                var left = generator.Generate(migration.UpOperations, model).Where(c => c.TransactionSuppressed).Select(c => $"{id}: {c.CommandText}");
                Assert.Empty(left);
            }
        }
    }
}
