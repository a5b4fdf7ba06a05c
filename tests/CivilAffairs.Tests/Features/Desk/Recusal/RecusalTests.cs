using System.Text.Json.Nodes;
using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Features.Cases;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Cases.Queue;
using CivilAffairs.Web.Features.Desk.Casefile;
using CivilAffairs.Web.Features.Desk.Recusal;
using CivilAffairs.Web.Platform.Audit;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Outbox;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using CaseStory = CivilAffairs.Tests.Support.CaseStory;

namespace CivilAffairs.Tests.Features.Desk.Recusal;

/// <summary>Who keeps off a case is refused everywhere; the task goes on with somebody else, and a supervisor hears where nobody is left.</summary>
public sealed class RecusalTests(BothDatabases databases) : IClassFixture<BothDatabases>
{
    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Who_declares_a_recusal_loses_the_case_and_its_tasks(string kind)
    {
        var (app, story, caseId, task) = await AcceptAsync(kind);
        var (first, second) = (await ClerkAsync(app, story), await ClerkAsync(app, story));
        await Get<TaskCommands>(app).ClaimAsync(first, task);
        await Get<RecusalCommands>(app).DeclareAsync(first, caseId, "relative", "once");
        await Get<RecusalCommands>(app).DeclareAsync(first, caseId, "relative", "once");

        await using var db = story.Open();
        Assert.Null((await db.Set<WorkTask>().SingleAsync(t => t.Id == task)).HolderId);
        Assert.Equal(1, await db.Set<AuditEntry>().CountAsync(a => a.Chain == caseId.ToString() && a.Action == "recusal.declared" && a.ActorId == first.AccountId));
        // The page, the queue, the claim, the closing: refused alike.
        Assert.Null(await Get<DossierQuery>(app).ReadAsync(first, caseId));
        Assert.DoesNotContain((await Get<QueueQuery>(app).ReadAsync(first, new QueueFilter())).Rows, r => r.CaseId == caseId);
        await Assert.ThrowsAsync<UnknownCaseException>(() => Get<TaskCommands>(app).ClaimAsync(first, task));
        await Assert.ThrowsAsync<UnknownCaseException>(() => Get<TaskCommands>(app).CompleteAsync(first, task, "Accept", new JsonObject { ["relative"] = false }, "a"));
        Assert.Equal("task.recused", (await Get<TaskRules>(app).RefusalAsync(db, first, await db.Set<Case>().SingleAsync(c => c.Id == caseId), await db.Set<WorkTask>().SingleAsync(t => t.Id == task)))!.Reason);
        // A colleague is left: nobody is alarmed, and the colleague takes it.
        Assert.Null((await db.Set<WorkTask>().AsNoTracking().SingleAsync(t => t.Id == task)).StrandedAt);
        await Get<TaskCommands>(app).ClaimAsync(second, task);
        Assert.Contains((await Get<DossierQuery>(app).ReadAsync(second, caseId))!.Recusals, r => r is { Reason: "relative", Ordered: false });
        Assert.Empty(await db.VerifyAsync(default));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Where_nobody_is_left_the_supervisor_is_told_and_gives_the_task_to_another(string kind)
    {
        var (app, story, caseId, task) = await AcceptAsync(kind);
        var (commands, clerk) = (Get<RecusalCommands>(app), await ClerkAsync(app, story));
        var supervisor = await ViewerAsync(app, new HeldRole(Roles.Supervisor, story.Township));
        await Get<TaskCommands>(app).ClaimAsync(clerk, task);
        await commands.OrderAsync(supervisor, caseId, clerk.AccountId, "interest", "order");

        await using var db = story.Open();
        Assert.NotNull((await db.Set<WorkTask>().AsNoTracking().SingleAsync(t => t.Id == task)).StrandedAt);
        var letter = Assert.Single(await db.Set<OutboxMessage>().Where(m => m.CaseId == caseId && m.AccountId == supervisor.AccountId).ToListAsync());
        Assert.Contains("无人可办", letter.Subject, StringComparison.Ordinal);
        Assert.Contains((await Get<StrandedQuery>(app).ReadAsync(supervisor, 1)).Rows, r => r.TaskId == task);
        // Not the recused one, nor somebody of another office.
        foreach (var (wrong, why) in new[] { (clerk, "recused"), (await ViewerAsync(app, new HeldRole(Roles.Clerk, "341299999")), "notYourRole"), (await ViewerAsync(app, new HeldRole(Roles.TownshipReviewer, story.Township)), "notYourRole") })
            Assert.Equal($"reassign.{why}", (await Assert.ThrowsAsync<NotAllowedException>(() => commands.ReassignAsync(supervisor, task, wrong.AccountId, "recusal", Guid.NewGuid().ToString()))).Reason);
        // Posted meanwhile: now there is somebody.
        var posted = await ClerkAsync(app, story);
        Assert.Equal(posted.AccountId, Assert.Single(await commands.CandidatesAsync(supervisor, task, Today)).Id);
        await commands.ReassignAsync(supervisor, task, posted.AccountId, "recusal", "give");
        await commands.ReassignAsync(supervisor, task, posted.AccountId, "recusal", "give");
        Assert.Equal(posted.AccountId, (await db.Set<WorkTask>().AsNoTracking().SingleAsync(t => t.Id == task)).HolderId);
        var line = await db.Set<AuditEntry>().SingleAsync(a => a.Chain == caseId.ToString() && a.Action == "task.reassigned");
        Assert.Equal(supervisor.AccountId, line.ActorId);
        Assert.Contains("recusal", line.Details, StringComparison.Ordinal);
        Assert.DoesNotContain((await Get<StrandedQuery>(app).ReadAsync(supervisor, 1)).Rows, r => r.TaskId == task);
        Assert.Contains((await Get<DossierQuery>(app).ReadAsync(supervisor, caseId))!.Story, l => l.Kind == "task.reassigned" && l.About == posted.Name);
    }

    /// <summary>The list of the page says of each task what the command would say.</summary>
    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_stranded_task_is_offered_to_those_alone_who_may_take_it(string kind)
    {
        var (app, story, caseId, task) = await AcceptAsync(kind);
        var (commands, kept) = (Get<RecusalCommands>(app), await ClerkAsync(app, story));
        var supervisor = await ViewerAsync(app, new HeldRole(Roles.Supervisor, story.Township));
        await commands.DeclareAsync(kept, caseId, "relative", "kept");
        Task<StrandedView> Read() => Get<StrandedQuery>(app).ReadAsync(supervisor, 1);
        // Stranded, and the one who holds the post keeps off the case: nobody.
        Assert.Empty(Assert.Single((await Read()).Rows).Takers);
        // Did another seat's role of the same case: the matter keeps the two apart.
        var both = await ViewerAsync(app, new HeldRole(Roles.Clerk, story.Township), new HeldRole(Roles.TownshipReviewer, story.Township));
        await Get<IWriter>(app).WriteAsync(async (db, cancel) =>
        {
            var opened = await db.Set<WorkTask>().AsNoTracking().SingleAsync(t => t.Id == task, cancel);
            return db.Add(new WorkTask
            {
                CaseId = caseId, InstanceId = opened.InstanceId, BookmarkId = "made-up", ActivityId = "opinion", Role = Roles.TownshipReviewer, Division = story.Township, TitleZh = "意见", TitleEn = "Opinion", Outcomes = "[]", NotSameAs = "[]", FinishLimit = "1wd",
                State = TaskState.Done, ClosedById = both.AccountId, ClosedBy = both.Name, ClosedAt = opened.CreatedAt, CreatedAt = opened.CreatedAt, OpenedOn = opened.OpenedOn, OccurredOn = opened.OpenedOn,
            });
        });
        var (free, elsewhere, gone) = (await ClerkAsync(app, story), await ViewerAsync(app, new HeldRole(Roles.Clerk, "341299999")), await ClerkAsync(app, story));
        await Get<IWriter>(app).WriteAsync((db, cancel) => db.Users.Where(a => a.Id == gone.AccountId).ExecuteUpdateAsync(s => s.SetProperty(a => a.Disabled, true), cancel));
        var offered = Assert.Single((await Read()).Rows).Takers.Select(t => t.Id).ToList();
        foreach (var officer in new[] { kept, both, free, elsewhere, gone })
        {
            var refused = await Record.ExceptionAsync(() => commands.ReassignAsync(supervisor, task, officer.AccountId, "recusal", Guid.NewGuid().ToString("N")));
            Assert.True(refused is null == offered.Contains(officer.AccountId), $"{officer.Held[0]}: offered {offered.Contains(officer.AccountId)}, the command says {refused?.Message ?? "yes"}");
        }
        Assert.Equal([free.AccountId], offered);
        Assert.Empty((await Read()).Rows);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_task_opened_after_the_recusal_is_found_too_and_told_of_once(string kind)
    {
        var (app, story, caseId, task) = await AcceptAsync(kind);
        var supervisor = await ViewerAsync(app, new HeldRole(Roles.Supervisor, "341299"));
        var (clerk, village) = (await ClerkAsync(app, story), await ViewerAsync(app, new HeldRole(Roles.VillageWorker, story.Village), new HeldRole(Roles.TownshipReviewer, story.Township)));
        var commands = Get<RecusalCommands>(app);
        await commands.DeclareAsync(village, caseId, "relative", "village");
        await Get<TaskCommands>(app).CompleteAsync(clerk, task, "Accept", new JsonObject { ["relative"] = false }, "accept");
        Assert.True(await commands.FindStrandedAsync(100, default) > 0);
        Assert.Equal(0, await commands.FindStrandedAsync(100, default));
        await using var db = story.Open();
        var stranded = await db.Set<WorkTask>().Where(t => t.CaseId == caseId && t.StrandedAt != null).Select(t => t.Id).ToListAsync();
        Assert.NotEmpty(stranded);
        Assert.Equal(stranded.Count, await db.Set<OutboxMessage>().CountAsync(m => m.CaseId == caseId && m.AccountId == supervisor.AccountId));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Only_a_supervisor_of_the_place_orders_and_reassigns(string kind)
    {
        var (app, story, caseId, task) = await AcceptAsync(kind);
        var (commands, clerk, other) = (Get<RecusalCommands>(app), await ClerkAsync(app, story), await ClerkAsync(app, story));
        await Get<TaskCommands>(app).ClaimAsync(clerk, task);
        foreach (var role in Roles.All)
            foreach (var division in new[] { "341299", story.Township, story.Village, "341299999" })
            {
                var who = new Viewer(Guid.NewGuid(), "干部", AccountKind.Officer, [new HeldRole(role, division)]);
                // The rule once more, plainly: a supervisor, and the case's place lies in theirs.
                var may = role == "SUP" && story.Village.StartsWith(division, StringComparison.Ordinal);
                var given = await Record.ExceptionAsync(() => commands.ReassignAsync(who, task, other.AccountId, "absence", Guid.NewGuid().ToString()));
                Assert.True(may ? given is null : given is NotAllowedException or UnknownCaseException, $"{role}@{division} reassigns: {given}");
                if (!may) Assert.True(await Record.ExceptionAsync(() => commands.OrderAsync(who, caseId, other.AccountId, "other", Guid.NewGuid().ToString())) is NotAllowedException or UnknownCaseException, $"{role}@{division} orders");
                if (!may) Assert.Empty((await Get<StrandedQuery>(app).ReadAsync(who, 1)).Rows);
            }
        await using var db = story.Open();
        Assert.Equal(other.AccountId, (await db.Set<WorkTask>().SingleAsync(t => t.Id == task)).HolderId);
        Assert.Empty(await db.Set<CaseRecusal>().Where(r => r.CaseId == caseId).ToListAsync());
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => commands.DeclareAsync(clerk, caseId, "because", "x"));
    }

    private static DateOnly Today => CivilAffairs.Web.Platform.Time.BureauTime.Day(DateTimeOffset.UtcNow);

    /// <summary>A case that waits to be accepted, in an office with nobody in it yet.</summary>
    private async Task<(TestApp App, CaseStory Story, Guid CaseId, Guid Task)> AcceptAsync(string kind)
    {
        var app = await databases.GetAsync(kind);
        var story = new CaseStory(app);
        var (caseId, task) = await story.WaitingAsync();
        return (app, story, caseId, task);
    }

    private static Task<Viewer> ClerkAsync(TestApp app, CaseStory story) => ViewerAsync(app, new HeldRole(Roles.Clerk, story.Township));

    private static async Task<Viewer> ViewerAsync(TestApp app, params HeldRole[] held)
    {
        var account = await TestAccounts.OfficerAsync(app, null, held);
        return new Viewer(account.Id, account.DisplayName, AccountKind.Officer, held);
    }

    private static T Get<T>(TestApp app) where T : notnull => app.Services.GetRequiredService<T>();
}
