using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Divisions;
using CivilAffairs.Web.Platform.Security;
using CivilAffairs.Web.Platform.Time;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Demo;

/// <summary>
/// Tells the county's last year on one clock: of everything that could happen next in any case or office, the earliest
/// happens, so that numbers, letters and the audit's days come in the order of time and no job sees what has not happened
/// yet. What was opened by the county itself on the way (a re-verification, a rectification) gets a story of its own.
/// </summary>
/// <remarks>Power failure: told again from the beginning, every command finds that it was done, and the story goes on where it was cut off (docs/adr/0062).</remarks>
internal sealed partial class CountyYear
{
    private readonly IServiceProvider services;
    private readonly DemoSeats seats;
    private readonly IReadOnlyDictionary<string, string> done;
    private readonly DateTimeOffset until;
    private readonly StoryClock clock;
    private readonly StoryDays days;
    private readonly CountyOffice office;
    private readonly IReader reader;
    private readonly MatterLibrary library;
    private readonly ILogger log;
    private readonly PriorityQueue<(StoryTrack Track, int Order, Func<Task> Do), (DateTimeOffset At, int Order)> next = new();
    private readonly Dictionary<Guid, (YearStory Story, GrantedHousehold Household)> granted = [];
    private readonly HashSet<Guid> adopted = [];
    private readonly List<StoryTrack> tracks = [];
    private readonly YearOrganisations organisations;

    /// <param name="done">Keys of the commands that were done, each with its result.</param>
    /// <param name="until">When the story ends: the first start.</param>
    public CountyYear(IServiceProvider services, DemoSeats seats, IReadOnlyDictionary<string, string> done, DateTimeOffset until, ILogger log)
    {
        (this.services, this.seats, this.done, this.until, this.log) = (services, seats, done, until, log);
        (reader, library) = (services.GetRequiredService<IReader>(), services.GetRequiredService<MatterLibrary>());
        days = new StoryDays(services.GetRequiredService<Calendars>().Working);
        clock = new StoryClock(BureauTime.Start(BureauTime.Day(until).AddDays(-364)));
        office = new CountyOffice(services, clock, days, seats, until);
        organisations = new YearOrganisations(services, clock, days, seats, done, Today);
    }

    /// <summary>Cases that are there, and that will be as far as is known.</summary>
    public (int There, int Of) Cases => (tracks.Count(t => t.IsThere), tracks.Count);

    /// <summary>Stories that broke off, since a command was refused: none, unless plan and matters have grown apart.</summary>
    public int Broken { get; private set; }

    /// <summary>Working days of the plan count back from here: the last day on whose morning people could come.</summary>
    private DateOnly Today => BureauTime.Local(until).Hour >= 11 && days.IsWorkday(BureauTime.Day(until)) ? BureauTime.Day(until) : days.Add(BureauTime.Day(until), -1);

    /// <param name="stories">At most so many of the plan.</param>
    public async Task RunAsync(int stories, Action<int, int> progress, CancellationToken cancel)
    {
        // Nothing more happens on a day that is closed.
        if (await ClosedAsync(cancel) is { } closed) clock.MoveTo(closed.AddTicks(10));
        var couples = DemoOffices.All.Any(o => o.Role == Roles.MarriageRegistrar);
        foreach (var story in CountyPlan.Stories(couples, CountyMatters.Stories(library.Offered)).Take(stories)) await AddAsync(Track(story), story.Number);
        await organisations.ImportAsync(cancel);
        foreach (var (track, number) in await organisations.TracksAsync(cancel)) await AddAsync(track, number);
        await AdoptAsync(DateTimeOffset.MinValue, cancel);

        var hour = office.After(clock.GetUtcNow());
        while (true)
        {
            cancel.ThrowIfCancellationRequested();
            var mine = next.TryPeek(out _, out var at);
            if (hour is { } due && (!mine || due <= at.At))
            {
                await office.DoAsync(due, cancel);
                await AdoptAsync(due.AddHours(-1), cancel);
                hour = office.After(due);
                continue;
            }
            if (!mine) break;
            var (track, order, act) = next.Dequeue();
            clock.MoveTo(at.At);
            if (await DoneAsync(act, cancel)) await AddAsync(track, order);
            progress(Cases.There, Cases.Of);
        }
        await office.PostAsync(cancel);
    }

