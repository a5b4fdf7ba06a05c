using System.Diagnostics;
using System.Globalization;
using CivilAffairs.Tests.Support;
using CivilAffairs.Tests.Support.Scale;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Demo;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Features.Reminders;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using CivilAffairs.Web.Platform.Time;
using Microsoft.AspNetCore.Identity;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CivilAffairs.Bench;

/// <summary>
/// The night's look at a million certificates that run out over four years: what has a stage today is found, and holder,
/// 业务主管单位 and clerk are reminded, each with a row and a letter in the outbox, stored as durably as in life; against the
/// database reading the table once from its first row to its last. One night follows the other, the scan after each.
/// <c>BENCH_CERTIFICATES</c> sets another number.
/// </summary>
internal static class Certificates
{
    private const int WarmUp = 3, Nights = 7, SpreadDays = 4 * 365;
    private static readonly int Many = int.TryParse(Environment.GetEnvironmentVariable("BENCH_CERTIFICATES"), NumberStyles.None, CultureInfo.InvariantCulture, out var set) ? set : 1_000_000;
    private static readonly DateOnly First = new(2026, 11, 2);

    internal static async IAsyncEnumerable<Measure> RunAsync()
    {
        foreach (var measure in await MeasureAsync("SQLite", null)) yield return measure;
        if (PostgresServer.Missing is not null) yield break;
        await using var postgres = await PostgresServer.StartAsync(durable: true);
        foreach (var measure in await MeasureAsync("PostgreSQL", await postgres.CreateDatabaseAsync())) yield return measure;
    }

