using System.Text.Json.Nodes;
using CivilAffairs.Engine.Time;
using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Reminders;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Outbox;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CivilAffairs.Tests.Features.Reminders;

/// <summary>Limits that turned amber or red are told once to whom the rules name, whatever the clock and the calendar do [domain §3, §11].</summary>
public sealed class DeadlineWatchTests(BothDatabases databases) : IClassFixture<BothDatabases>
{
    // Domain B12: the county has the file on Friday 2026-09-18, ten working days end on 2026-10-09; the eighth is 09-30.
    private static readonly DateOnly Received = new(2026, 9, 18), Amber = new(2026, 9, 30), Last = new(2026, 10, 9);

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Eighty_percent_goes_to_holder_and_supervisor_and_the_day_after_the_last_also_to_the_approver(string kind)
    {
        var (desk, task) = await TaskAsync(kind, held: true);
        Assert.Equal((Amber, Last), (task.AmberFrom, task.FinishBy));
        Assert.Equal(0, await desk.RunAsync(Amber.AddDays(-1)));
        Assert.Equal(2, await desk.RunAsync(Amber));
        var amber = new[] { ("amber:2026-10-09", desk.Holder.Id, true), ("amber:2026-10-09", desk.Supervisor.Id, true) };
        Assert.Equal(amber.Order(), await desk.RemindersAsync(task.Id));
        // Again, on the last day, and with a clock that went back: nothing.
        foreach (var day in new[] { Amber, Last, Amber.AddDays(-1) }) Assert.Equal(0, await desk.RunAsync(day));

        Assert.Equal(3, await desk.RunAsync(Last.AddDays(1)));
        Assert.Equal(amber.Concat([("red:2026-10-09", desk.Holder.Id, true), ("red:2026-10-09", desk.Supervisor.Id, true), ("red:2026-10-09", desk.Approver.Id, true)]).Order(), await desk.RemindersAsync(task.Id));
        foreach (var day in new[] { Last.AddDays(1), Amber, Last.AddYears(10) }) Assert.Equal(0, await desk.RunAsync(day));

        await using var db = desk.Read();
        var letter = await db.Set<OutboxMessage>().FirstAsync(m => m.CaseId == task.CaseId && m.AccountId == desk.Approver.Id);
        Assert.Equal(("task-red.mail", OutboxMessage.Product, "2026-10-09", $"/desk/cases/{task.CaseId}"),
            (letter.Template, letter.Revision, (string?)JsonNode.Parse(letter.Data!)!["lastDay"], (string?)JsonNode.Parse(letter.Data!)!["path"]));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task While_nobody_holds_it_the_post_s_officers_are_told_but_nobody_who_is_kept_off(string kind)
    {
        var (desk, task) = await TaskAsync(kind, held: false);
        await desk.StoreAsync(new CaseRecusal { CaseId = task.CaseId, AccountId = desk.Colleague.Id, Reason = "nearRelative" });
        var gone = await desk.OfficerAsync("TRV", desk.Township);
        await desk.WriteAsync(db => db.Users.Where(a => a.Id == gone.Id).ExecuteUpdateAsync(s => s.SetProperty(a => a.Disabled, true)));
        await desk.RunAsync(Amber);
        Assert.Equal(new[] { desk.Holder.Id, desk.Supervisor.Id }.Order(), (await desk.RemindersAsync(task.Id)).Select(r => r.Reader).Order());
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Of_stages_that_came_while_nothing_ran_only_the_latest_is_sent(string kind)
    {
        var (desk, task) = await TaskAsync(kind, held: true);
        Assert.Equal(3, await desk.RunAsync(Last.AddDays(3)));
        var told = await desk.RemindersAsync(task.Id);
        Assert.Equal([("amber:2026-10-09", false), ("amber:2026-10-09", false)], told.Where(r => r.Stage[0] == 'a').Select(r => (r.Stage, r.Sent)));
        Assert.Equal(3, told.Count(r => r is { Sent: true, Stage: "red:2026-10-09" }));
        // Put back to the amber days, the clock brings no letter of a stage that has passed.
        await desk.WriteAsync(db => db.Set<WorkTask>().Where(t => t.Id == task.Id).ExecuteUpdateAsync(s => s.SetProperty(t => t.WatchOn, Amber)));
        Assert.Equal(0, await desk.RunAsync(Amber.AddDays(1)));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task What_is_done_and_what_has_no_limit_reminds_nobody(string kind)
    {
        var desk = await ReminderDesk.OpenAsync(await databases.GetAsync(kind));
        var @case = desk.NewCase();
        var done = desk.NewTask(@case, Received, holder: desk.Holder.Id);
        (done.State, done.ClosedAt) = (TaskState.Done, DateTimeOffset.UtcNow);
        var without = desk.NewTask(@case, Received, "none");
        await desk.StoreAsync(@case, done, without);
        await desk.RunAsync(Last.AddDays(10));
        Assert.Empty(await desk.RemindersAsync(done.Id));
        Assert.Empty(await desk.RemindersAsync(without.Id));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task The_legal_clock_is_told_to_whoever_works_on_the_case(string kind)
    {
        var desk = await ReminderDesk.OpenAsync(await databases.GetAsync(kind));
        // Domain B11: accepted 2026-02-11, 30 working days end on 2026-03-31.
        var limit = Limits.Compute("30wd", new DateOnly(2026, 2, 11), ReminderDesk.Calendar);
        var @case = desk.NewCase(new LegalClock { StartedOn = new DateOnly(2026, 2, 11), LimitText = "30wd", DueOn = limit.LastDay, AmberFrom = limit.AmberFrom });
        var stopped = desk.NewCase(new LegalClock { StartedOn = new DateOnly(2026, 2, 11), LimitText = "30wd", DueOn = limit.LastDay, AmberFrom = limit.AmberFrom, StoppedOn = new DateOnly(2026, 3, 1) });
        stopped.WatchOn = null;
        await desk.StoreAsync(@case, stopped, desk.NewTask(@case, new DateOnly(2026, 3, 20), "none", desk.Holder.Id));
        Assert.Equal(new DateOnly(2026, 3, 31), limit.LastDay);
        await desk.RunAsync(limit.AmberFrom!.Value);
        Assert.Equal(new[] { ("amber:2026-03-31", desk.Holder.Id, true), ("amber:2026-03-31", desk.Supervisor.Id, true) }.Order(), await desk.RemindersAsync(@case.Id));
        await desk.RunAsync(new DateOnly(2026, 4, 1));
        Assert.Equal(3, (await desk.RemindersAsync(@case.Id)).Count(r => r.Stage == "red:2026-03-31"));
        Assert.Empty(await desk.RemindersAsync(stopped.Id));
    }

    /// <summary>A limit that moves later after its letter: the letter is wrong, so the new last day is a stage of its own; told once, however often the calendar is edited.</summary>
    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task An_edited_calendar_moves_open_limits_and_each_last_day_is_told_once(string kind)
    {
        var (desk, task) = await TaskAsync(kind, held: true);
        var done = desk.NewTask(new Case { Id = task.CaseId, Matter = task.Matter, Revision = "r" }, Received, holder: desk.Holder.Id);
        done.State = TaskState.Done;
        var timer = new CaseTimer { CaseId = task.CaseId, InstanceId = task.InstanceId, BookmarkId = "t", ActivityId = "t", LimitText = "nextWorkday:2026-09-30", DueAt = new DateTimeOffset(2026, 10, 7, 16, 0, 0, TimeSpan.Zero) };
        await desk.StoreAsync(done, timer);
        await desk.RunAsync(Amber);
        var changes = desk.App.Services.GetRequiredService<CalendarChanges>();
        var year = Year2026();
        var edited = new WorkCalendar([year with { Off = year.Off.Append(new DateOnly(2026, 10, 8)).ToHashSet() }]);

        Assert.InRange(await changes.ApplyAsync(edited, "edited" + desk.County, default), 2, int.MaxValue);
        Assert.Equal(0, await changes.ApplyAsync(edited, "edited" + desk.County, default));
        await using var db = desk.Read();
        var moved = await db.Set<WorkTask>().SingleAsync(t => t.Id == task.Id);
        // 10-10 is a make-up Saturday.
        Assert.Equal((new DateOnly(2026, 10, 10), Amber, Amber), (moved.FinishBy, moved.AmberFrom, moved.WatchOn));
        Assert.Equal(Last, (await db.Set<WorkTask>().SingleAsync(t => t.Id == done.Id)).FinishBy);
        Assert.Equal(new DateTimeOffset(2026, 10, 8, 16, 0, 0, TimeSpan.Zero), (await db.Set<CaseTimer>().SingleAsync(t => t.Id == timer.Id)).DueAt);
        Assert.Equal(2, await desk.RunAsync(Amber.AddDays(1)));
        Assert.Equal(["amber:2026-10-09", "amber:2026-10-10"], (await desk.RemindersAsync(task.Id)).Select(r => r.Stage).Distinct());

        // Edited back and forth: both last days were told of.
        await changes.ApplyAsync(new WorkCalendar([year]), "back" + desk.County, default);
        Assert.Equal(0, await desk.RunAsync(Amber.AddDays(2)));
        await changes.ApplyAsync(edited, "again" + desk.County, default);
        Assert.Equal(0, await desk.RunAsync(Amber.AddDays(2)));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Two_runners_at_once_and_pages_of_many_tell_everybody_once(string kind)
    {
        var desk = await ReminderDesk.OpenAsync(await databases.GetAsync(kind));
        var @case = desk.NewCase();
        var tasks = Enumerable.Range(0, WatchRound.Batch * 2 + 7).Select(_ => desk.NewTask(@case, Received, holder: desk.Holder.Id)).ToList();
        await desk.StoreAsync([@case, .. tasks]);
        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(() => desk.Watch(Amber).RunAsync(default))));
        // What one runner held, another left out: a last round finds what all of them left.
        await desk.Watch(Amber).RunAsync(default);
        await using var db = desk.Read();
        Assert.Equal(tasks.Count * 2, await db.Set<Reminder>().CountAsync(r => r.CaseId == @case.Id));
        Assert.Equal(tasks.Count * 2, await db.Set<OutboxMessage>().CountAsync(m => m.CaseId == @case.Id));
    }

    /// <summary>The store itself refuses a second one, were every other guard gone; and a letter without its reminder, or the other way, is not there.</summary>
    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_second_reminder_is_refused_by_the_store_and_a_failed_batch_leaves_nothing(string kind)
    {
        var (desk, task) = await TaskAsync(kind, held: true);
        await Assert.ThrowsAsync<TimeoutException>(() => desk.Watch(Amber, new Failing(desk.App.Services.GetRequiredService<IWriter>())).RunAsync(default));
        Assert.Empty(await desk.RemindersAsync(task.Id));
        await using (var db = desk.Read()) Assert.Equal(0, await db.Set<OutboxMessage>().CountAsync(m => m.CaseId == task.CaseId));
        await desk.RunAsync(Amber);
        await Assert.ThrowsAnyAsync<DbUpdateException>(() => desk.StoreAsync(new Reminder { SubjectId = task.Id, Stage = "amber:2026-10-09", RecipientId = desk.Holder.Id }));
    }

    private async Task<(ReminderDesk Desk, WorkTask Task)> TaskAsync(string kind, bool held)
    {
        var desk = await ReminderDesk.OpenAsync(await databases.GetAsync(kind));
        var @case = desk.NewCase();
        var task = desk.NewTask(@case, Received, holder: held ? desk.Holder.Id : null);
        await desk.StoreAsync(@case, task);
        return (desk, task);
    }

    private static YearCalendar Year2026() => CivilAffairs.Web.Platform.Time.Calendars.Load([Path.Combine(AppContext.BaseDirectory, "Data", "calendars")], demoThrough: null).Years.Single(y => y.Year == 2026);

    /// <summary>The power fails before the commit.</summary>
    private sealed class Failing(IWriter inner) : IWriter
    {
        public Task<T> WriteAsync<T>(Func<CivilAffairsDb, CancellationToken, Task<T>> work, CancellationToken cancel = default) => inner.WriteAsync<T>(async (db, token) =>
        {
            await work(db, token);
            await db.SaveChangesAsync(token);
            throw new TimeoutException();
        }, cancel);

        public Task<T> WriteGuardedAsync<T>(Func<CivilAffairsDb, CancellationToken, Task<T>> work, CancellationToken cancel = default) => WriteAsync(work, cancel);
    }
}