    private StoryTrack Track(YearStory story)
    {
        var dice = story.Dice;
        var revision = library.Find(story.Matter) ?? throw new InvalidOperationException($"The matter {story.Matter} is not published.");
        var village = Village(dice);
        var (told, from) = (WithVisit(revision.Examples[story.Example + ".json"]), days.Add(Today, -story.FiledAgo));
        var settled = CountyPlan.Names(story.Matter) ? Families.Settle(told, story.Example, story.Number, (village.Code, village.NameZh), dice) : CountyMatters.Settle(told, revision.Form, story.Number, (village.Code, village.NameZh), from);
        var example = days.Move(settled, from, story.Stop, story.Late, dice);
        var by = seats.Filing(revision.Matter, village.Code, story.Number + 1);
        var email = dice.Next(100) < 55 ? $"family{story.Number}@example.invalid" : null;
        return new StoryTrack(Player(story.Name, story.Number), revision, () => Task.FromResult(example), example.At, by)
        {
            Draft = story.Draft, Email = email, Review = story.Review is { } review ? now => Reviewed(revision, review, story, now) : null,
            // Whose re-verification is told below.
            Filed = story.Matter != "rural-dibao" ? null : id => granted[id] = (story, new GrantedHousehold(Families.Of(example.Form), by)),
        };
    }

    private (DateTimeOffset, ExampleFile, Viewer) Reviewed(MatterRevision revision, string review, YearStory story, DateTimeOffset now)
    {
        var day = days.Add(BureauTime.Day(now), 12);
        var example = days.Move(revision.Examples[review + ".json"], day, story.Stop == "reviewGranted" ? story.Stop : null, 0, story.Dice);
        return (example.At, example, seats.Of(Roles.Supervisor));
    }

    private StoryPlayer Player(string name, int turn) => new(services, clock, (task, by) => seats.Of(task, by, turn), name, done, days);

    /// <summary>The county draws cases for a visit of its own: an example that does not say so has an answer for it.</summary>
    private static ExampleFile WithVisit(ExampleFile example)
    {
        if (!example.Answers.TryGetValue("countyReview", out var reviews) || example.Answers.ContainsKey("countyVisit") || reviews[0].At is not { } at) return example;
        var result = new System.Text.Json.Nodes.JsonObject { ["outcome"] = "Done", ["visitedOn"] = BureauTime.Iso(DateOnly.FromDateTime(at.Date)), ["found"] = "情况属实。" };
        return example with { Answers = new Dictionary<string, IReadOnlyList<ExampleAnswer>>(example.Answers) { ["countyVisit"] = [new ExampleAnswer { At = at.AddHours(-1), By = "cck-1", Result = result }] } };
    }

    /// <summary>Some villages are larger than others.</summary>
    private static Division Village(Random dice)
    {
        var villages = County.Divisions.Where(d => d.Level == DivisionLevel.Village).ToList();
        return villages[dice.Next(20) switch { < 5 => 0, < 8 => 1, < 11 => 2, < 15 => 3, < 18 => 4, _ => 5 }];
    }

    private async Task AddAsync(StoryTrack track, int order)
    {
        if (!tracks.Contains(track)) tracks.Add(track);
        if (track.CaseId is { } id) track.Filed?.Invoke(id);
        if (await track.NextAsync(clock.GetUtcNow(), until) is { } step) next.Enqueue((track, order, step.Do), (step.At, order));
    }

