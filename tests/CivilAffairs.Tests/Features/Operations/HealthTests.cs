using System.Net;
using System.Text.Json.Nodes;
using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Features.Jobs;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Documents.Fonts;
using CivilAffairs.Web.Platform.Security;
using Microsoft.AspNetCore.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace CivilAffairs.Tests.Features.Operations;

/// <summary><c>/health/ready</c> with one deliberate fault each: it names the check, refuses traffic where the product cannot work, and says why to administrators alone.</summary>
public sealed class HealthTests
{
    private static readonly string[] Checks = ["database", "writer", "dataFolder", "keys", "fonts", "mail", "matters"];

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_fault_shows_by_its_name_and_goes_when_it_is_mended(string kind)
    {
        var (connection, clock) = (await Databases.FreshAsync(kind), new ShiftedClock());
        await using var app = new TestApp(connection, clock);
        using var nobody = SignedIn.Nobody(app);
        var administrator = await TestAccounts.OfficerAsync(app, null, new HeldRole(Roles.Administrator, "341299"));
        var clerk = await TestAccounts.OfficerAsync(app, null, new HeldRole(Roles.Clerk, "341299101"));
        using var chief = await SignedIn.AsAsync(app, administrator.UserName!);
        using var other = await SignedIn.AsAsync(app, clerk.UserName!);
        var (status, report) = await ReadyAsync(nobody);
        Assert.Equal((HttpStatusCode.OK, "healthy"), (status, (string)report["status"]!));
        Assert.Equal(Checks.Order(), States(report).Keys.Order());

        async Task FailsAsync(string check, string why, Func<Task> breaks, Func<Task>? mends)
        {
            await breaks();
            var (code, seen) = await ReadyAsync(nobody);
            Assert.Equal((HttpStatusCode.ServiceUnavailable, "unhealthy", "unhealthy"), (code, (string)seen["status"]!, States(seen)[check]));
            Assert.Equal(HttpStatusCode.OK, (await LiveAsync(nobody)));
            // Why is for administrators; with a broken database nobody can be shown to be one.
            Assert.DoesNotContain("why", seen.ToJsonString(), StringComparison.Ordinal);
            if (check != "database")
            {
                Assert.DoesNotContain("why", (await ReadyAsync(other)).Report.ToJsonString(), StringComparison.Ordinal);
                Assert.Contains(why, (await ReadyAsync(chief)).Report.ToJsonString(), StringComparison.Ordinal);
            }
            if (mends is null) return;
            await mends();
            Assert.Equal(HttpStatusCode.OK, (await ReadyAsync(nobody)).Status);
        }

        await using var db = app.Services.GetRequiredService<IReader>().Open();
        var last = (await db.Database.GetAppliedMigrationsAsync()).Last();
        await FailsAsync("database", "1 migrations are missing", () => db.Database.ExecuteSqlAsync($"""DELETE FROM "__EFMigrationsHistory" WHERE "MigrationId" = {last}"""),
            () => db.Database.ExecuteSqlAsync($"""INSERT INTO "__EFMigrationsHistory" ("MigrationId", "ProductVersion") VALUES ({last}, '10')"""));

        var keys = Path.Combine(app.Data, "keys", "field-keys.json");
        await FailsAsync("keys", "cannot be read: FileNotFoundException", () => Moved(keys, keys + ".away"), () => Moved(keys + ".away", keys));
        await FailsAsync("keys", "another one", async () =>
        {
            await Moved(keys, keys + ".away");
            KeyRing.Open(new DataFolder(app.Data));
        }, () => Moved(keys + ".away", keys));
        await FailsAsync("dataFolder", "cannot be written: DirectoryNotFoundException", () => Moved(app.Data, app.Data + ".away"), () => Moved(app.Data + ".away", app.Data));

        var (writer, gate) = (app.Services.GetRequiredService<IWriter>(), new Gate());
        await FailsAsync("writer", "Nothing was written for 3", async () =>
        {
            // PostgreSQL writes side by side: only when all its places are taken does nothing get through.
            await gate.HoldAsync(writer, kind == Databases.Sqlite ? 1 : 64, 3);
            clock.Forward(TimeSpan.FromSeconds(31));
        }, gate.OpenAsync);
        gate = new Gate();
        await FailsAsync("writer", "The queue is full", () => gate.HoldAsync(writer, kind == Databases.Sqlite ? 1 : 64, app.Services.GetRequiredService<IWriterState>().Capacity), () => gate.OpenAsync());

        var library = app.Services.GetRequiredService<MatterLibrary>();
        async Task CurrentAsync(bool current)
        {
            await db.Set<PublishedRevision>().ExecuteUpdateAsync(s => s.SetProperty(r => r.Current, current));
            await library.RefreshAsync(default);
        }
        await FailsAsync("matters", "No matter is published", () => CurrentAsync(false), () => CurrentAsync(true));
        await FailsAsync("database", "", () => GoneAsync(connection, app.Data), null);
    }

