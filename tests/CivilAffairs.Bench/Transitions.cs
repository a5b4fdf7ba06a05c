using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Demo;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Divisions;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CivilAffairs.Bench;

/// <summary>
/// Decisions a second (a village worker's report on the neighbours: answers checked, the workflow's step, everything that
/// belongs to it stored) against the database's own commits of as many bytes, alone and with many callers.
/// </summary>
internal static class Transitions
{
    // The runtime compiles what runs often a second time, in the light of how it ran: that takes some thousand decisions.
    private const int Warm = 1200, Rounds = 3, Alone = 150, Together = 320, Cases = Warm + Rounds * (Alone + Together);

    internal static async IAsyncEnumerable<Measure> RunAsync()
    {
        foreach (var measure in await MeasureAsync("SQLite", null, many: 2.0)) yield return measure;
        if (PostgresServer.Missing is not null) yield break;
        await using var postgres = await PostgresServer.StartAsync(durable: true);
        foreach (var measure in await MeasureAsync("PostgreSQL", await postgres.CreateDatabaseAsync(), many: 0.5)) yield return measure;
    }

    private static async Task<IReadOnlyList<Measure>> MeasureAsync(string database, string? connection, double many)
    {
        await using var product = await Product.StartAsync(connection, []);
        var services = product.Services;
        var tasks = new Queue<WorkTask>(await FileAsync(services, Cases));
        await DecideAsync(services, tasks, Warm / 2, 1);
        await DecideAsync(services, tasks, Warm / 2, 32);
        var bytes = await BytesAsync(services);
        var raw = new RawCommits(connection, bytes);
        // Both sides take turns, so that what else the machine does meets both; the median of each counts.
        var (alone, together) = (new List<(Speed Ours, double Raw)>(), new List<(Speed Ours, double Raw)>());
        for (var round = 0; round < Rounds; round++)
        {
            alone.Add((await DecideAsync(services, tasks, Alone, 1), await raw.RunAsync(600, 1)));
            together.Add((await DecideAsync(services, tasks, Together, 32), await raw.RunAsync(600, 1)));
        }
        return [Measured("1 caller", alone, 0.6), Measured("32 callers", together, many)];

        Measure Measured(string callers, List<(Speed Ours, double Raw)> rounds, double target) =>
            new($"transitions, {database}, {callers}", Median(rounds.Select(r => r.Ours.Rate)), Median(rounds.Select(r => r.Raw)), "/s", string.Create(CultureInfo.InvariantCulture,
                $"commits of {bytes:#,0} bytes by one caller; a decision takes {Median(rounds.Select(r => r.Ours.Processor)):0.00} ms of processor here"), target);
    }

    private static double Median(IEnumerable<double> values) => values.Order().ElementAt(Rounds / 2);

    /// <param name="Rate">Decisions a second.</param>
    /// <param name="Processor">Milliseconds that this process computed for one.</param>
    internal sealed record Speed(double Rate, double Processor);

    /// <summary>Cases that wait for their village worker.</summary>
    internal static async Task<List<WorkTask>> FileAsync(IServiceProvider services, int cases)
    {
        await County.WriteAsync(services.GetRequiredService<IWriter>());
        await services.GetRequiredService<DivisionDirectory>().RefreshAsync(default);
        var library = services.GetRequiredService<MatterLibrary>();
        await library.PublishFoldersAsync(Path.Combine(AppContext.BaseDirectory, "workflows"), default);
        var revision = library.Find("rural-dibao")!;
        await Parallel.ForEachAsync(Enumerable.Range(0, cases), new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (number, _) =>
        {
            var example = DemoStories.Place(revision.Examples["granted.json"], new DemoStory("granted", 1, Stop: "visit"), number, "341299101201", new DateOnly(2026, 11, 24));
            example = example with { Answers = example.Answers.Where(a => a.Key == "accept").ToDictionary() };
            var applicant = new Viewer(Guid.NewGuid(), "x", AccountKind.Applicant, []);
            var player = new StoryPlayer(services, new StoryClock(example.At), (task, by) => Officer(task.Role, task.Division));
            await player.PlayAsync(revision, example, applicant, example.At.AddDays(3));
        });
        await using var db = services.GetRequiredService<IReader>().Open();
        return await db.Set<WorkTask>().Where(t => t.ActivityId == "neighbours" && t.State == TaskState.Open).ToListAsync();
    }

    private static Viewer Officer(string role, string division) => new(Guid.NewGuid(), "officer", AccountKind.Officer, [new HeldRole(role, division)]);

    internal static async Task<Speed> DecideAsync(IServiceProvider services, Queue<WorkTask> tasks, int count, int callers)
    {
        var commands = services.GetRequiredService<TaskCommands>();
        var mine = Enumerable.Range(0, count).Select(_ => tasks.Dequeue()).ToList();
        var worker = Officer("VIL", mine[0].Division);
        using var process = Process.GetCurrentProcess();
        var processor = process.TotalProcessorTime;
        var watch = Stopwatch.StartNew();
        await Parallel.ForEachAsync(mine, new ParallelOptions { MaxDegreeOfParallelism = callers }, async (task, cancel) =>
            await commands.CompleteAsync(worker, task.Id, "Done", new JsonObject { ["asked"] = 4, ["complaint"] = false, ["found"] = "邻里反映情况属实，家中劳动力不足，生活确有困难。" }, task.Id.ToString(), cancel));
        var seconds = watch.Elapsed.TotalSeconds;
        process.Refresh();
        return new Speed(count / seconds, (process.TotalProcessorTime - processor).TotalMilliseconds / count);
    }

    /// <summary>What one such decision writes: the rows it added and changed, as text.</summary>
    private static async Task<int> BytesAsync(IServiceProvider services)
    {
        await using var db = services.GetRequiredService<IReader>().Open();
        var journal = await db.Set<JournalRow>().OrderByDescending(j => j.At).FirstAsync();
        var state = await db.Set<WorkflowInstance>().Where(i => i.Id == journal.InstanceId).Select(i => i.State.Length).FirstAsync();
        var content = await db.Set<CaseContent>().Where(c => c.CaseId == journal.CaseId && c.Kind == ContentKind.Task).OrderByDescending(c => c.Id).Select(c => c.Cipher.Length).FirstAsync();
        // Case, task, audit and command rows take about 400 bytes each.
        return journal.Input.Length + journal.Events.Length + state + content + 1600;
    }
}