    /// <summary>Gives cases that the county opened since an instant a story of their own.</summary>
    private async Task AdoptAsync(DateTimeOffset since, CancellationToken cancel)
    {
        await using var db = reader.Open();
        foreach (var plan in await db.Set<PlannedReverification>().Where(p => p.OpenedCaseId != null && p.SettledAt >= since).OrderBy(p => p.SettledAt).ThenBy(p => p.Id).Select(p => new { p.CaseId, Opened = p.OpenedCaseId!.Value, At = p.SettledAt!.Value }).ToListAsync(cancel))
            if (granted.TryGetValue(plan.CaseId, out var of) && adopted.Add(plan.Opened)) await AddAsync(Again(of.Story, of.Household, plan.Opened, plan.At), of.Story.Number + 50);
        foreach (var opening in await db.Set<CertificateOpening>().Where(o => o.RecordedAt >= since).OrderBy(o => o.RecordedAt).ThenBy(o => o.CaseId)
            .Join(db.Set<Certificate>(), o => o.CertificateId, c => c.Id, (o, c) => new { c.Number, o.CaseId, o.RecordedAt }).ToListAsync(cancel))
            if (!adopted.Contains(opening.CaseId) && organisations.Rectification(opening.Number, opening.CaseId, opening.RecordedAt) is { } track && adopted.Add(opening.CaseId)) await AddAsync(track.Track, track.Number + 50);
    }

    private StoryTrack Again(YearStory story, GrantedHousehold household, Guid caseId, DateTimeOffset opened)
    {
        var dice = new Random(104_729 * story.Number + 5);
        var ((persons, income), revision) = (household.Figures, library.Find(story.Matter)!);
        var (lower, room) = (income + 480_000 < persons * 900_000 - 60_000, income > 500_000);
        var name = dice.Next(100) switch { < 42 => "continues", < 60 => lower ? "lowered" : "continues", < 72 => room ? "raised" : "continues", < 82 => "stopped", < 89 => "phase-out", < 94 => lower ? "reconsidered" : "stopped", _ => "refuses-to-cooperate" };
        // At some nobody has been yet, and they are late by now.
        var waited = days.Count(BureauTime.Day(opened), BureauTime.Day(until));
        var stop = waited is > 17 and < 70 && dice.Next(100) < 40 ? "reVisit" : null;
        var example = days.Move(Families.Again(revision.Examples[$"reverify-{name}.json"], persons, income, dice), BureauTime.Day(opened), stop, 0, dice);
        if (story.Idle) example = example with { Answers = new Dictionary<string, IReadOnlyList<ExampleAnswer>>() };
        return new StoryTrack(Player(story.Name, story.Number), revision, () => Task.FromResult(example), opened, household.Clerk) { CaseId = caseId, Part = "again." };
    }

    /// <returns>False: it was refused, and the story breaks off.</returns>
    private async Task<bool> DoneAsync(Func<Task> act, CancellationToken cancel)
    {
        for (var tries = 0; ; tries++)
        {
            try
            {
                await act();
                return true;
            }
            catch (BusyException) when (tries < 20)
            {
                await Task.Delay(200, cancel);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                Broken++;
                BrokeOff(log, e, clock.GetUtcNow());
                return false;
            }
        }
    }

    /// <summary>The end of the last day that the story closed, where it was cut off.</summary>
    private async Task<DateTimeOffset?> ClosedAsync(CancellationToken cancel)
    {
        await using var db = reader.Open();
        return await db.Set<Platform.Audit.AuditHead>().OrderByDescending(h => h.Day).Select(h => (DateTimeOffset?)h.At).FirstOrDefaultAsync(cancel);
    }

    /// <param name="Figures">Persons, and income that counts (fen a year).</param>
    private sealed record GrantedHousehold((int Persons, long Income) Figures, Viewer Clerk);

    [LoggerMessage(EventId = 7001, Level = LogLevel.Error, Message = "A story of the fictional county broke off at {At}")]
    private static partial void BrokeOff(ILogger log, Exception e, DateTimeOffset at);
}