    [Fact]
    public async Task Without_a_font_it_is_not_ready()
    {
        await using var app = new ChangedApp(null, null, jobs: false, services => services.AddSingleton(_ => new DocumentFonts(Path.Combine(Path.GetTempPath(), "no-such-fonts"))));
        using var nobody = SignedIn.Nobody(app);
        var (status, report) = await ReadyAsync(nobody);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "unhealthy"), (status, States(report)["fonts"]));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_clock_that_stands_still_shows_after_five_minutes(string kind)
    {
        var clock = new ShiftedClock();
        // The clock's own server is left out: everything is set up, and nobody ticks.
        await using var app = new ChangedApp(await Databases.FreshAsync(kind), clock, jobs: true,
            services => services.Remove(services.Single(s => s.ServiceType == typeof(IHostedService) && s.ImplementationFactory?.Method.ReturnType.FullName?.StartsWith("Hangfire.", StringComparison.Ordinal) == true)));
        using var nobody = SignedIn.Nobody(app);
        Assert.Equal((HttpStatusCode.OK, "healthy"), ((await ReadyAsync(nobody)).Status, States((await ReadyAsync(nobody)).Report)["jobs"]));
        await StartedAsync(app);
        clock.Forward(ClockHealth.Patience + TimeSpan.FromMinutes(1));
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "unhealthy"), ((await ReadyAsync(nobody)).Status, States((await ReadyAsync(nobody)).Report)["jobs"]));
        await app.Services.GetRequiredService<JobRunner>().TickAsync("case-timers");
        Assert.Equal(HttpStatusCode.OK, (await ReadyAsync(nobody)).Status);
        // Another node's tick is as good.
        clock.Forward(ClockHealth.Patience + TimeSpan.FromMinutes(1));
        await app.Services.GetRequiredService<IWriter>().WriteAsync((db, token) => db.Set<CivilAffairs.Web.Platform.Jobs.JobRun>().Where(r => r.Id == "case-timers")
            .ExecuteUpdateAsync(s => s.SetProperty(r => r.LastStartedAt, clock.GetUtcNow()), token));
        Assert.Equal(HttpStatusCode.OK, (await ReadyAsync(nobody)).Status);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_mail_server_that_is_away_degrades_and_takes_nothing_out_of_rotation(string kind)
    {
        var server = SmtpServer.Start();
        await using var app = await MailApp.StartAsync(kind, server);
        using var nobody = SignedIn.Nobody(app);
        Assert.Equal("healthy", States((await ReadyAsync(nobody)).Report)["mail"]);
        await server.DisposeAsync();
        await app.WriteAsync(app.Message(await app.PersonAsync("somebody@people.example")));
        await app.Dispatcher.RunOnceAsync(default);
        var (status, report) = await ReadyAsync(nobody);
        Assert.Equal((HttpStatusCode.OK, "degraded", "degraded"), (status, (string)report["status"]!, States(report)["mail"]));
    }

    private static async Task<(HttpStatusCode Status, JsonObject Report)> ReadyAsync(SignedIn person)
    {
        using var answer = await person.GetAsync("/health/ready");
        return (answer.StatusCode, JsonNode.Parse(await answer.Content.ReadAsStringAsync())!.AsObject());
    }

    private static async Task<HttpStatusCode> LiveAsync(SignedIn person)
    {
        using var answer = await person.GetAsync("/health/live");
        return answer.StatusCode;
    }

    private static Dictionary<string, string> States(JsonObject report) => report["checks"]!.AsArray().ToDictionary(c => (string)c!["name"]!, c => (string)c!["status"]!);

    private static Task Moved(string from, string to)
    {
        if (Directory.Exists(from)) Directory.Move(from, to);
        else File.Move(from, to, overwrite: true);
        return Task.CompletedTask;
    }

    /// <summary>The server drops the database; a SQLite file becomes something else.</summary>
    private static async Task GoneAsync(string? connection, string data)
    {
        if (connection is null)
        {
            Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
            // Another file takes its place: one cut short under a connection that has it mapped into memory ends this process.
            var other = Path.Combine(data, "other");
            await File.WriteAllTextAsync(other, new string('x', 8192));
            foreach (var file in Directory.GetFiles(data, "civilaffairs.db-*")) File.Delete(file);
            File.Move(other, Path.Combine(data, "civilaffairs.db"), overwrite: true);
            return;
        }
        var at = new NpgsqlConnectionStringBuilder(connection);
        await using var server = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connection) { Database = "postgres", Pooling = false }.ConnectionString);
        await server.OpenAsync();
        await using var drop = new NpgsqlCommand($"DROP DATABASE \"{at.Database}\" WITH (FORCE)", server);
        await drop.ExecuteNonQueryAsync();
    }

    /// <summary>Holds the writer.</summary>
    private sealed class Gate
    {
        private readonly TaskCompletionSource open = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly List<Task> works = [];

        /// <param name="places">Works that are in hand.</param>
        /// <param name="waiting">Works behind them.</param>
        public async Task HoldAsync(IWriter writer, int places, int waiting)
        {
            using var begun = new CountdownEvent(places);
            for (var i = 0; i < places; i++)
            {
                works.Add(writer.WriteAsync(async (_, _) =>
                {
                    begun.Signal();
                    await open.Task;
                    return 0;
                }));
                // One by one, or SQLite would take them as one group.
                if (places == 1) await Task.Run(() => begun.Wait(TimeSpan.FromSeconds(30)));
            }
            Assert.True(await Task.Run(() => begun.Wait(TimeSpan.FromSeconds(30))));
            for (var i = 0; i < waiting; i++) works.Add(writer.WriteAsync((_, _) => Task.FromResult(0)));
        }

        public Task OpenAsync()
        {
            open.SetResult();
            return Task.WhenAll(works);
        }
    }

    /// <summary>What came due while nothing ran is run once at the start, beside the first answers: waits for its end.</summary>
    private static async Task StartedAsync(TestApp app)
    {
        var atStart = app.Services.GetRequiredService<JobRunner>().Jobs.Where(j => j.AtStart).Select(j => j.Id).ToList();
        for (var left = 600; ; left--)
        {
            await using var db = app.Services.GetRequiredService<IReader>().Open();
            if (await db.Set<CivilAffairs.Web.Platform.Jobs.JobRun>().CountAsync(r => atStart.Contains(r.Id) && r.LastFinishedAt != null) == atStart.Count) return;
            Assert.True(left > 0, "The jobs of the start do not end.");
            await Task.Delay(50);
        }
    }

    private sealed class ChangedApp(string? connection, TimeProvider? clock, bool jobs, Action<IServiceCollection> change) : TestApp(connection, clock, new Dictionary<string, string> { ["Jobs:Enabled"] = jobs ? "true" : "false" })
    {
        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            base.ConfigureWebHost(builder);
            builder.ConfigureServices(change);
        }
    }
}
