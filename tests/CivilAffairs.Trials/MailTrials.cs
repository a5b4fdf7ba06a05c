using System.Diagnostics;
using System.Globalization;
using System.Net;
using CivilAffairs.LoadWorker;
using CivilAffairs.Tests.Support;
using CivilAffairs.Trials.Support;
using CivilAffairs.Web.Features.Cases;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Demo;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Outbox;
using CivilAffairs.Web.Platform.Security;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;
using Xunit.Abstractions;

namespace CivilAffairs.Trials;

/// <summary>The mail server goes away while ten thousand letters wait, and comes back: each arrives once, and nobody notices at the desk.</summary>
public sealed class MailTrials(ITestOutputHelper log)
{
    private const int Letters = 10_000, People = 400;
    private const string Password = "correct-horse-9";

    /// <summary>The longest that a letter waits after a server that was away, and for the slowest page.</summary>
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(70), Slowest = TimeSpan.FromSeconds(4);

    [Fact]
    public async Task Ten_thousand_letters_that_waited_for_their_server_arrive_once()
    {
        await using var mail = SmtpServer.Start();
        await mail.StopAsync();
        await using var app = new RunningApp("Development", new Dictionary<string, string>(ClockCounty.With(mail)) { ["Demo__Seed"] = "false" });
        var ids = await QueueAsync(app.DataFolder);
        await app.StartAsync();
        await using var db = Running.Open(app);

        using (var desk = new Desk(app.Client.BaseAddress!))
        {
            await Eventually.HoldsAsync("the server was tried twice", async () => await db.Set<OutboxMessage>().CountAsync(m => m.LastError != null) >= 2);
            Assert.True(await DegradedAsync(app));
            Assert.InRange(await desk.SlowestAsync(), TimeSpan.Zero, Slowest);
        }
        // No letter is to blame for a server that is away: none has lost a try, none is parked, and all come again soon.
        var soon = DateTimeOffset.UtcNow + Wait;
        Assert.Equal(Letters, await db.Set<OutboxMessage>().CountAsync(m => m.State == OutboxState.Pending && m.Attempts == 0 && m.DueAt < soon));

        mail.StartAgain();
        var watch = Stopwatch.StartNew();
        TimeSpan slowest;
        using (var desk = new Desk(app.Client.BaseAddress!))
        {
            // Two minutes on, all that the away server held up is due.
            await DevClock.MoveToAsync(app, DateTimeOffset.UtcNow.AddMinutes(2));
            await mail.WaitForAsync(Letters, TimeSpan.FromMinutes(1));
            slowest = await desk.SlowestAsync();
        }
        log.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Letters / watch.Elapsed.TotalSeconds:0} letters a second; the slowest page {slowest.TotalMilliseconds:0} ms"));
        Assert.InRange(slowest, TimeSpan.Zero, Slowest);
        await Eventually.HoldsAsync("all is written down", async () => await db.Set<OutboxMessage>().CountAsync(m => m.State == OutboxState.Sent) == Letters);
        Assert.Equal(Letters, await db.Set<OutboxMessage>().CountAsync(m => m.State == OutboxState.Sent && m.Attempts == 1 && m.LastError == null));
        Assert.False(await DegradedAsync(app));
        // A run more, and a new life of the process: none goes again.
        await DevClock.MoveToAsync(app, DateTimeOffset.UtcNow.AddDays(1));
        app.Kill();
        await DevClock.StartAsync(app);
        var came = mail.Messages.Select(m => m.Message.MessageId!).ToList();
        Assert.Empty(Faults(ids, came));

        // The check can fail: one twice, one missing.
        Assert.Equal(2, Faults(ids, [.. came.Skip(1), came[1]]).Count);
    }

    private static List<string> Faults(IReadOnlyList<string> ids, IReadOnlyList<string> came) =>
        [.. ids.Except(came).Select(id => $"{id}: did not come"), .. came.Except(ids).Select(id => $"{id}: nobody wrote it"), .. Once.Twice("came", came)];

    private static async Task<bool> DegradedAsync(RunningApp app) =>
        (await app.Client.GetStringAsync(new Uri("/health/ready", UriKind.Relative))).StartsWith("{\"status\":\"degraded\"", StringComparison.Ordinal);

    /// <returns>Message-IDs of letters to some hundred people about their cases, as decisions leave them.</returns>
    private static async Task<IReadOnlyList<string>> QueueAsync(string folder)
    {
        var ids = new List<string>(Letters);
        await using (var services = Product.Open(folder, null, "Development"))
        {
            await services.GetRequiredService<IMigrator>().MigrateAsync(null, default);
            var writer = services.GetRequiredService<IWriter>();
            await County.WriteAsync(writer);
            await Played.OfficersAsync(writer, Password, [("clerk", Roles.Clerk, "341299101")]);
            var library = services.GetRequiredService<MatterLibrary>();
            await library.PublishFoldersAsync(Path.Combine(AppContext.BaseDirectory, "workflows"), default);
            var (ring, cipher, revision) = (services.GetRequiredService<KeyRing>(), services.GetRequiredService<FieldCipher>(), library.Find("rural-dibao")!.Hash);
            await writer.WriteAsync((db, _) =>
            {
                var now = DateTimeOffset.UtcNow;
                for (var i = 0; i < People; i++)
                {
                    var person = Persons.New(ring, cipher, Households.Another("341299197001010117", i), "张三", now);
                    person.Reach(ring, cipher, null, $"reader{i}@people.example");
                    var @case = new Case { Matter = "rural-dibao", Revision = revision, Number = $"341299-2026-{900_000 + i:000000}", County = "341299", Township = "341299101" };
                    db.AddRange(person, @case);
                    for (var n = i; n < Letters; n += People)
                    {
                        ids.Add($"{Guid.NewGuid():N}@civilaffairs.invalid");
                        db.Append(new OutboxMessage { CaseId = @case.Id, PersonId = person.Id, Template = "granted.mail", Revision = revision, MessageId = ids[^1], CreatedAt = now, DueAt = now });
                    }
                }
                return Task.FromResult(0);
            });
        }
        SqliteConnection.ClearAllPools();
        return ids;
    }

    /// <summary>Somebody at work: looks at pages and signs in, again and again, until it is told how long the slowest answer took.</summary>
    private sealed class Desk : IDisposable
    {
        private readonly CancellationTokenSource stop = new();
        private readonly Task<TimeSpan> working;

        public Desk(Uri at) => working = Task.Run(async () =>
        {
            using var client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = at };
            var slowest = TimeSpan.Zero;
            while (!stop.IsCancellationRequested)
            {
                var watch = Stopwatch.StartNew();
                using (var page = await client.GetAsync(new Uri("/", UriKind.Relative))) Assert.Equal(HttpStatusCode.OK, page.StatusCode);
                if (watch.Elapsed > slowest) slowest = watch.Elapsed;
                watch.Restart();
                using (await NodeClient.SignInAsync(at, "clerk", Password)) { }
                if (watch.Elapsed > slowest) slowest = watch.Elapsed;
                await Task.Delay(250);
            }
            return slowest;
        });

        public async Task<TimeSpan> SlowestAsync()
        {
            await stop.CancelAsync();
            return await working;
        }

        public void Dispose()
        {
            stop.Cancel();
            stop.Dispose();
        }
    }
}
