using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Reminders;
using CivilAffairs.Web.Platform.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace CivilAffairs.Tests.Platform.Data;

/// <summary>A database with data of the version before comes to the shape of this one and loses nothing.</summary>
public sealed class UpgradeTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("civilaffairs-upgrade-").FullName;

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Certificates_that_carry_their_day_keep_it_until_the_night_plans_the_next(string kind)
    {
        await using var node = Services(kind == Databases.Sqlite ? null : await Databases.FreshAsync(kind));
        var writer = node.GetRequiredService<IWriter>();
        await ToAsync(node, "OfficeLife");
        var day = new DateOnly(2026, 8, 21);
        Certificate Of(string number, DateOnly? watch) => new() { Matter = "m", Kind = "k", Number = number, HolderName = "", County = "341299", ValidFrom = new(2022, 11, 20), ValidTo = new(2026, 11, 19), WatchOn = watch };
        var (due, later, over) = (Of("1", day), Of("2", day.AddDays(30)), Of("3", null));
        await writer.WriteAsync((db, _) =>
        {
            db.AddRange(due, later, over);
            return Task.FromResult(0);
        });
        await using (var before = node.GetRequiredService<IReader>().Open())
            await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => before.Set<CertificateLook>().CountAsync());

        await ToAsync(node, null);
        await using var db = node.GetRequiredService<IReader>().Open();
        Assert.Empty(await db.Database.GetPendingMigrationsAsync());
        Assert.Equal([("1", day), ("2", day.AddDays(30)), ("3", null)], (await db.Set<Certificate>().AsNoTracking().OrderBy(c => c.Number).ToListAsync()).Select(c => (c.Number, c.WatchOn)));
        Assert.Empty(await db.Set<CertificateLook>().ToListAsync());
        // The first night takes the one whose day has come off its row; its next day lies on the plan, and is taken there.
        var next = day.AddDays(30);
        await writer.WriteAsync(async (w, _) =>
        {
            var (taken, on) = Assert.Single(await CertificateLooks.UnplannedAsync(w, [due.Id, later.Id, over.Id], day));
            Assert.Equal((due.Id, 0), (taken.Id, on.Count));
            await CertificateLooks.PlanAsync(w, [new CertificateLook { On = next, CertificateId = taken.Id }]);
            return 0;
        });
        Assert.Null((await db.Set<Certificate>().AsNoTracking().SingleAsync(c => c.Id == due.Id)).WatchOn);
        await writer.WriteAsync(async (w, _) =>
        {
            var (taken, on) = Assert.Single(await CertificateLooks.TakeAsync(w, [due.Id, later.Id], next));
            Assert.Equal((due.Id, next), (taken.Id, Assert.Single(on)));
            Assert.Equal(later.Id, Assert.Single(await CertificateLooks.UnplannedAsync(w, [due.Id, later.Id], next)).Certificate.Id);
            return 0;
        });
        Assert.Empty(await db.Set<CertificateLook>().AsNoTracking().ToListAsync());
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Supervision_orders_of_before_count_for_their_township_and_as_their_first_answer_came(string kind)
    {
        await using var node = Services(kind == Databases.Sqlite ? null : await Databases.FreshAsync(kind));
        var writer = node.GetRequiredService<IWriter>();
        await ToAsync(node, "Supervision");
        Case Of(string? township) => new() { Matter = "m", Revision = "r", Status = "Accepted", County = "341299", Township = township };
        var cases = new[] { Of("341299101"), Of("341299101"), Of(null) };
        var (due, orders) = (new DateOnly(2026, 3, 10), new List<Guid>());
        await writer.WriteAsync(async (db, token) =>
        {
            db.AddRange(cases);
            await db.SaveChangesAsync(token);
            foreach (var (@case, answered) in cases.Zip(new DateOnly?[] { due, due.AddDays(1), null }))
            {
                var (order, at) = (Guid.CreateVersion7(), new DateTime(2026, 3, 1, 1, 0, 0, DateTimeKind.Utc));
                orders.Add(order);
                await db.Database.ExecuteSqlAsync($"""INSERT INTO supervision_orders ("Id", "CaseId", "Number", "State", "DueOn", "Round", "IssuedById", "OccurredOn", "IssuedAt") VALUES ({order}, {@case.Id}, 'n', 'Open', {due}, 1, {order}, {due.AddDays(-9)}, {at})""", token);
                await SayAsync("Issued", due.AddDays(-9), due);
                if (answered is { } day) await SayAsync("Answered", day, null);

                Task SayAsync(string what, DateOnly on, DateOnly? by) =>
                    db.Database.ExecuteSqlAsync($"""INSERT INTO supervision_entries ("Id", "OrderId", "CaseId", "Kind", "Cipher", "DueOn", "RecordedById", "OccurredOn", "RecordedAt") VALUES ({Guid.CreateVersion7()}, {order}, {@case.Id}, {what}, {new byte[] { 1 }}, {by}, {order}, {on}, {at})""", token);
            }
            return 0;
        });
        await ToAsync(node, null);
        await using var read = node.GetRequiredService<IReader>().Open();
        var now = await read.Set<SupervisionOrder>().AsNoTracking().ToDictionaryAsync(o => o.Id);
        Assert.Equal([("341299101", true), ("341299101", false), ("341299", null)], orders.Select(o => (now[o].Office, now[o].InTime)));
    }

    /// <param name="migration">Its name; null: the newest.</param>
    private static async Task ToAsync(ServiceProvider node, string? migration)
    {
        await using var db = node.GetRequiredService<IReader>().Open();
        await db.Database.GetService<Microsoft.EntityFrameworkCore.Migrations.IMigrator>().MigrateAsync(migration);
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
