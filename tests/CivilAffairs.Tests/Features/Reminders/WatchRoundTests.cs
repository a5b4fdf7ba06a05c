using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Jobs;
using CivilAffairs.Web.Features.Reminders;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Jobs;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CivilAffairs.Tests.Features.Reminders;

/// <summary>One row that is wrong takes neither its batch nor the pages after it with it, and those who look after the product read of it.</summary>
public sealed class WatchRoundTests
{
    private static readonly DateOnly Received = new(2026, 9, 18), Amber = new(2026, 9, 30);

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Of_a_batch_with_a_faulty_row_the_others_go_on_and_the_fault_is_on_the_page(string kind)
    {
        await using var app = await Databases.StartAsync(kind);
        var desk = await ReminderDesk.OpenAsync(app);
        var @case = desk.NewCase();
        var tasks = Enumerable.Range(0, WatchRound.Batch + 5).Select(_ => desk.NewTask(@case, Received, holder: desk.Holder.Id)).OrderBy(t => t.Id).ToList();
        await desk.StoreAsync([@case, .. tasks]);
        var wrong = tasks[3].Id;
        await RefuseAsync(desk, wrong);

        var job = new DeadlineJob(desk.Watch(Amber), app.Services.GetRequiredService<SupervisionWatch>());
        var runner = ActivatorUtilities.CreateInstance<JobRunner>(app.Services, (IEnumerable<IJob>)[job]);
        await runner.NowAsync(job.Id, default);
        await using var db = desk.Read();
        // Holder and supervisor of each; the faulty one is due still.
        Assert.Equal(2 * (tasks.Count - 1), await db.Set<Reminder>().CountAsync());
        Assert.Equal([wrong], await db.Set<WorkTask>().Where(t => t.WatchOn <= Amber).Select(t => t.Id).ToListAsync());
        Assert.Equal("database", Web.Features.Jobs.Board.JobBoard.KindOf((await db.Set<JobRun>().SingleAsync(r => r.Id == job.Id)).LastError!));
        using (var admin = await SignedIn.AsAsync(app, (await TestAccounts.OfficerAsync(app, null, new HeldRole(Roles.Administrator, "341299"))).UserName!))
        using (var page = await admin.PageAsync("/jobs"))
            Assert.NotNull(page.QuerySelector(".note.amber"));

        // Put right, the next run does just that one.
        await AllowAsync(desk);
        await runner.NowAsync(job.Id, default);
        Assert.Equal(2 * tasks.Count, await db.Set<Reminder>().CountAsync());
        Assert.Null((await db.Set<JobRun>().SingleAsync(r => r.Id == job.Id)).LastError);
    }

    /// <summary>A database that is away is no row's fault: nothing is tried row by row.</summary>
    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_database_that_is_away_ends_the_run_at_once(string kind)
    {
        await using var app = await Databases.StartAsync(kind);
        var desk = await ReminderDesk.OpenAsync(app);
        var @case = desk.NewCase();
        await desk.StoreAsync([@case, .. Enumerable.Range(0, 5).Select(_ => desk.NewTask(@case, Received, holder: desk.Holder.Id))]);
        var away = new CutOff(app.Services.GetRequiredService<IWriter>(), after: 0);
        await Assert.ThrowsAsync<TimeoutException>(() => desk.Watch(Amber, away).RunAsync(default));
        Assert.Equal(1, away.Begun);
    }

    /// <summary>A rule of the database that one row breaks.</summary>
    private static async Task RefuseAsync(ReminderDesk desk, Guid subject)
    {
        await using var db = desk.Read();
        var id = subject.ToString();
        await db.Database.ExecuteSqlRawAsync(db.LocksRows
            ? $"ALTER TABLE reminders ADD CONSTRAINT refused CHECK (\"SubjectId\" <> '{id}')"
            : $"CREATE TRIGGER refused BEFORE INSERT ON reminders WHEN lower(NEW.\"SubjectId\") = '{id}' BEGIN SELECT RAISE(ABORT, 'refused'); END");
    }

    private static async Task AllowAsync(ReminderDesk desk)
    {
        await using var db = desk.Read();
        await db.Database.ExecuteSqlRawAsync(db.LocksRows ? "ALTER TABLE reminders DROP CONSTRAINT refused" : "DROP TRIGGER refused");
    }
}
