using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Jobs;
using CivilAffairs.Web.Features.Mail;
using CivilAffairs.Web.Features.Mail.Calls;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Features.Reminders;
using CivilAffairs.Web.Features.Reminders.Digest;
using CivilAffairs.Web.Platform.Commands;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Divisions;
using CivilAffairs.Web.Platform.Mail;
using CivilAffairs.Web.Platform.Outbox;
using CivilAffairs.Web.Platform.Security;
using CivilAffairs.Web.Platform.Time;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;

namespace CivilAffairs.Web.Features.Demo;

/// <summary>
/// What went on in the county on every day of its story whether or not anybody filed a case: the product's own jobs at
/// their hours, the post, and the calls to people without e-mail, all on the story's clock.
/// </summary>
internal sealed class CountyOffice
{
    private static readonly TimeOnly Night = new(0, 12), Morning = new(7, 5), Digest = new(7, 30), Noon = new(12, 20), Evening = new(17, 55);

    /// <summary>Calls that stay for whoever signs in: those of the last days.</summary>
    private const int CallsWait = 4;

    private readonly StoryClock clock;
    private readonly StoryDays days;
    private readonly DemoSeats seats;
    private readonly IReader reader;
    private readonly MatterLibrary library;
    private readonly DateTimeOffset until;
    private readonly CaseKit kit;
    private readonly AuditHeadJob heads;
    private readonly NoticeJob notices;
    private readonly ReverificationWatch reverifications;
    private readonly ExpiryWatch expiry;
    private readonly DeadlineWatch deadlines;
    private readonly MorningDigest digest;
    private readonly MailDispatcher post;
    private readonly CallCommands calls;

    /// <param name="services">Everything but the clock is the product's own.</param>
    /// <param name="until">When the story ends.</param>
    public CountyOffice(IServiceProvider services, StoryClock clock, StoryDays days, DemoSeats seats, DateTimeOffset until)
    {
        T Get<T>() where T : notnull => services.GetRequiredService<T>();
        T New<T>(params object[] with) => ActivatorUtilities.CreateInstance<T>(services, with);
        (this.clock, this.days, this.seats, this.until, reader, library) = (clock, days, seats, until, Get<IReader>(), Get<MatterLibrary>());
        var runner = new CommandRunner(Get<IWriter>(), clock);
        kit = new CaseKit(services, runner, clock);
        // What is told of a year ago is no news for today's log.
        (heads, notices) = (New<AuditHeadJob>(clock, NullLogger<AuditHeadJob>.Instance), New<NoticeJob>(clock));
        reverifications = new ReverificationWatch(reader, Get<IWriter>(), Get<MatterLibrary>(), Get<DivisionDirectory>(), Get<Calendars>(), clock);
        expiry = new ExpiryWatch(reader, Get<IWriter>(), Get<MatterLibrary>(), kit.Subjects, Get<Calendars>(), clock, Get<ILogger<ExpiryWatch>>());
        deadlines = new DeadlineWatch(reader, Get<IWriter>(), Get<MatterLibrary>(), clock);
        digest = new MorningDigest(reader, Get<IWriter>(), Get<Calendars>(), clock);
        var maker = New<LetterMaker>(clock);
        var transport = Get<IMailTransport>() is MailboxTransport ? New<MailboxTransport>(clock) : Get<IMailTransport>();
        // The first act is told already, in days that are still to come on this clock: its letters go then.
        var queue = new OutboxQueue(Get<IWriter>(), clock) { Longest = TimeSpan.FromDays(800) };
        post = New<MailDispatcher>(clock, queue, maker, transport, NullLogger<MailDispatcher>.Instance);
        calls = new CallCommands(runner, Get<CallList>(), maker, Get<FieldCipher>(), Get<SubjectContacts>());
    }

    /// <summary>The next hour after an instant at which something is done here; null: not before the story's end.</summary>
    public DateTimeOffset? After(DateTimeOffset instant)
    {
        var day = BureauTime.Day(instant);
        var next = Hours(day).Concat(Hours(day.AddDays(1))).First(at => at > instant);
        return next <= until ? next : null;
    }

    public async Task DoAsync(DateTimeOffset at, CancellationToken cancel)
    {
        clock.MoveTo(at);
        var (day, hour) = (BureauTime.Day(at), TimeOnly.FromDateTime(BureauTime.Local(at).DateTime));
        if (hour == Night)
        {
            // The day before is over: no line of the story is dated in it any more.
            await heads.RunAsync(cancel);
            await notices.RunAsync(cancel);
            await kit.GrantEnds.EnterAsync(100, cancel);
        }
        else if (hour == Morning)
        {
            await reverifications.RunAsync(cancel);
            await kit.Reverifications.OpenDueAsync(100, cancel);
            await expiry.RunAsync(cancel);
            await deadlines.RunAsync(cancel);
        }
        else if (hour == Digest)
        {
            await digest.RunAsync(cancel);
        }
        else
        {
            if (hour == Noon && days.IsWorkday(day)) await CallAsync(day, cancel);
            await post.RunOnceAsync(cancel);
        }
    }

    /// <summary>What still lies in the outbox at the end of the story.</summary>
    public Task PostAsync(CancellationToken cancel)
    {
        clock.MoveTo(until);
        return post.RunOnceAsync(cancel);
    }

    private IEnumerable<DateTimeOffset> Hours(DateOnly day)
    {
        yield return BureauTime.Start(day, Night);
        yield return BureauTime.Start(day, Morning);
        // Each officer's letter of every morning would bury the others.
        if (BureauTime.Day(until).DayNumber - day.DayNumber < 2) yield return BureauTime.Start(day, Digest);
        if (days.IsWorkday(day)) yield return BureauTime.Start(day, Noon);
        yield return BureauTime.Start(day, Evening);
    }

    /// <summary>Whom no letter reached is called by those who file for them, on the next working day.</summary>
    private async Task CallAsync(DateOnly today, CancellationToken cancel)
    {
        if (days.Count(today, BureauTime.Day(until)) < CallsWait) return;
        await using var db = reader.Open();
        var waiting = await db.Set<OutboxMessage>().Where(m => m.State == OutboxState.Parked && m.CaseId != null && m.PersonId != null)
            .Join(db.Set<Case>(), m => m.CaseId, c => c.Id, (m, c) => new { m.Id, c.Matter, c.County, c.Township, m.CreatedAt }).OrderBy(m => m.CreatedAt).ThenBy(m => m.Id).Take(200).ToListAsync(cancel);
        foreach (var call in waiting)
        {
            // By the office that files for people in this matter, if any does.
            var role = library.Find(call.Matter)?.Matter.Applicants.CounterRoles is [var first, ..] ? first : null;
            var caller = role is null ? null : seats.Officers.Where(o => o.Holds(role, call.Township ?? call.County)).ElementAtOrDefault(today.DayNumber % 2);
            if (caller is not null) await calls.TellAsync(caller, call.Id, reached: true, $"demo.call.{call.Id:N}", cancel);
        }
    }
}
