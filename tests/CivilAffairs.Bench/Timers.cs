using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
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
/// Due timers a second, as the job fires them after midnight, against decisions a second by as many callers as give most, on
/// the same database in the same minute. Of two kinds: couples who asked for a divorce and did not come, as after days of rest
/// (the reminder, the task that the end of the cooling-off period opens, the last reminder, the lapse: each a timer and a step,
/// as the decision is); and notices whose last day is over, each of which grants, numbers, issues and publishes.
/// </summary>
internal static class Timers
{
    private const int Warm = 200, Rounds = 3, Fired = 100, Decided = 300;
    private static readonly DateTimeOffset Later = new(2099, 1, 1, 0, 0, 0, TimeSpan.Zero);

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
        var tasks = new Queue<WorkTask>(await Transitions.FileAsync(services, 3 * Warm + Rounds * Decided));
        var notices = new Queue<Guid>(await WaitingAsync(services, "rural-dibao", "granted.json", "opinion", "publicNotice", new Viewer(Guid.NewGuid(), "x", AccountKind.Applicant, [])));
        var periods = new Queue<Guid>(await WaitingAsync(services, "divorce", "lapsed.json", "accept", "nearEnd", new Viewer(Guid.NewGuid(), "registrar", AccountKind.Officer, [new HeldRole("REG", County.Code)])));
        await Transitions.DecideAsync(services, tasks, 3 * Warm, 32);
        await FireAsync(services, notices, Warm);
        await FireAsync(services, periods, Warm);
        var (next, grants, decisions) = (new List<double>(), new List<double>(), new List<double>());
        for (var round = 0; round < Rounds; round++)
        {
            next.Add(await FireAsync(services, periods, Fired));
            grants.Add(await FireAsync(services, notices, Fired));
            decisions.Add((await Transitions.DecideAsync(services, tasks, Decided, 32)).Rate);
        }
        return
        [
            new Measure($"timers, {database}, a step each", Median(next), Median(decisions), "/s", "decisions by 32 callers", 0.5),
            new Measure($"timers, {database}, grants and papers", Median(grants), Median(decisions), "/s", "decisions by 32 callers", 0.5),
        ];
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    /// <summary>Cases that wait for a timer's day, none due yet.</summary>
    /// <param name="last">The last answer before it.</param>
    /// <param name="files">The applicant, or who files at the counter.</param>
    private static async Task<List<Guid>> WaitingAsync(IServiceProvider services, string matter, string name, string last, string timer, Viewer files)
    {
        const int Cases = Warm + Rounds * Fired;
        var revision = services.GetRequiredService<MatterLibrary>().Find(matter)!;
        await Parallel.ForEachAsync(Enumerable.Range(0, Cases), new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (number, _) =>
        {
            // Others than those of the decisions, each of its own.
            var example = revision.Examples[name];
            var form = example.Form.ToJsonString();
            foreach (var id in Households.IdNumbers(form)) form = form.Replace(id, Households.Another(id, 500_000 + number), StringComparison.Ordinal);
            example = example with { Form = JsonNode.Parse(form)!.AsObject() };
            var player = new StoryPlayer(services, new StoryClock(example.At), (task, by) => new Viewer(Guid.NewGuid(), by, AccountKind.Officer, [new HeldRole(task.Role, task.Division)]));
            await player.PlayAsync(revision, example, files, example.Answers[last][0].At!.Value.AddHours(1));
        });
        await services.GetRequiredService<IWriter>().WriteAsync((db, token) => db.Set<CaseTimer>().Where(t => t.State == TimerState.Waiting).ExecuteUpdateAsync(s => s.SetProperty(t => t.DueAt, Later), token));
        await using var db = services.GetRequiredService<IReader>().Open();
        var waiting = await db.Set<CaseTimer>().Where(t => t.State == TimerState.Waiting && t.ActivityId == timer).OrderBy(t => t.Id).Select(t => t.Id).ToListAsync();
        return waiting.Count >= Cases ? waiting : throw new InvalidOperationException($"{waiting.Count} of {Cases} cases wait for {timer}.");
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
        return fired >= count && fired % count == 0 ? fired / seconds : throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"{fired} of {count} timers fired."));
    }
}
