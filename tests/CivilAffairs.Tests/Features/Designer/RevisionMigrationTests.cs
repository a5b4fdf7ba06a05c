using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace CivilAffairs.Tests.Features.Designer;

/// <summary>What was published before versions had numbers gets them in the order of publishing.</summary>
public sealed class RevisionMigrationTests
{
    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Earlier_revisions_are_numbered_and_came_from_folders(string kind)
    {
        var file = Path.Combine(Path.GetTempPath(), $"revisions-{Guid.NewGuid():N}.db");
        await using (CivilAffairsDb db = kind == Databases.Sqlite ? new SqliteDb(new DbContextOptionsBuilder<SqliteDb>().UseSqlite($"Data Source={file};Pooling=false").Options)
            : new PostgresDb(new DbContextOptionsBuilder<PostgresDb>().UseNpgsql(await Databases.FreshAsync(kind)).Options))
        {
            var names = db.Database.GetMigrations().ToList();
            await db.GetService<Microsoft.EntityFrameworkCore.Migrations.IMigrator>().MigrateAsync(names[names.FindIndex(n => n.EndsWith("_MatterDrafts", StringComparison.Ordinal)) - 1]);
            foreach (var (hash, matter, day, current) in new[] { ("c", "one", 1, false), ("a", "one", 2, false), ("b", "one", 3, true), ("e", "two", 5, false), ("d", "two", 4, true) })
            {
                var at = new DateTime(2026, 11, day, 8, 0, 0, DateTimeKind.Utc);
                await db.Database.ExecuteSqlAsync($"INSERT INTO matter_revisions (\"Hash\", \"Matter\", \"Bundle\", \"PublishedAt\", \"Current\") VALUES ({hash}, {matter}, '{{}}', {at}, {current})");
            }
            await db.Database.MigrateAsync();
            var rows = await db.Set<PublishedRevision>().OrderBy(r => r.Matter).ThenBy(r => r.Number).ToListAsync();
            // The one that is current is the last, whenever it was published first.
            Assert.Equal([("one", 1, "c"), ("one", 2, "a"), ("one", 3, "b"), ("two", 1, "e"), ("two", 2, "d")], rows.Select(r => (r.Matter, r.Number, r.Hash)));
            Assert.All(rows, r => Assert.Equal((RevisionOrigin.Folder, null, null), (r.Origin, r.PublishedById, r.RetiredAt)));
            Assert.Equal(["b", "d"], rows.Where(r => r.Current).Select(r => r.Hash));
        }
        File.Delete(file);
    }
}
