using CivilAffairs.LoadWorker;
using CivilAffairs.Tests.Support;
using CivilAffairs.Trials.Support;
using CivilAffairs.Web.Features.Cases;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Platform.Audit;
using CivilAffairs.Web.Platform.Commands;
using CivilAffairs.Web.Platform.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;
using Xunit.Abstractions;

namespace CivilAffairs.Trials;

/// <summary>
/// kill -9 under load, again and again: whatever a client was told is there exactly once, what it was not told may be sent
/// again, and everything stored hangs together.
/// </summary>
public sealed class KillTrials(ITestOutputHelper log) : IDisposable
{
    private const int Lives = 4;
    private readonly string folder = Directory.CreateTempSubdirectory("civilaffairs-kill-").FullName;

    public void Dispose()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public Task On_SQLite_no_acknowledged_step_is_lost_or_doubled() => TryAsync(null);

    [PostgresFact]
    public async Task On_PostgreSQL_no_acknowledged_step_is_lost_or_doubled()
    {
        await using var server = await PostgresServer.StartAsync(durable: true);
        await TryAsync(await server.CreateDatabaseAsync());
    }

    private async Task TryAsync(string? connection)
    {
        var all = new List<Said>();
        List<Ask> last = [];
        for (var life = 1; life <= Lives; life++)
        {
            var said = await Pressed.LiveAsync(life, folder, connection, last, TimeSpan.FromMilliseconds(Random.Shared.Next(1000, 3500)), least: 20);
            all.AddRange(said);
            // The last of what was acknowledged, and all that was not: a client cannot know the difference.
            var answered = said.Select(s => s.Done).ToHashSet();
            var asks = said.Where(s => s.Ask is not null).Select(s => s.Ask!).DistinctBy(a => a.Key).ToList();
            last = [.. asks.Where(a => !answered.Contains(a.Key)), .. asks.Where(a => answered.Contains(a.Key)).TakeLast(20)];
        }
        // A life that only repeats: what the last kill left unanswered gets its answer too.
        all.AddRange(await Pressed.LiveAsync(Lives + 1, folder, connection, last, TimeSpan.Zero, least: 0));

        await using var services = Product.Open(folder, connection);
        var proof = services.GetRequiredService<CaseProof>();
        await using var db = services.GetRequiredService<IReader>().Open();
        var (instances, _, faults) = await proof.RunAsync();
        var acknowledged = all.Where(s => s.Result is not null).Select(s => s.Done).Distinct().Count();
        var repeated = all.Where(s => s.Result is not null).GroupBy(s => s.Done).Count(g => g.Count() > 1);
        log.WriteLine($"{acknowledged} commands acknowledged, {repeated} of them repeated, {instances} instances, {await db.Set<AuditEntry>().CountAsync()} audit entries");
        Assert.Empty(faults);
        Assert.Empty(await db.VerifyAsync(default));
        Assert.Empty(await Promises.BrokenAsync(db, all));
        Assert.InRange(acknowledged, 50, int.MaxValue);
        Assert.InRange(repeated, 10, int.MaxValue);

        // The checks can fail: one lost step, one lost promise.
        var victim = await db.Set<WorkflowInstance>().Where(i => i.Steps > 1).Select(i => i.Id).FirstAsync();
        await db.Set<JournalRow>().Where(j => j.InstanceId == victim && j.Step == 1).ExecuteDeleteAsync();
        Assert.Single((await proof.RunAsync()).Faults);
        var key = all.First(s => s.Result is not null).Done!;
        await db.Set<CommandRecord>().Where(c => c.Key == key).ExecuteDeleteAsync();
        Assert.Single(await Promises.BrokenAsync(db, all));
    }
}