    private static async Task<IReadOnlyList<Measure>> MeasureAsync(string database, string? connection)
    {
        await using var product = await Product.StartAsync(connection, []);
        var services = product.Services;
        await FillAsync(services);
        await using var db = services.GetRequiredService<IReader>().Open();
        var (nights, scans, rows) = (new List<double>(), new List<double>(), new List<int>());
        for (var night = 0; night < WarmUp + Nights; night++)
        {
            var watch = Watch(services, First.AddDays(night));
            var began = Stopwatch.GetTimestamp();
            var letters = await watch.RunAsync(default);
            var took = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
            if (letters == 0) throw new InvalidOperationException("Nobody was reminded.");
            var scan = await ScanAsync(db);
            if (night < WarmUp) continue;
            nights.Add(took);
            scans.Add(scan);
            rows.Add(letters);
        }
        var due = await db.Set<CertificateLook>().CountAsync(l => l.On < First.AddDays(WarmUp + Nights));
        if (due > 0) throw new InvalidOperationException($"{due} certificates were passed over.");
        var (ours, one, each) = (Median(nights), Median(scans), rows.Order().ElementAt(Nights / 2));
        var what = string.Create(CultureInfo.InvariantCulture, $"one sequential scan of {Many:#,0} certificates; {each:#,0} letters a night, each with its reminder");
        return [new Measure($"certificates, {database}, night", ours, one, "ms", what, 2.5, AtLeast: false), new Measure($"certificates, {database}, under a second", ours, 1000, "ms", "one second", 1.0, AtLeast: false)];
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private static ExpiryWatch Watch(IServiceProvider services, DateOnly day) => new(services.GetRequiredService<IReader>(), services.GetRequiredService<IWriter>(), services.GetRequiredService<MatterLibrary>(),
        services.GetRequiredService<SubjectCases>(), services.GetRequiredService<Calendars>(), new StoryClock(BureauTime.Start(day, new TimeOnly(7, 0))), services.GetRequiredService<ILogger<ExpiryWatch>>());

    /// <summary>Every row is read by one process of the database and looked into once, none is sent here.</summary>
    /// <returns>Milliseconds.</returns>
    private static async Task<double> ScanAsync(CivilAffairsDb db)
    {
        await db.Database.OpenConnectionAsync();
        await using var command = db.Database.GetDbConnection().CreateCommand();
        command.CommandTimeout = 0;
        if (db.LocksRows)
        {
            command.CommandText = "SET max_parallel_workers_per_gather = 0";
            await command.ExecuteNonQueryAsync();
        }
        command.CommandText = "SELECT COUNT(*) FROM certificates WHERE \"HolderName\" = 'nobody' OR \"OccurredOn\" > \"ValidTo\"";
        var began = Stopwatch.GetTimestamp();
        if (Convert.ToInt64(await command.ExecuteScalarAsync(), CultureInfo.InvariantCulture) != 0) throw new InvalidOperationException("The scan found something.");
        return Stopwatch.GetElapsedTime(began).TotalMilliseconds;
    }

    // Beyond these nights, so that what an end brings, a case, is not measured here.
    private static DateOnly LastOf(int number) => First.AddDays(WarmUp + Nights + 1 + (int)(number * 7919L % SpreadDays));

    private static async Task FillAsync(IServiceProvider services)
    {
        var watch = Stopwatch.StartNew();
        await County.WriteAsync(services.GetRequiredService<IWriter>());
        var library = services.GetRequiredService<MatterLibrary>();
        await library.PublishFoldersAsync(Path.Combine(AppContext.BaseDirectory, "workflows"), default);
        var stages = library.Find("so-renewal")!.Matter.Certificates.Single(c => c.Id == "so-certificate").Reminders;
        var clerk = new AccountMaker(new PasswordHasher<Account>(), new UpperInvariantLookupNormalizer(), new StoryClock(BureauTime.Start(First.AddDays(-9)))).Officer("clerk", "clerk", "correct-horse-9", new HeldRole("SOC", County.Code));
        await services.GetRequiredService<IWriter>().WriteAsync((db, _) =>
        {
            db.Add(clerk);
            return Task.FromResult(0);
        });
        // The rules are known before there is a certificate: the nights then only go on.
        await Watch(services, First).RunAsync(default);
        await using var read = services.GetRequiredService<IReader>().Open();
        await using var bulk = await Bulk.StartAsync(read);
        await bulk.WithoutIndexesAsync("certificates", "reminders");
        await bulk.AddAsync(Enumerable.Range(0, Many).Select(i =>
        {
            var last = LastOf(i);
            return new Certificate
            {
                Id = ManyCases.Id(32, i), Matter = "so-renewal", Kind = "so-certificate", Number = string.Create(CultureInfo.InvariantCulture, $"临社证字第{i:0000000}号"), SubjectId = ManyCases.Id(30, i), HolderName = string.Create(CultureInfo.InvariantCulture, $"临河县协会{i}"),
                County = County.Code, Township = "341299101", ValidFrom = last.AddDays(1).AddYears(-4), ValidTo = last, OccurredOn = last.AddDays(1).AddYears(-4), RecordedAt = DateTimeOffset.UnixEpoch,
                WatchOn = null,
            };
        }));
        // Their next days, in the order in which they were entered.
        await bulk.AddAsync(Enumerable.Range(0, Many).Select(i => new CertificateLook { On = stages.Select(r => r.DayOf(LastOf(i))).Where(d => d >= First).Min(), CertificateId = ManyCases.Id(32, i) }));
        // Who was told in the nights before these.
        await bulk.AddAsync(Enumerable.Range(0, Many).SelectMany(i => stages.Select(r => (Rule: r, Day: r.DayOf(LastOf(i)))).Where(s => s.Day < First).SelectMany(s => s.Rule.To.Select(to => new Reminder
        {
            Subject = ReminderSubject.Certificate, SubjectId = ManyCases.Id(32, i), Stage = s.Rule.Before, RecipientId = to.StartsWith("role:", StringComparison.Ordinal) ? clerk.Id : ManyCases.Id(30, i),
            RecipientKind = to.StartsWith("role:", StringComparison.Ordinal) ? RecipientKind.Account : RecipientKind.Subject, Contact = to.StartsWith("role:", StringComparison.Ordinal) ? "" : to, OccurredOn = s.Day, RecordedAt = DateTimeOffset.UnixEpoch,
        }))));
        await bulk.FinishAsync(analyze: read.LocksRows);
        if (!read.LocksRows) SqliteConnection.ClearAllPools();
        await Console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{Many:#,0} certificates filled in {watch.Elapsed.TotalSeconds:0} s"));
    }
}
