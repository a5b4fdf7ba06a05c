using System.Collections.Concurrent;
using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Features.Cases;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Demo;
using CivilAffairs.Web.Platform.Commands;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Jobs;
using CivilAffairs.Web.Platform.Outbox;
using CivilAffairs.Web.Platform.Security;
using CivilAffairs.Web.Platform.Time;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace CivilAffairs.Tests.Features.Demo;

/// <summary>What a newcomer finds in the Development county on the first page, before its year is told; on both databases.</summary>
public sealed class DemoSeedTests
{
    private static readonly string[] WithSeveral = [Roles.Clerk, Roles.Investigator, Roles.TownshipReviewer, Roles.Checker, Roles.CountyClerk, Roles.CountyApprover, Roles.Payments];

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task The_county_has_cases_in_every_state_and_offices_that_are_never_alone(string kind)
    {
        await using var app = await Databases.StartAsync(kind, settings: new Dictionary<string, string> { ["Demo:Seed"] = "true", ["Demo:Cases"] = "0" });
        await using var db = app.Services.GetRequiredService<IReader>().Open();
        var cases = await db.Set<Case>().ToListAsync();
        Assert.Equal(DemoStories.All.Count + DemoOrganisations.Cases, cases.Count);
        string[] wanted = ["Draft", "Submitted", "Correction", "Investigating", "Reviewing", "Notice", "CountyReview", "Review", "Paying", "Refused", "NotAccepted", "Withdrawn", "Terminated", "Lapsed"];
        var there = cases.CountBy(c => c.Status).ToDictionary();
        Assert.True(wanted.All(there.ContainsKey), string.Join(", ", there.Select(s => $"{s.Key} {s.Value}")));

        var (today, open) = (app.Services.GetRequiredService<TimeProvider>().Today(), await db.Set<WorkTask>().Where(t => t.State == TaskState.Open).ToListAsync());
        Assert.Contains(open, t => t.FinishBy < today && t.Role != Roles.Applicant);
        Assert.Contains(open, t => t.FinishBy >= today);
        // Returned: an opinion was written, sent back, and waits for another one.
        Assert.Contains(open, t => t.ActivityId == "opinion" && db.Set<WorkTask>().Any(o => o.CaseId == t.CaseId && o.ActivityId == "opinion" && o.State == TaskState.Done));
        Assert.Contains(await db.Set<PublicNotice>().ToListAsync(), n => n.Kind == "公示" && n.LastDay >= today && n.TakenDownAt == null);
        Assert.Contains(open, t => t.Role == Roles.Applicant);

        // The draft is its applicant's, and nobody else's.
        var draft = cases.Single(c => c.Status == "Draft");
        var officers = await db.Users.Include(a => a.Postings).ToListAsync();
        Viewer Of(Account a) => new(a.Id, a.DisplayName, a.Kind, [.. a.Postings.Select(p => new HeldRole(p.Role, p.Division))], a.PersonId);
        foreach (var account in officers) Assert.Equal(account.UserName == "applicant2", await CaseScope.SeesAsync(db, Of(account), draft.Id));

        Assert.All(DemoOffices.All.Where(o => WithSeveral.Contains(o.Role)).GroupBy(o => (o.Role, o.Division)), office => Assert.True(office.Count() >= 2, $"{office.Key} has one officer"));
        Assert.Equal(DemoOffices.All.Count + DemoOffices.Applicants.Count + 1, officers.Count);

        // Organisations came with a ledger: some run out soon, one is renewed, one is to be put right and one stands in the list.
        var organisations = cases.Where(c => c.SubjectId is not null).OrderBy(c => c.Status).Select(c => (c.Matter, c.Status)).ToList();
        Assert.Equal([("so-renewal", "Granted"), ("so-rectification", "Investigating"), ("so-renewal", "Investigating"), ("so-rectification", "Registered")], organisations.OrderBy(o => o.Status, StringComparer.Ordinal).ThenBy(o => o.Matter, StringComparer.Ordinal));
        Assert.Equal(3, await db.Set<Certificate>().CountAsync(c => c.ValidTo >= today && c.ValidTo <= today.AddDays(90) && c.SubjectId != null && !db.Set<Certificate>().Any(n => n.RenewsId == c.Id) && !db.Set<Case>().Any(k => k.SubjectId == c.SubjectId)));
        // Supervision orders: one answered in time and closed, one late, one open; the office is told of what is due.
        var orders = await db.Set<SupervisionOrder>().OrderBy(o => o.IssuedAt).ToListAsync();
        Assert.Equal([(SupervisionState.Closed, (bool?)true, false), (SupervisionState.Open, null, true), (SupervisionState.Open, null, false)], orders.Select(o => (o.State, o.InTime, o.EndedAt is null && o.DueOn < today)));
        var representative = officers.Single(a => a.UserName == DemoOffices.Representative.UserName);
        Assert.True(await db.Set<RegisterPerson>().AnyAsync(p => p.NumberHash == db.Set<Person>().First(x => x.Id == representative.PersonId).NumberHash));

        // What is late is told of by itself, and the letters can be read in the mailbox.
        await app.Services.GetServices<IJob>().Single(j => j.Id == "deadlines").RunAsync(default);
        var reminded = await db.Set<OutboxMessage>().Where(m => m.Template == "task-red.mail").Select(m => m.AccountId).Distinct().ToListAsync();
        Assert.Contains(officers.Single(a => a.UserName == "county-sup").Id, reminded.OfType<Guid>());
        Assert.All(officers.Where(a => a.Kind == AccountKind.Officer), a => Assert.NotNull(a.Email));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_machine_that_is_slow_for_a_while_holds_the_county_up_and_leaves_nothing_out(string kind)
    {
        var (clock, log) = (new PaperClock { Slow = 14 }, new CountedLog());
        await using var app = new SlowPaperApp(await Databases.FreshAsync(kind), clock, new Dictionary<string, string> { ["Demo:Seed"] = "true", ["Demo:Cases"] = "0" }, log);
        await using var db = app.Services.GetRequiredService<IReader>().Open();
        Assert.Equal(DemoStories.All.Count + DemoOrganisations.Cases, await db.Set<Case>().CountAsync());
        // Each story is told to its end, and then the whole.
        var marks = (await db.Set<CommandRecord>().Where(c => c.ActorId == Guid.Empty && c.Key.StartsWith("demo.")).Select(c => c.Key).ToListAsync()).ToHashSet();
        Assert.All(DemoStories.All.Select((_, i) => $"demo.story.{i}").Append("demo.organisations").Append("demo.county"), mark => Assert.Contains(mark, marks));
        Assert.True(log.Count(7004) > 0, "No story met the slow clock.");
        Assert.Equal(0, log.Count(7005));
    }

    [Fact]
    public async Task A_machine_that_stays_slow_starts_all_the_same()
    {
        var (clock, log) = (new PaperClock { Slow = int.MaxValue }, new CountedLog());
        await using var app = new SlowPaperApp(null, clock, new Dictionary<string, string> { ["Demo:Seed"] = "true", ["Demo:Cases"] = "0" }, log);
        Assert.True((await app.CreateClient().GetAsync("/sign-in")).IsSuccessStatusCode);
        Assert.True(log.Count(7005) > 0);
        await using var db = app.Services.GetRequiredService<IReader>().Open();
        Assert.Contains(await db.Set<WorkTask>().ToListAsync(), t => t is { State: TaskState.Open, ActivityId: "opinion" });
    }

    /// <summary>How often each event was logged.</summary>
    private sealed class CountedLog : ILoggerProvider, ILogger
    {
        private readonly ConcurrentDictionary<int, int> counts = new();

        public int Count(int id) => counts.GetValueOrDefault(id);
        public ILogger CreateLogger(string categoryName) => this;
        public void Dispose() { }
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;
        public bool IsEnabled(LogLevel logLevel) => true;
        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => counts.AddOrUpdate(eventId.Id, 1, (_, n) => n + 1);
    }
}
