using System.Text.Json;
using CivilAffairs.Engine.Definitions;
using CivilAffairs.Engine.Port;
using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Designer.Studio;
using CivilAffairs.Web.Features.Jobs;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Features.Projection;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Jobs;
using CivilAffairs.Web.Platform.Outbox;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using CaseStory = CivilAffairs.Tests.Support.CaseStory;

namespace CivilAffairs.Tests.Elsa;

/// <summary>Elsa's own stores as a copy of ours: what a stock server finds there, and that no failure of the power, second node or repeat changes it.</summary>
public sealed class ProjectionTests
{
    private const string JobId = "elsa-projection";

    [ElsaTheory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Elsa_s_stores_show_definition_instance_and_journal_of_a_case_to_its_end(string kind)
    {
        await using var made = await Projected.StartAsync(kind);
        var story = new CaseStory(made.App);
        var example = story.Revision.Examples["granted.json"];
        var caseId = await story.PlayAsync("granted", example.At.AddDays(3));
        await made.RunAsync();
        await made.CompareAsync(caseId, "Running", "Suspended");

        // Another goes to its end; the first stays as it is.
        var ended = await new CaseStory(made.App).PlayAsync("granted");
        await made.RunAsync();
        await made.CompareAsync(caseId, "Running", "Suspended");
        await made.CompareAsync(ended, "Finished", "Finished");
        Assert.Equal(0, await made.WaitingAsync());

        await using var db = made.Open();
        var definitions = await made.Stock.DefinitionsAsync();
        var published = await db.Set<PublishedRevision>().ToListAsync();
        Assert.Equal(published.SelectMany(p => MatterFolder.FromBundle(p.Bundle).Revision!.Workflows.Keys.Select(w => (StudioDefinition.IdOf(p.Matter, w), p.Number))).Order(), definitions.Select(d => (d.DefinitionId, d.Version)).Order());
        Assert.All(definitions, d => Assert.True(d is { Latest: true, Published: true, Readonly: true }));
        var apply = definitions.Single(d => d.DefinitionId == StudioDefinition.IdOf(story.Revision.Matter.Id, "apply"));
        var own = WorkflowDefinition.Parse(story.Revision.Workflows["apply"]);
        Assert.Equal(own.Name, apply.Name);
        Assert.Superset(own.Activities.Select(a => a.Id).ToHashSet(), apply.Activities.ToHashSet());
        Assert.Equal(own.Variables.Select(v => v.Name), apply.Variables);

        // Nothing of anybody, and nothing to resume.
        var (rows, resumable) = await made.Stock.DumpAsync();
        Assert.Equal(0, resumable);
        var form = example.Form;
        Assert.NotNull((string?)form["applicant"]!["name"]);
        foreach (var personal in new[] { (string?)form["applicant"]!["name"], (string?)form["applicant"]!["idNumber"], (string?)form["applicant"]!["phone"] }.OfType<string>())
            Assert.DoesNotContain(rows.Where(r => !r.StartsWith("WorkflowDefinitions", StringComparison.Ordinal)), r => r.Contains(personal, StringComparison.Ordinal));
    }

    [ElsaTheory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_case_that_Elsa_s_runtime_runs_stands_there_alike(string kind)
    {
        await using var made = await Projected.StartAsync(kind, ("Workflows:Engine", "Elsa"));
        var caseId = await new CaseStory(made.App, "divorce").PlayAsync("completed");
        await made.RunAsync();
        await made.CompareAsync(caseId, "Finished", "Finished");
        var (rows, resumable) = await made.Stock.DumpAsync();
        Assert.Equal(0, resumable);
        Assert.NotEmpty(rows);
    }

    [ElsaTheory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_power_failure_anywhere_and_a_second_run_leave_the_same_rows(string kind)
    {
        await using var made = await Projected.StartAsync(kind);
        var story = new CaseStory(made.App);
        var caseId = await story.PlayAsync("not-accepted");
        // Between the decision and the copy: nothing is there, and what must come is still known.
        var waiting = await made.WaitingAsync();
        Assert.InRange(waiting, 1, await made.StepsAsync(caseId));
        // In the middle of the copy: what was written of it is gone.
        await Assert.ThrowsAsync<ArgumentException>(() => made.Projection.WriteAsync((_, _) => Task.FromResult(Broken), default));
        Assert.Empty((await made.Stock.DumpAsync()).Rows);
        // Between the copy and its settling.
        await Assert.ThrowsAsync<TimeoutException>(() => made.NewJob(new CutOff(made.App.Services.GetRequiredService<IWriter>(), after: 0)).RunAsync(default));
        var once = await made.InstanceRowsAsync();
        await made.CompareAsync(caseId, "Finished", "Finished");
        Assert.Equal(waiting, await made.WaitingAsync());
        // And again, by a process that knows nothing of the first.
        await made.NewJob().RunAsync(default);
        Assert.Equal(0, await made.WaitingAsync());
        Assert.Equal(once, await made.InstanceRowsAsync());
        // Nothing is left to do, for this process and for the next.
        Assert.Equal(0, await made.NewJob().RunAsync(default));
    }

    [ElsaTheory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task What_was_there_before_is_copied_too_and_so_it_is_when_the_copy_was_thrown_away(string kind)
    {
        await using var made = await Projected.StartAsync(kind);
        var caseId = await new CaseStory(made.App).PlayAsync("not-accepted");
        // As a case that was decided before there was a projection.
        await made.App.Services.GetRequiredService<IWriter>().WriteAsync((db, token) => db.Set<OutboxMessage>().Where(m => m.State == OutboxState.Projection).ExecuteDeleteAsync(token));
        await made.RunAsync();
        await made.CompareAsync(caseId, "Finished", "Finished");
        var (rows, _) = await made.Stock.DumpAsync();
        await made.DropAsync();
        await made.NewJob(projection: made.Stock.Writer()).RunAsync(default);
        Assert.Equal(rows, (await made.Stock.DumpAsync()).Rows);
    }

    [ElsaTheory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Several_nodes_copy_at_once_and_nothing_older_stays(string kind)
    {
        await using var made = await Projected.StartAsync(kind);
        var story = new CaseStory(made.App);
        var nodes = Enumerable.Range(0, 3).Select(_ => made.NewJob(projection: made.Stock.Writer())).ToList();
        using var over = new CancellationTokenSource();
        // They copy while the case goes on, step after step.
        var copying = nodes.ConvertAll(node => Task.Run(async () =>
        {
            while (!over.IsCancellationRequested)
            {
                await node.RunAsync(default);
                await Task.Delay(20);
            }
        }));
        var caseId = await story.PlayAsync("corrected");
        await over.CancelAsync();
        await Task.WhenAll(copying);
        await nodes[0].RunAsync(default);
        await made.CompareAsync(caseId, "Finished", "Finished");
        Assert.Equal(0, await made.WaitingAsync());
    }

    [ElsaTheory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task One_instance_that_cannot_be_told_holds_up_no_other(string kind)
    {
        await using var made = await Projected.StartAsync(kind);
        var (broken, whole) = (await new CaseStory(made.App).PlayAsync("not-accepted"), await new CaseStory(made.App).PlayAsync("not-accepted"));
        var writer = made.App.Services.GetRequiredService<IWriter>();
        await writer.WriteAsync((db, token) => db.Set<WorkflowInstance>().Where(i => i.CaseId == broken).ExecuteUpdateAsync(s => s.SetProperty(i => i.Revision, "gone"), token));
        await made.RunAsync();
        await made.CompareAsync(whole, "Finished", "Finished");
        await using var db = made.Open();
        var rest = await db.Set<OutboxMessage>().SingleAsync(m => m.State == OutboxState.Projection);
        Assert.Equal((1, nameof(KeyNotFoundException), true), (rest.Attempts, rest.LastError, rest.DueAt > DateTimeOffset.UtcNow));
        Assert.Equal(1, await made.Job.StuckAsync(db, 10, default));
        // Somebody saw to it: the next time it is due it goes.
        var revision = await db.Set<WorkflowInstance>().Where(i => i.CaseId == whole).Select(i => i.Revision).SingleAsync();
        await writer.WriteAsync(async (w, token) => await w.Set<WorkflowInstance>().Where(i => i.CaseId == broken).ExecuteUpdateAsync(s => s.SetProperty(i => i.Revision, revision), token)
            + await w.Set<OutboxMessage>().Where(m => m.State == OutboxState.Projection).ExecuteUpdateAsync(s => s.SetProperty(m => m.DueAt, DateTimeOffset.UtcNow), token));
        await made.RunAsync();
        await made.CompareAsync(broken, "Finished", "Finished");
        Assert.Equal(0, await made.WaitingAsync());
    }

    [Fact]
    public async Task Without_the_setting_nothing_is_written_for_it()
    {
        await using var app = new TestApp();
        await new CaseStory(app).PlayAsync("not-accepted");
        await using var db = app.Services.GetRequiredService<IReader>().Open();
        Assert.False(await db.Set<OutboxMessage>().AnyAsync(m => m.State == OutboxState.Projection));
        Assert.DoesNotContain(app.Services.GetServices<IJob>(), j => j.Id == JobId);
    }

    [Fact]
    public void A_projection_that_the_build_lacks_or_into_the_product_s_own_database_stops_the_start()
    {
        var folder = Directory.CreateTempSubdirectory("civilaffairs-elsa-").FullName;
        foreach (var (elsa, ours) in new[] { ($"Data Source={folder}/civilaffairs.db", ""), ("Host=db;Database=one;Username=elsa", "Host=db;Database=one;Username=product") })
        {
            var settings = new ConfigurationBuilder().AddInMemoryCollection([new(ProjectionServices.Setting, elsa), new("CIVILAFFAIRS_DATA", folder), new("ConnectionStrings:Database", ours)]).Build();
            var why = Assert.Throws<InvalidOperationException>(() => new ServiceCollection().AddProjection(settings));
            Assert.Contains(SecondRuntime.Absent is null ? "product's own database" : "-p:Engine=Elsa", why.Message, StringComparison.Ordinal);
        }
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>An instance whose second half cannot be written: its state is none that Elsa knows.</summary>
    private static ProjectionBatch Broken => new([], [new("broken", "d", 1, null, InstanceStatus.Finished, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch,
        [new("run", new ProjectedActivity("a", "n", "t", 1, null), DateTimeOffset.UnixEpoch, null, "Otherwise", [])], [])], new Dictionary<string, string>());

    /// <summary>The product with a projection of its own.</summary>
    private sealed class Projected(TestApp app, string connection, string folder) : IAsyncDisposable
    {
        public TestApp App => app;
        public StockElsa Stock { get; private set; } = new(connection);
        public IProjection Projection => app.Services.GetRequiredService<IProjection>();

        public static async Task<Projected> StartAsync(string kind, params (string Key, string Value)[] more)
        {
            var folder = Directory.CreateTempSubdirectory("civilaffairs-elsa-").FullName;
            var connection = await Databases.FreshAsync(kind) ?? $"Data Source={Path.Combine(folder, "elsa.db")}";
            var settings = new Dictionary<string, string> { ["Elsa:Projection"] = connection };
            foreach (var (key, value) in more) settings[key] = value;
            return new(await Databases.StartAsync(kind, settings: settings), connection, folder);
        }

        public CivilAffairsDb Open() => app.Services.GetRequiredService<IReader>().Open();
        public IJob Job => app.Services.GetServices<IJob>().Single(j => j.Id == JobId);
        public Task<int> RunAsync() => Job.RunAsync(default);

        /// <summary>Of another process.</summary>
        public ProjectionJob NewJob(IWriter? writer = null, IProjection? projection = null)
        {
            object[] own = [ActivatorUtilities.CreateInstance<ProjectionSource>(app.Services), .. writer is null ? Array.Empty<object>() : [writer], .. projection is null ? Array.Empty<object>() : [projection]];
            return ActivatorUtilities.CreateInstance<ProjectionJob>(app.Services, own);
        }

        public async Task<int> WaitingAsync()
        {
            await using var db = Open();
            return await db.Set<OutboxMessage>().CountAsync(m => m.State == OutboxState.Projection);
        }

        public async Task<int> StepsAsync(Guid caseId)
        {
            await using var db = Open();
            return await db.Set<JournalRow>().Where(j => j.CaseId == caseId).CountAsync();
        }

        /// <summary>What is there of instances, whichever definitions have come meanwhile.</summary>
        public async Task<IReadOnlyList<string>> InstanceRowsAsync() =>
            [.. (await Stock.DumpAsync()).Rows.Where(r => !r.StartsWith("WorkflowDefinitions", StringComparison.Ordinal) && !r.StartsWith("KeyValuePairs", StringComparison.Ordinal))];

        /// <summary>Somebody throws the copy away, as is allowed.</summary>
        public async Task DropAsync()
        {
            await Stock.DisposeAsync();
            Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
            foreach (var file in Directory.GetFiles(folder)) File.Delete(file);
            if (!connection.StartsWith("Data Source", StringComparison.Ordinal))
            {
                await using var open = new Npgsql.NpgsqlConnection(connection);
                await open.OpenAsync();
                await using var drop = new Npgsql.NpgsqlCommand("DROP SCHEMA \"Elsa\" CASCADE", open);
                await drop.ExecuteNonQueryAsync();
            }
            Stock = new(connection);
        }

        /// <summary>The instance of a case as Elsa's stores tell it, against our own tables.</summary>
        public async Task CompareAsync(Guid caseId, string status, string substatus)
        {
            await using var db = Open();
            var own = await db.Set<WorkflowInstance>().SingleAsync(i => i.CaseId == caseId);
            var @case = await db.Set<Case>().SingleAsync(c => c.Id == caseId);
            var publication = await db.Set<PublishedRevision>().SingleAsync(r => r.Hash == own.Revision);
            var steps = await db.Set<JournalRow>().Where(j => j.InstanceId == own.Id).OrderBy(j => j.Step).ToListAsync();
            var lines = steps.SelectMany(s => JsonSerializer.Deserialize<JournalEvent[]>(s.Events, JsonSerializerOptions.Web)!.Select(e => (s.At, e.ActivityId, e.Event, Outcomes: string.Join(',', e.Outcomes ?? [])))).ToList();
            var definition = StudioDefinition.IdOf(@case.Matter, own.Workflow);

            var instance = await Stock.InstanceAsync(own.Id.ToString());
            Assert.Equal(new StockInstance(own.Id.ToString(), definition, $"{definition}.{publication.Number}", publication.Number, @case.Number, status, substatus, false, 0, lines[0].At, lines[^1].At, status == "Finished" ? lines[^1].At : null), instance);

            var journal = await Stock.JournalAsync(own.Id.ToString());
            Assert.Equal(lines.Select((l, i) => ((long)i, l.ActivityId, l.Event, l.At)), journal.Select(j => (j.Sequence, j.ActivityId, j.Event, j.At)));
            Assert.Equal(lines.Select(l => l.Outcomes), journal.Select(j => j.Payload.Length == 0 ? "" : string.Join(',', JsonDocument.Parse(j.Payload).RootElement.GetProperty("Outcomes").EnumerateArray().Select(o => o.GetString()))));
            Assert.All(journal, j => Assert.StartsWith("Workflow1", j.Node, StringComparison.Ordinal));

            var runs = await Stock.RunsAsync(own.Id.ToString());
            Assert.Equal(journal.Select(j => j.Run).Distinct().Order(), runs.Select(r => r.Id).Order());
            foreach (var end in new[] { "Completed", "Canceled" }) Assert.Equal(lines.Count(l => l.Event == end), runs.Count(r => r.Status == end));
            Assert.Equal(runs.Where(r => r.To is not null).Select(r => r.Id).Order(), journal.Where(j => j.Event is "Completed" or "Canceled").Select(j => j.Run).Distinct().Order());
        }

        public async ValueTask DisposeAsync()
        {
            await Stock.DisposeAsync();
            await app.DisposeAsync();
            Directory.Delete(folder, recursive: true);
        }
    }
}
