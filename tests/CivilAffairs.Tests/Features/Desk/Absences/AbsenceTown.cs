using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Features.Desk.Absences;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Demo;
using CivilAffairs.Web.Platform.Commands;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Outbox;
using CivilAffairs.Web.Platform.Security;
using CivilAffairs.Web.Platform.Time;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using CaseStory = CivilAffairs.Tests.Support.CaseStory;

namespace CivilAffairs.Tests.Features.Desk.Absences;

/// <summary>A township with a case that waits to be accepted, its clerk who goes away, a colleague, a supervisor and an outsider.</summary>
internal sealed class AbsenceTown
{
    private AbsenceTown(TestApp app, CaseStory story, Guid caseId, Guid taskId) => (App, Story, CaseId, TaskId) = (app, story, caseId, taskId);

    public TestApp App { get; }
    public CaseStory Story { get; }
    public Guid CaseId { get; }
    public Guid TaskId { get; }
    public Viewer Absent { get; private set; } = null!;
    public Viewer Colleague { get; private set; } = null!;
    public Viewer Outsider { get; private set; } = null!;
    public Viewer Supervisor { get; private set; } = null!;
    public static DateOnly Today => BureauTime.Day(DateTimeOffset.UtcNow);

    public static async Task<AbsenceTown> OpenAsync(TestApp app, DateTimeOffset? until = null)
    {
        var story = new CaseStory(app);
        var caseId = await story.PlayAsync("granted", until ?? (await story.PrepareAsync("granted")).At);
        await using var db = story.Open();
        var task = await db.Set<WorkTask>().Where(t => t.CaseId == caseId && t.State == TaskState.Open).Select(t => t.Id).FirstAsync();
        var town = new AbsenceTown(app, story, caseId, task);
        town.Absent = await town.OfficerAsync(new HeldRole("TCK", story.Township));
        town.Colleague = await town.OfficerAsync(new HeldRole("TCK", story.Township));
        town.Outsider = await town.OfficerAsync(new HeldRole("SOC", "341299"));
        town.Supervisor = await town.OfficerAsync(new HeldRole("SUP", story.Township));
        return town;
    }

    public async Task<Viewer> OfficerAsync(params HeldRole[] held)
    {
        var account = await TestAccounts.OfficerAsync(App, null, held);
        return new Viewer(account.Id, account.DisplayName, AccountKind.Officer, held);
    }

    /// <summary>Records as on a day, at nine.</summary>
    public Task<Guid> RecordAsync(Viewer actor, Viewer absent, Viewer deputy, int from, int to, bool beyond = false, string? key = null) =>
        Commands().RecordAsync(actor, new NewAbsence(deputy.AccountId, Today.AddDays(from), Today.AddDays(to), absent.AccountId, beyond), key ?? Guid.NewGuid().ToString());

    public AbsenceCommands Commands(TimeProvider? clock = null) => new(new CommandRunner(Get<IWriter>(), clock ?? TimeProvider.System));

    /// <summary>Who an account is at an instant, as a page asks.</summary>
    public async Task<Viewer> AtAsync(Viewer who, DateTimeOffset at) => (await new ViewerSource(Get<IReader>(), new StoryClock(at)).FindAsync(who.AccountId))!;

    /// <summary>Noon in the bureau, so many days from today.</summary>
    public static DateTimeOffset Noon(int days) => BureauTime.Start(Today.AddDays(days), new TimeOnly(12, 0));

    public async Task<List<OutboxMessage>> LettersAsync(Viewer reader)
    {
        await using var db = Story.Open();
        return await db.Set<OutboxMessage>().Where(m => m.AccountId == reader.AccountId).OrderBy(m => m.Id).ToListAsync();
    }

    public T Get<T>() where T : notnull => App.Services.GetRequiredService<T>();
}
