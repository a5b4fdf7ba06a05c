using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using CivilAffairs.LoadWorker;
using CivilAffairs.Tests.Support;
using CivilAffairs.Trials.Support;
using CivilAffairs.Web.Features.Cases;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.CommandLine;
using CivilAffairs.Web.Features.Demo;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Audit;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Divisions;
using CivilAffairs.Web.Platform.Outbox;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;
using Xunit.Abstractions;

namespace CivilAffairs.Trials;

/// <summary>
/// Two processes of the product over one PostgreSQL database and one data folder: both set themselves up at once, both
/// run the jobs, both take decisions on the same cases, and everything happens once.
/// </summary>
public sealed class TwoNodeTrials(ITestOutputHelper log) : IDisposable
{
    private const int InNotice = 24, ToAccept = 12;
    private const string Township = "341299101", Password = "correct-horse-9";
    private static readonly string[] Clerks = ["clerk1", "clerk2"];
    private static readonly HttpStatusCode[] OneWins = [HttpStatusCode.NoContent, HttpStatusCode.Conflict], Refused = [HttpStatusCode.Conflict, HttpStatusCode.Forbidden];
    private readonly string folder = Directory.CreateTempSubdirectory("civilaffairs-nodes-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [PostgresFact]
    public async Task Two_nodes_do_everything_once()
    {
        await using var server = await PostgresServer.StartAsync();
        var connection = await server.CreateDatabaseAsync();
        await using var mail = SmtpServer.Start();
        var settings = new Dictionary<string, string>
        {
            ["ConnectionStrings__Database"] = connection, ["Mail__Host"] = mail.Host, ["Mail__Port"] = mail.Port.ToString(CultureInfo.InvariantCulture), ["Mail__Security"] = "None",
        };
        await using var first = new RunningApp("Production", settings, folder);
        await using var second = new RunningApp("Production", settings, folder);
        // An empty database and an empty folder: tables, keys, matters and the clock's own tables are made by both at once.
        await Task.WhenAll(first.StartAsync(), second.StartAsync());
        await ReadyAsync(first, second);
        first.Kill();
        second.Kill();

        await using var services = Product.Open(folder, connection);
        var (reader, writer) = (services.GetRequiredService<IReader>(), services.GetRequiredService<IWriter>());
        await County.WriteAsync(writer);
        await services.GetRequiredService<DivisionDirectory>().RefreshAsync(default);
        await services.GetRequiredService<MatterLibrary>().RefreshAsync(default);
        await Played.OfficersAsync(writer, Password, [.. Clerks.Select(name => (name, Roles.Clerk, Township))]);
        // Filed in a year whose working days are known; by now every notice has long run out, so its timer is due.
        for (var i = 0; i < InNotice; i++) await Played.PlayAsync(services, i, story => story.Answers["opinion"][0].At!.Value.AddHours(1));
        await Played.EmailsAsync(services);
        await using var db = reader.Open();
        var due = await db.Set<CaseTimer>().Where(t => t.State == TimerState.Waiting && t.DueAt < DateTimeOffset.UtcNow).Select(t => t.Id).ToListAsync();
        Assert.True(due.Count >= InNotice);

        // What is dated in a day that is over comes before the nodes close that day.
        for (var i = 0; i < ToAccept; i++) await Played.PlayAsync(services, InNotice + i, story => story.At);

        // Both begin with the same due timers, the same letters and the same open day of the audit.
        await Task.WhenAll(first.StartAsync(), second.StartAsync());
        await Eventually.HoldsAsync("every due timer has fired", async () => !await db.Set<CaseTimer>().AnyAsync(t => due.Contains(t.Id) && t.State == TimerState.Waiting));

        var tasks = await db.Set<WorkTask>().Where(t => t.ActivityId == "accept" && t.State == TaskState.Open).Select(t => t.Id).ToListAsync();
        Assert.Equal(ToAccept, tasks.Count);
        await DecideAsync(first.Client.BaseAddress!, second.Client.BaseAddress!, tasks);
        await Eventually.HoldsAsync("every letter is sent", async () => !await db.Set<OutboxMessage>().AnyAsync(m => m.State == OutboxState.Pending));

        var audit = await db.Set<AuditEntry>().ToListAsync();
        Assert.Equal(due.Order(), Ids(audit, "timer.fired", "timerId").Where(due.Contains).Order());
        Assert.Equal(tasks.Order(), Ids(audit, "task.claimed", "taskId").Where(tasks.Contains).Order());
        Assert.Equal(tasks.Order(), Ids(audit, "task.completed", "taskId").Where(tasks.Contains).Order());
        var letters = mail.Messages.Select(m => m.Message.MessageId).ToList();
        Assert.True(letters.Count >= InNotice);
        Assert.Equal(letters.Count, letters.Distinct().Count());
        Assert.Equal(await db.Set<OutboxMessage>().Where(m => m.State == OutboxState.Sent).CountAsync(), letters.Count);
        // Every number that was drawn is some case's or document's, each its own.
        var numbers = await db.Set<Case>().Where(c => c.Number != null).Select(c => c.Number!).Concat(db.Set<IssuedDocument>().Select(d => d.Number)).ToListAsync();
        Assert.Equal(numbers.Count, numbers.Distinct().Count());
        Assert.Equal(await db.Set<NumberCounter>().SumAsync(c => c.Next - 1), numbers.Count);
        Assert.Equal(2, (await db.Database.SqlQuery<string>($"SELECT id AS \"Value\" FROM hangfire.server").ToListAsync()).Count(id => IsOf(id, first) || IsOf(id, second)));

        string[] where = ["--CIVILAFFAIRS_DATA", folder, "--ConnectionStrings:Database", connection];
        foreach (var verb in new[] { "verify-audit", "verify-cases" })
        {
            using var said = new StringWriter(CultureInfo.InvariantCulture);
            Assert.True(Verbs.TryRun([verb, .. where], said, said) == 0, said.ToString());
            log.WriteLine($"{verb}: {said}");
        }
        Assert.NotEmpty(await db.Set<AuditHead>().ToListAsync());
        await ReadyAsync(first, second);
        log.WriteLine($"{due.Count} timers, {tasks.Count} tasks, {letters.Count} letters, {numbers.Count} numbers, {audit.Count} lines");

        // The count can fail: one line twice.
        var twice = audit.First(a => a.Action == "timer.fired");
        Assert.NotEqual(due.Order(), Ids([.. audit, twice], "timer.fired", "timerId").Where(due.Contains).Order());
    }

    /// <summary>For each task two clerks on two nodes want it, and who has it closes it on both nodes at once under one key.</summary>
    private static async Task DecideAsync(Uri first, Uri second, IReadOnlyList<Guid> tasks)
    {
        using var one = await NodeClient.SignInAsync(first, Clerks[0], Password);
        using var two = await NodeClient.SignInAsync(second, Clerks[1], Password);
        await Task.WhenAll(tasks.Select(async task =>
        {
            var claims = await Task.WhenAll(one.PostAsync(first, $"/api/v1/tasks/{task}/claim", $"c{task}"), two.PostAsync(second, $"/api/v1/tasks/{task}/claim", $"c{task}"));
            Assert.Equal(OneWins, claims.Select(c => c.Status).Order());
            var (holder, other) = claims[0].Status == HttpStatusCode.NoContent ? (one, two) : (two, one);
            var body = new JsonObject { ["outcome"] = "Accept", ["fields"] = new JsonObject { ["relative"] = false } };
            var closed = await Task.WhenAll(holder.PostAsync(first, $"/api/v1/tasks/{task}/complete", $"k{task}", body.DeepClone().AsObject()),
                holder.PostAsync(second, $"/api/v1/tasks/{task}/complete", $"k{task}", body.DeepClone().AsObject()), other.PostAsync(second, $"/api/v1/tasks/{task}/complete", $"o{task}", body.DeepClone().AsObject()));
            Assert.All(closed[..2], c => Assert.Equal(HttpStatusCode.OK, c.Status));
            Assert.Equal(closed[0].Body, closed[1].Body);
            Assert.Contains(closed[2].Status, Refused);
        }));
    }

    private static async Task ReadyAsync(params RunningApp[] nodes)
    {
        foreach (var node in nodes)
        {
            var report = await node.Client.GetStringAsync(new Uri("/health/ready", UriKind.Relative));
            Assert.StartsWith("{\"status\":\"healthy\"", report, StringComparison.Ordinal);
        }
    }

    private static IEnumerable<Guid> Ids(IEnumerable<AuditEntry> audit, string action, string name) =>
        audit.Where(a => a.Action == action).Select(a => JsonSerializer.Deserialize<JsonElement>(a.Details).GetProperty(name).GetGuid());

    // Hangfire names a server by machine and process.
    private static bool IsOf(string server, RunningApp node) => server.Contains($":{node.ProcessId}:", StringComparison.Ordinal);
}
