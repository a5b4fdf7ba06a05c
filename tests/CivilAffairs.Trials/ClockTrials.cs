using System.Diagnostics;
using System.Globalization;
using System.Net;
using CivilAffairs.LoadWorker;
using CivilAffairs.Tests.Support;
using CivilAffairs.Trials.Support;
using CivilAffairs.Web.Features.Cases;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.CommandLine;
using CivilAffairs.Web.Features.Demo;
using CivilAffairs.Web.Platform.Audit;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Outbox;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;
using Xunit.Abstractions;

namespace CivilAffairs.Trials;

/// <summary>
/// The product while its clock does what clocks do: a day on, a day back, ten years on, three days without a process. What
/// is due happens, each thing once, and what happened under a wrong clock does not happen again (docs/adr/0060).
/// </summary>
public sealed class ClockTrials(ClockCounty county, ITestOutputHelper log) : IClassFixture<ClockCounty>
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(45);

    [Fact]
    public async Task A_day_on_a_day_back_and_ten_years_on_bring_everything_once()
    {
        await using var mail = SmtpServer.Start();
        await using var app = new RunningApp("Development", ClockCounty.With(mail), county.Copy());
        var (oracle, before) = (new ClockOracle(county), await SentAsync(app));
        oracle.Visit(await DevClock.StartAsync(app));
        await SoundAsync(app, mail, oracle, before);

        await DevClock.MoveToAsync(app, DevClock.Now(app.DataFolder).AddDays(1));
        oracle.Visit(DevClock.Now(app.DataFolder));
        // Six certificates, three plans, two tasks and a timer have something on just this day.
        Assert.Equal(12, oracle.Came);
        await SoundAsync(app, mail, oracle, before);
        var there = await StateAsync(app);

        // Back: nothing happens twice, nothing is taken back, and the product goes on.
        app.Kill();
        DevClock.Set(app.DataFolder, TimeSpan.Zero);
        await LetterFromAheadAsync(app.DataFolder, "ahead@office.example");
        var back = await DevClock.StartAsync(app);
        oracle.Visit(back);
        Assert.Equal(0, oracle.Came);
        await SoundAsync(app, mail, oracle, before);
        Assert.Equal(there, await StateAsync(app));
        Assert.Single(mail.Messages, m => m.Recipients.Contains("ahead@office.example"));
        await WorksAsync(app);

        // The same day once more, this time in earnest: it has been told of.
        await DevClock.MoveToAsync(app, back.AddDays(1));
        oracle.Visit(DevClock.Now(app.DataFolder));
        Assert.Equal(0, oracle.Came);
        await SoundAsync(app, mail, oracle, before);

        var watch = Stopwatch.StartNew();
        await DevClock.MoveToAsync(app, back.AddYears(10));
        log.WriteLine(string.Create(CultureInfo.InvariantCulture, $"ten years took {watch.Elapsed.TotalSeconds:0.0} s"));
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, Bound);
        oracle.Visit(DevClock.Now(app.DataFolder));
        Assert.Equal(22, oracle.Came);
        await SoundAsync(app, mail, oracle, before);
        await WorksAsync(app);
        await EndAsync(app, days: 3650);
    }

    [Fact]
    public async Task Three_days_without_a_process_are_made_up_once()
    {
        await using var mail = SmtpServer.Start();
        await using var app = new RunningApp("Development", ClockCounty.With(mail), county.Copy());
        var (oracle, before) = (new ClockOracle(county), await SentAsync(app));
        oracle.Visit(await DevClock.StartAsync(app));
        app.Kill();
        DevClock.Set(app.DataFolder, TimeSpan.FromDays(3));
        oracle.Visit(await DevClock.StartAsync(app));
        Assert.Equal(20, oracle.Came);
        await SoundAsync(app, mail, oracle, before);
        // Once more, and once more after that: it has all been done.
        for (var again = 0; again < 2; again++)
        {
            var there = await StateAsync(app);
            app.Kill();
            oracle.Visit(await DevClock.StartAsync(app));
            Assert.Equal(0, oracle.Came);
            await SoundAsync(app, mail, oracle, before);
            Assert.Equal(there, await StateAsync(app));
        }
        await EndAsync(app, days: 3);

        // The check can fail: one reminder too many, one too few, one letter twice.
        await using var services = Product.Open(app.DataFolder, null, "Development");
        await using var db = services.GetRequiredService<IReader>().Open();
        Assert.NotEmpty(Once.Twice("came", mail.Messages.Append(mail.Messages[0]).Select(m => m.Message.MessageId!)));
        var told = await db.Set<Reminder>().FirstAsync(r => r.SubjectId == county.Certificates[0].Id && r.MessageId != null);
        await services.GetRequiredService<IWriter>().WriteAsync((w, cancel) => w.Set<Reminder>().Where(r => r.Id == told.Id).ExecuteDeleteAsync(cancel));
        Assert.NotEmpty(await oracle.FaultsAsync(db));
        Assert.NotEmpty(await Once.FaultsAsync(db));
        SqliteConnection.ClearAllPools();
    }

    /// <summary>All that the oracle says, nothing twice, and each letter at the server once.</summary>
    private static async Task SoundAsync(RunningApp app, SmtpServer mail, ClockOracle oracle, HashSet<string> before)
    {
        await using var db = Running.Open(app);
        await Eventually.HoldsAsync("every letter is sent", async () => !await db.Set<OutboxMessage>().AnyAsync(m => m.State == OutboxState.Pending));
        IReadOnlyList<string> faults = [.. await oracle.FaultsAsync(db), .. await Once.FaultsAsync(db)];
        Assert.True(faults.Count == 0, string.Join('\n', faults.Take(20)));
        var sent = (await SentAsync(app)).Except(before).Order().ToList();
        Assert.Equal(sent, mail.Messages.Select(m => m.Message.MessageId!).Order());
    }

    /// <summary>Everything that the clock brings, counted.</summary>
    private static async Task<string> StateAsync(RunningApp app)
    {
        await using var db = Running.Open(app);
        return $"{await db.Set<Reminder>().CountAsync()} reminders, {await db.Set<OutboxMessage>().CountAsync(m => m.Address == null)} letters, {await db.Set<Case>().CountAsync()} cases, "
            + $"{await db.Set<WorkTask>().CountAsync()} tasks, {await db.Set<CaseTimer>().CountAsync(t => t.State == TimerState.Fired)} timers, {await db.Set<AuditHead>().CountAsync()} days";
    }

    private static async Task<HashSet<string>> SentAsync(RunningApp app)
    {
        await using var db = Running.Open(app);
        return [.. await db.Set<OutboxMessage>().Where(m => m.State == OutboxState.Sent).Select(m => m.MessageId).ToListAsync()];
    }

    /// <summary>A letter that a clock which was ahead put off until its tomorrow.</summary>
    private static async Task LetterFromAheadAsync(string folder, string address)
    {
        await using (var services = Product.Open(folder, null, "Development"))
            await services.GetRequiredService<IWriter>().WriteAsync((db, _) =>
            {
                var later = DateTimeOffset.UtcNow.AddDays(1);
                db.Add(new OutboxMessage { Address = address, Subject = "通知", Body = "请查收。", MessageId = $"{Guid.NewGuid():N}@civilaffairs.invalid", CreatedAt = later, DueAt = later });
                return Task.FromResult(0);
            });
        SqliteConnection.ClearAllPools();
    }

    /// <summary>Somebody signs in and takes a task: the session holds, and the audit takes the line.</summary>
    private async Task WorksAsync(RunningApp app)
    {
        var watched = county.Tasks.Select(t => t.Id).ToList();
        await using var db = Running.Open(app);
        var open = await db.Set<WorkTask>().Where(t => t.State == TaskState.Open && t.HolderId == null && !watched.Contains(t.Id)).OrderBy(t => t.Id).ToListAsync();
        // Who has done an earlier step of a case may be kept off the next one: then another task is taken.
        foreach (var task in open)
        {
            if (DemoOffices.All.FirstOrDefault(o => o.Role == task.Role && o.Division == task.Division) is not { } office) continue;
            using var officer = await NodeClient.SignInAsync(app.Client.BaseAddress!, office.UserName, DemoOffices.Password);
            if ((await officer.PostAsync(app.Client.BaseAddress!, $"/api/v1/tasks/{task.Id}/claim", $"clock-{task.Id}")).Status != HttpStatusCode.NoContent) continue;
            Assert.Contains(task.Id, Once.Ids(await db.Set<AuditEntry>().ToListAsync(), "task.claimed", "taskId"));
            return;
        }
        Assert.Fail($"Nobody could take any of {open.Count} tasks.");
    }

    /// <summary>The days of the audit are closed without a gap, and the product's own proofs pass.</summary>
    private static async Task EndAsync(RunningApp app, int days)
    {
        app.Kill();
        await using (var services = Product.Open(app.DataFolder, null, "Development"))
        {
            await using var db = services.GetRequiredService<IReader>().Open();
            var heads = await db.Set<AuditHead>().OrderBy(h => h.Day).Select(h => h.Day).ToListAsync();
            Assert.InRange(heads.Count, days, days + 4);
            Assert.Equal(Enumerable.Range(0, heads.Count).Select(heads[0].AddDays), heads);
            Assert.Empty((await services.GetRequiredService<CaseProof>().RunAsync()).Faults);
        }
        using var said = new StringWriter(CultureInfo.InvariantCulture);
        Assert.True(Verbs.TryRun(["verify-audit", "--CIVILAFFAIRS_DATA", app.DataFolder], said, said) == 0, said.ToString());
        SqliteConnection.ClearAllPools();
    }
}
