using System.Diagnostics;
using System.Globalization;
using CivilAffairs.Tests.Support;
using CivilAffairs.Tests.Support.Scale;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Cases.Queue;
using CivilAffairs.Web.Features.Desk.Search;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using Microsoft.Extensions.DependencyInjection;

namespace CivilAffairs.Bench;

/// <summary>
/// What an officer waits for, in a county with many cases against one with few: the queue's page with its counts, and the
/// lists beside it. As in life an office's open work is the same in both; a third county has an office with more open
/// tasks than are counted, against one whose every case is open there. <c>BENCH_CASES</c> sets the larger number.
/// </summary>
internal static class Queue
{
    private const int Few = 1000, Rounds = 300, OpenHere = 60, Flood = 20_000;
    private static readonly string Here = ManyCases.Township(0), Flooded = ManyCases.Township(1);
    private static readonly int Many = int.TryParse(Environment.GetEnvironmentVariable("BENCH_CASES"), NumberStyles.None, CultureInfo.InvariantCulture, out var set) ? set : 1_000_000;

    internal static async IAsyncEnumerable<Measure> RunAsync()
    {
        foreach (var measure in await MeasureAsync("SQLite", () => Task.FromResult<string?>(null))) yield return measure;
        if (PostgresServer.Missing is not null) yield break;
        await using var postgres = await PostgresServer.StartAsync();
        foreach (var measure in await MeasureAsync("PostgreSQL", async () => await postgres.CreateDatabaseAsync())) yield return measure;
    }

    private static async Task<IReadOnlyList<Measure>> MeasureAsync(string database, Func<Task<string?>> connection)
    {
        var county = new Dictionary<string, int> { [Here] = OpenHere, [ManyCases.County] = OpenHere };
        await using var many = await FillAsync(await connection(), new(Many) { Open = new(county) { [Flooded] = Math.Min(Flood, Many / 5) } });
        await using var few = await FillAsync(await connection(), new(Few) { Open = county });
        await using var full = await FillAsync(await connection(), new(Few) { Open = new() { [Flooded] = Few } });
        var (reviewer, approver, flooded) = (Officer("TRV", Here), Officer("CAP", ManyCases.County), Officer("TRV", Flooded));
        return
        [
            await CompareAsync($"queue, {database}, township", many, few, (s, _) => QueueOf(s, reviewer), 54),
            await CompareAsync($"queue, {database}, county", many, few, (s, _) => QueueOf(s, approver), 54),
            await CompareAsync($"queue, {database}, flooded office", many, full, (s, _) => QueueOf(s, flooded), 900),
            await CompareAsync($"search by number, {database}", many, few, async (s, n) => (await s.GetRequiredService<SearchQuery>().FindAsync(approver, Case.NumberOf(ManyCases.County, 2026, n), 1)).Rows.Count, 1),
            await CompareAsync($"search by ID number, {database}", many, few, async (s, n) => (await s.GetRequiredService<SearchQuery>().FindAsync(approver, ManyCases.IdNumber(n - 1), 1)).Rows.Count, 1),
            await CompareAsync($"search by name, {database}", many, few, async (s, _) => (await s.GetRequiredService<SearchQuery>().FindAsync(approver, "张某", 1)).Rows.Count, 25),
        ];
    }

    private static async Task<int> QueueOf(IServiceProvider services, Viewer officer) => (await services.GetRequiredService<QueueQuery>().ReadAsync(officer, new QueueFilter())).Total;

    /// <summary>Takes turns, so that whatever else the machine does meets both; the median of each counts.</summary>
    /// <param name="atLeast">Lines that must be found on both sides: an empty answer is no measurement.</param>
    private static async Task<Measure> CompareAsync(string name, Product many, Product few, Func<IServiceProvider, int, Task<int>> work, int atLeast)
    {
        var (ours, against) = (new List<double>(), new List<double>());
        for (var round = -150; round < Rounds; round++)
            foreach (var (product, cases, times) in new[] { (many, Many, ours), (few, Few, against) })
            {
                var watch = Stopwatch.GetTimestamp();
                var found = await work(product.Services, cases);
                if (round >= 0) times.Add(Stopwatch.GetElapsedTime(watch).TotalMilliseconds);
                if (found < atLeast) throw new InvalidOperationException($"{name}: {found} found, at least {atLeast} expected.");
            }
        return new Measure(name, ours.Order().ElementAt(Rounds / 2), against.Order().ElementAt(Rounds / 2), "ms", string.Create(CultureInfo.InvariantCulture, $"at {Few:#,0} cases instead of {Many:#,0}"), 1.3, AtLeast: false);
    }

    private static async Task<Product> FillAsync(string? connection, ManyCases county)
    {
        var watch = Stopwatch.StartNew();
        var product = await Product.StartAsync(connection, []);
        await using var db = product.Services.GetRequiredService<IReader>().Open();
        // SQLite is as the product leaves it, without statistics; PostgreSQL gathers its own.
        await county.FillAsync(db, product.Services.GetRequiredService<KeyRing>(), analyze: db.LocksRows);
        await Console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{county.Cases:#,0} cases filled in {watch.Elapsed.TotalSeconds:0} s"));
        return product;
    }

    private static Viewer Officer(string role, string division) => new(new Guid("00000000-0000-7000-8000-00000000ffff"), "干部", AccountKind.Officer, [new HeldRole(role, division)]);
}
