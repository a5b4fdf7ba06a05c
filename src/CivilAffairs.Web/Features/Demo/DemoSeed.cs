using System.Collections.Concurrent;
using System.Globalization;
using CivilAffairs.Web.Features.Cases;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Cases.Steps;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Commands;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Divisions;
using CivilAffairs.Web.Platform.Security;
using CivilAffairs.Web.Platform.Time;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Demo;

/// <summary>
/// Fills an empty Development installation with a fictional county, its offices and cases, through the real workflows.
/// </summary>
/// <remarks>
/// A mark is written for each story and for the whole. Killed half-way, the next start goes on with the stories that have
/// no mark, and one that was cut off goes on where it was: its commands have the keys that they had (docs/adr/0062).
/// </remarks>
internal sealed partial class DemoSeed(IServiceProvider services, IWriter writer, IReader reader, MatterLibrary library, DivisionDirectory divisions,
    AccountMaker accounts, KeyRing ring, FieldCipher fields, TimeProvider time, ILogger<DemoSeed> log)
{
    private const string Whole = "demo.county", Stories = "demo.";
    private const int Tries = 5;
    private readonly StoryDays days = new(services.GetRequiredService<Calendars>().Working);

    /// <returns>False: the installation is somebody's own, and holds no county.</returns>
    public async Task<bool> RunAsync(CancellationToken cancel)
    {
        if (await MarkedAsync(Whole, cancel)) return true;
        if (!await MarkedAsync("demo.accounts", cancel) && await AnyAccountAsync(cancel)) return false;
        var started = time.GetTimestamp();
        await County.WriteAsync(writer);
        await divisions.RefreshAsync(cancel);
        var revision = library.Find("rural-dibao") ?? throw new InvalidOperationException("The matter rural-dibao is not published.");
        if (!await MarkedAsync("demo.accounts", cancel)) await AccountsAsync(revision, cancel);

        var seats = await DemoSeats.LoadAsync(reader, cancel);
        var done = await StoryPlayer.DoneAsync(reader, Stories, cancel);
        // Each story stands alone, so two are played at a time; every one of its decisions is still a transaction of its own.
        await Parallel.ForEachAsync(DemoStories.All.Select((story, number) => (story, number)), new ParallelOptions { MaxDegreeOfParallelism = 2, CancellationToken = cancel },
            async (item, token) => await PatientlyAsync(done, known => PlayAsync(revision, item.story, item.number, seats, known, token), token));
        if (!await MarkedAsync("demo.organisations", cancel))
        {
            var (clerk, now) = (seats.Of(Roles.OrganisationClerk), time.GetUtcNow());
            await PatientlyAsync(done, known => new DemoOrganisations(services, (task, by) => seats.Of(task, by), known).RunAsync(clerk, BureauTime.Day(now), now, cancel), cancel);
            await MarkAsync("demo.organisations", cancel);
        }
        await PatientlyAsync(done, _ => DemoMessages.RunAsync(services, reader, seats, cancel), cancel);
        await PatientlyAsync(done, _ => DemoSupervision.RunAsync(services, reader, writer, seats, days, time.GetUtcNow(), cancel), cancel);
        await MarkAsync(Whole, cancel);
        Seeded(log, DemoStories.All.Count + DemoOrganisations.Cases, (long)time.GetElapsedTime(started).TotalSeconds);
        return true;
    }

    /// <summary>
    /// Tells a story again where the machine had too much to do: its commands have the keys that they had, so it goes on where
    /// it was. One that does not come through is left as it is, for people to go on with: it must not end the start.
    /// </summary>
    private async Task PatientlyAsync(IReadOnlyDictionary<string, string> done, Func<IReadOnlyDictionary<string, string>, Task> tell, CancellationToken cancel)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                await tell(tries == 1 ? done : await StoryPlayer.DoneAsync(reader, Stories, cancel));
                return;
            }
            // A script that takes too long is told as a fault of its definition, and is none on the next try.
            catch (Exception e) when (e is BusyException or CaseFaultedException && tries < Tries)
            {
                Again(log, e.Message);
                await Task.Delay(TimeSpan.FromMilliseconds(300 * tries), cancel);
            }
            catch (BusyException e)
            {
                BrokeOff(log, e);
                return;
            }
        }
    }

    private async Task PlayAsync(MatterRevision revision, DemoStory story, int number, DemoSeats seats, IReadOnlyDictionary<string, string> done, CancellationToken cancel)
    {
        var mark = string.Create(CultureInfo.InvariantCulture, $"demo.story.{number}");
        if (done.ContainsKey(mark)) return;
        var example = Told(revision, story, story, number);
        var clerk = seats.Officers.First(s => s.Holds(Roles.Clerk, VillageOf(number)[..9]) && s.Name == SecondClerk(number));
        var applicant = story.Applicant is { } index ? seats.Applicants[index] : clerk;
        var player = new StoryPlayer(services, new StoryClock(example.At), (task, by) => seats.Of(task, by), mark, done, days);
        if (story.Draft is { } sections)
        {
            await player.DraftAsync(example, revision.Matter.Id, applicant, sections);
            await MarkAsync(mark, cancel);
            return;
        }
        var caseId = await player.PlayAsync(revision, example, applicant, time.GetUtcNow());
        if (story.Review is { } review)
        {
            await player.ReopenAsync(caseId, Told(revision, review, story, number), seats.Of(Roles.Supervisor), applicant, time.GetUtcNow());
        }
        await MarkAsync(mark, cancel);
    }

    /// <summary>With the people of a story, on working days alone.</summary>
    /// <param name="told">The story, or its review.</param>
    private ExampleFile Told(MatterRevision revision, DemoStory told, DemoStory story, int number)
    {
        var placed = DemoStories.Place(revision.Examples[told.Example + ".json"], told, PeopleOf(story, number), VillageOf(number), time.Today());
        var day = DateOnly.FromDateTime(placed.At.Date);
        return days.Move(revision.Examples[told.Example + ".json"] with { Form = placed.Form }, days.IsWorkday(day) ? day : days.Add(day, -1), told.Stop, told.Late, new Random(number));
    }

    private static string VillageOf(int number) => County.Divisions.Where(d => d.Level == DivisionLevel.Village).Select(d => d.Code).ElementAt(number * 5 % 6);

    private static string SecondClerk(int number) => DemoOffices.All.Last(o => o.Role == Roles.Clerk && o.Division == VillageOf(number)[..9]).Name;

    /// <summary>An applicant online is one and the same person in all their cases.</summary>
    private static int PeopleOf(DemoStory story, int number) => story.Applicant is { } index ? 1000 + index : number;

    private async Task AccountsAsync(MatterRevision revision, CancellationToken cancel)
    {
        // Hashing passwords is slow by intent: done on all cores, before the transaction.
        var made = new ConcurrentBag<Account>();
        Parallel.ForEach(DemoOffices.All, o => made.Add(accounts.Officer(o.UserName, o.Name, DemoOffices.Password, new HeldRole(o.Role, o.Division))));
        foreach (var account in made)
        {
            foreach (var posting in account.Postings) posting.From = new DateOnly(2025, 1, 1);
            // So that reminders and digests arrive in the mailbox.
            account.Email = account.UserName + "@example.invalid";
        }
        var persons = DemoOffices.Applicants.Select((a, i) => PersonOf(revision, i, a)).ToList();
        var applicants = persons.Zip(DemoOffices.Applicants, (p, a) => accounts.Applicant(p.Id, p.Name, DemoOffices.Password, a.UserName)).ToList();
        var (userName, name, phone, email) = DemoOffices.Representative;
        var representative = Persons.New(ring, fields, DemoOrganisations.RepresentativeNumber, name, time.GetUtcNow());
        representative.Reach(ring, fields, phone, email);
        persons.Add(representative);
        applicants.Add(accounts.Applicant(representative.Id, name, DemoOffices.Password, userName));
        await writer.WriteAsync((db, _) =>
        {
            db.AddRange(made);
            db.AddRange(persons);
            db.AddRange(applicants);
            db.Add(MarkOf("demo.accounts"));
            return Task.FromResult(0);
        }, cancel);
    }

    private Person PersonOf(MatterRevision revision, int index, (string UserName, string Phone, string Email) contact)
    {
        var story = DemoStories.All.First(s => s.Applicant == index);
        var form = DemoStories.Place(revision.Examples[story.Example + ".json"], story, 1000 + index, "", time.Today()).Form["applicant"]!;
        var number = (string)form["idNumber"]!;
        var person = Persons.New(ring, fields, number, (string)form["name"]!, time.GetUtcNow());
        person.Reach(ring, fields, contact.Phone, contact.Email);
        return person;
    }

    private async Task<bool> AnyAccountAsync(CancellationToken cancel)
    {
        await using var db = reader.Open();
        return await db.Set<Account>().AnyAsync(cancel);
    }

    private async Task<bool> MarkedAsync(string mark, CancellationToken cancel)
    {
        await using var db = reader.Open();
        return await db.Set<CommandRecord>().AnyAsync(c => c.ActorId == Guid.Empty && c.Key == mark, cancel);
    }

    private Task<int> MarkAsync(string mark, CancellationToken cancel) => writer.WriteAsync((db, _) =>
    {
        db.Add(MarkOf(mark));
        return Task.FromResult(0);
    }, cancel);

    private CommandRecord MarkOf(string mark) => new() { ActorId = Guid.Empty, Key = mark, BodyHash = "", Result = "true", At = time.GetUtcNow() };

    [LoggerMessage(EventId = 7000, Level = LogLevel.Information, Message = "The fictional county is filled with {Cases} cases ({Seconds} s)")]
    private static partial void Seeded(ILogger log, int cases, long seconds);

    [LoggerMessage(EventId = 7004, Level = LogLevel.Warning, Message = "A story of the fictional county was held up and is told again: {Why}")]
    private static partial void Again(ILogger log, string why);

    [LoggerMessage(EventId = 7005, Level = LogLevel.Error, Message = "A story of the fictional county could not be told to its end: the machine has too much to do")]
    private static partial void BrokeOff(ILogger log, Exception e);
}
