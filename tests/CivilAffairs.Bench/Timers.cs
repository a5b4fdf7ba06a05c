using System.Diagnostics;
using System.Globalization;
using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Demo;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CivilAffairs.Bench;

/// <summary>
/// Due timers a second, as the job fires them after midnight: notices whose last day is over, whose cases go on to the next
/// step; against decisions a second by as many callers as give most, on the same database in the same minute.
/// </summary>
internal static class Timers
{
    private const int Warm = 200, Rounds = 5, Fired = 150, Decided = 300;
    private static readonly DateTimeOffset Later = new(2099, 1, 1, 0, 0, 0, TimeSpan.Zero);

    internal static async IAsyncEnumerable<Measure> RunAsync()
    {
        yield return await MeasureAsync("SQLite", null);
        if (PostgresServer.Missing is not null) yield break;
        await using var postgres = await PostgresServer.StartAsync(durable: true);
        yield return await MeasureAsync("PostgreSQL", await postgres.CreateDatabaseAsync());
    }

    private static async Task<Measure> MeasureAsync(string database, string? connection)
    {
        await using var product = await Product.StartAsync(connection, []);
        var services = product.Services;
        var tasks = new Queue<WorkTask>(await Transitions.FileAsync(services, 3 * Warm + Rounds * Decided));
        var timers = new Queue<Guid>(await NoticesAsync(services, Warm + Rounds * Fired));
        await Transitions.DecideAsync(services, tasks, 3 * Warm, 32);
        await FireAsync(services, timers, Warm);
        var (ours, decisions) = (new List<double>(), new List<double>());
        for (var round = 0; round < Rounds; round++)
        {
            ours.Add(await FireAsync(services, timers, Fired));
            decisions.Add((await Transitions.DecideAsync(services, tasks, Decided, 32)).Rate);
        }
        return new Measure($"timers, {database}", Median(ours), Median(decisions), "/s", "decisions by 32 callers", 0.5);
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    /// <summary>Cases whose notice is up, none due yet.</summary>
    private static async Task<List<Guid>> NoticesAsync(IServiceProvider services, int cases)
    {
        var revision = services.GetRequiredService<MatterLibrary>().Find("rural-dibao")!;
        await Parallel.ForEachAsync(Enumerable.Range(0, cases), new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (number, _) =>
        {
            // In a year whose working days are known.
            var example = DemoStories.Place(revision.Examples["granted.json"], new DemoStory("granted", 2), 500_000 + number, "341299101202", new DateOnly(2026, 4, 1));
            var player = new StoryPlayer(services, new StoryClock(example.At), (task, by) => new Viewer(Guid.NewGuid(), by, AccountKind.Officer, [new HeldRole(task.Role, task.Division)]));
            await player.PlayAsync(revision, example, new Viewer(Guid.NewGuid(), "x", AccountKind.Applicant, []), example.Answers["opinion"][0].At!.Value.AddHours(1));
        });
        await services.GetRequiredService<IWriter>().WriteAsync((db, token) => db.Set<CaseTimer>().Where(t => t.State == TimerState.Waiting).ExecuteUpdateAsync(s => s.SetProperty(t => t.DueAt, Later), token));
        await using var db = services.GetRequiredService<IReader>().Open();
        var waiting = await db.Set<CaseTimer>().Where(t => t.State == TimerState.Waiting && t.ActivityId == "publicNotice").OrderBy(t => t.Id).Select(t => t.Id).ToListAsync();
        return waiting.Count >= cases ? waiting : throw new InvalidOperationException($"{waiting.Count} of {cases} notices wait.");
    }

    /// <returns>Timers a second.</returns>
    private static async Task<double> FireAsync(IServiceProvider services, Queue<Guid> timers, int count)
    {
        var due = Enumerable.Range(0, count).Select(_ => timers.Dequeue()).ToList();
        var at = DateTimeOffset.UtcNow.AddHours(-1);
        await services.GetRequiredService<IWriter>().WriteAsync((db, token) => db.Set<CaseTimer>().Where(t => due.Contains(t.Id)).ExecuteUpdateAsync(s => s.SetProperty(t => t.DueAt, at), token));
        var began = Stopwatch.GetTimestamp();
        var fired = await services.GetRequiredService<CaseTimers>().FireDueAsync(500, default);
        var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        return fired == count ? count / seconds : throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"{fired} of {count} timers fired."));
    }
}
