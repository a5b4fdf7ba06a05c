using System.Text.Json.Nodes;
using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Features.Cases;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Cases.Queue;
using CivilAffairs.Web.Features.Desk.Casefile;
using CivilAffairs.Web.Platform.Audit;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;
using CaseStory = CivilAffairs.Tests.Support.CaseStory;

namespace CivilAffairs.Tests.Features.Desk.Absences;

/// <summary>A deputy sees and does an absent officer's work on the days that were named, in that officer's name, and never what either of them may not.</summary>
public sealed class DeputyTests(BothDatabases databases) : IClassFixture<BothDatabases>
{
    /// <summary>Person × day × action against the rule once more, plainly: a case and its task are a clerk's always, and the deputy's from the second day to the fourth.</summary>
    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Before_during_and_after_each_may_what_the_days_say(string kind)
    {
        var town = await AbsenceTown.OpenAsync(await databases.GetAsync(kind));
        await town.RecordAsync(town.Supervisor, town.Absent, town.Outsider, 2, 4, beyond: true);
        var (midnight, rules) = (new TimeOnly(0, 0), town.Get<TaskRules>());
        (DateTimeOffset At, bool StandsIn)[] instants =
        [
            (AbsenceTown.Noon(0), false), (At(2, midnight).AddSeconds(-1), false), (At(2, midnight), true), (AbsenceTown.Noon(3), true), (At(5, midnight).AddSeconds(-1), true), (At(5, midnight), false), (AbsenceTown.Noon(9), false),
        ];
        foreach (var held in new[] { false, true })
        {
            if (held) await town.Get<TaskCommands>().ClaimAsync(town.Absent, town.TaskId);
            foreach (var (at, standsIn) in instants)
                foreach (var (who, sees, may) in new[]
                {
                    (town.Absent, true, true), (town.Colleague, true, !held), (town.Outsider, standsIn, standsIn), (town.Supervisor, true, false),
                })
                {
                    var viewer = await town.AtAsync(who, at);
                    await using var db = town.Story.Open();
                    var (@case, task) = (await db.Set<Case>().SingleAsync(c => c.Id == town.CaseId), await db.Set<WorkTask>().SingleAsync(t => t.Id == town.TaskId));
                    var said = $"{string.Join(",", who.Held.Select(h => h.Role))} at {at:O}, held {held}";
                    Assert.True(sees == await CaseScope.SeesAsync(db, viewer, town.CaseId), $"sees: {said}");
                    Assert.True(sees == await db.Set<Case>().VisibleTo(db, viewer).AnyAsync(c => c.Id == town.CaseId), $"lists: {said}");
                    Assert.True(may == (await town.Get<QueueQuery>().ReadAsync(viewer, new QueueFilter())).Rows.Any(r => r.TaskId == town.TaskId), $"queue: {said}");
                    Assert.True(may == await rules.RefusalAsync(db, viewer, @case, task) is null, $"may do: {said}");
                }
        }
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task What_a_deputy_takes_and_does_is_the_absent_officer_s_and_is_told_in_both_names(string kind)
    {
        var town = await AbsenceTown.OpenAsync(await databases.GetAsync(kind));
        var tasks = town.Get<TaskCommands>();
        var id = await town.RecordAsync(town.Supervisor, town.Absent, town.Outsider, 0, 4, beyond: true);
        var deputy = await town.AtAsync(town.Outsider, AbsenceTown.Noon(0));
        Assert.Equal(town.Absent.AccountId, Assert.Single(deputy.ActsFor).AccountId);
        await tasks.ClaimAsync(deputy, town.TaskId);
        await using var db = town.Story.Open();
        Assert.Equal(town.Absent.AccountId, (await db.Set<WorkTask>().AsNoTracking().SingleAsync(t => t.Id == town.TaskId)).HolderId);
        Assert.Equal(town.Absent.Name, (await town.Get<QueueQuery>().ReadAsync(deputy, new QueueFilter(Mine: true))).Rows.Single(r => r.TaskId == town.TaskId).For);
        await tasks.ReleaseAsync(deputy, town.TaskId);
        Assert.Equal(town.Absent.Name, (await town.Get<QueueQuery>().ReadAsync(deputy, new QueueFilter(Mine: false))).Rows.Single(r => r.TaskId == town.TaskId).For);
        await tasks.ClaimAsync(deputy, town.TaskId);

        // Ended early: from that moment on nothing of it is the deputy's.
        await town.Commands().EndAsync(town.Absent, id, null);
        var after = await town.AtAsync(town.Outsider, AbsenceTown.Noon(0));
        Assert.Empty(after.ActsFor);
        await Assert.ThrowsAsync<UnknownCaseException>(() => tasks.CompleteAsync(after, town.TaskId, "Accept", new JsonObject { ["relative"] = false }, "late"));
        await town.RecordAsync(town.Supervisor, town.Absent, town.Outsider, 0, 1, beyond: true);
        deputy = await town.AtAsync(town.Outsider, AbsenceTown.Noon(0));

        await tasks.CompleteAsync(deputy, town.TaskId, "Accept", new JsonObject { ["relative"] = false }, "done");
        var done = await db.Set<WorkTask>().AsNoTracking().SingleAsync(t => t.Id == town.TaskId);
        Assert.Equal((deputy.AccountId, deputy.Name, town.Absent.AccountId, town.Absent.Name), (done.ClosedById, done.ClosedBy, done.ClosedForId, done.ClosedFor));
        foreach (var action in new[] { "task.claimed", "task.released", "task.completed" })
            Assert.All(await db.Set<AuditEntry>().Where(a => a.Chain == town.CaseId.ToString() && a.Action == action && a.ActorId == deputy.AccountId).Select(a => a.Details).ToListAsync(),
                d => Assert.Equal(town.Absent.AccountId, (Guid)JsonNode.Parse(d)!["for"]!));
        Assert.Contains((await town.Get<DossierQuery>().ReadAsync(town.Supervisor, town.CaseId))!.Story, l => l.Kind == "task.completed" && l.By == $"{deputy.Name} 代 {town.Absent.Name}");
        // The other one of the same post did nothing in anybody's name.
        Assert.Empty(await db.VerifyAsync(default));
        Assert.DoesNotContain((await town.Get<CaseProof>().RunAsync()).Faults, f => f.StartsWith(town.CaseId.ToString(), StringComparison.Ordinal));
    }

    /// <summary>The opinion must be given by somebody else than who accepted: neither the absent officer nor the deputy may have.</summary>
    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Separation_of_duties_holds_for_both_and_for_what_was_done_in_another_s_name(string kind)
    {
        var town = await AbsenceTown.OpenAsync(await databases.GetAsync(kind), new DateTimeOffset(2026, 2, 13, 8, 0, 0, TimeSpan.Zero));
        await using var db = town.Story.Open();
        var opinion = await db.Set<WorkTask>().SingleAsync(t => t.CaseId == town.CaseId && t.ActivityId == "opinion");
        var accepted = (await db.Set<WorkTask>().SingleAsync(t => t.CaseId == town.CaseId && t.ActivityId == "accept")).ClosedById!.Value;
        var post = new HeldRole("TRV", town.Story.Township);
        var (reviewer, who) = (new ActedFor(Guid.NewGuid(), "甲", [post]), town.Outsider);
        async Task<string?> WhyNotAsync(Viewer viewer, WorkTask task) => (await town.Get<TaskRules>().RefusalAsync(db, viewer, await db.Set<Case>().SingleAsync(c => c.Id == town.CaseId), task))?.Reason;

        Assert.Null(await WhyNotAsync(who with { ActsFor = [reviewer] }, opinion));
        // The absent officer accepted it; the deputy did.
        Assert.Equal("task.actedFor.apart", await WhyNotAsync(who with { ActsFor = [reviewer with { AccountId = accepted }] }, opinion));
        Assert.Equal("task.sameAs", await WhyNotAsync(who with { AccountId = accepted, ActsFor = [reviewer] }, opinion));
        // Of two absent officers, the one who may is stood in for.
        Assert.Null(await WhyNotAsync(who with { ActsFor = [reviewer with { AccountId = accepted }, reviewer] }, opinion));
        foreach (var viewer in new[] { who with { ActsFor = [reviewer with { AccountId = accepted }] }, who with { AccountId = accepted, ActsFor = [reviewer] } })
            Assert.IsType<NotAllowedException>(await Record.ExceptionAsync(() => town.Get<TaskCommands>().ClaimAsync(viewer, opinion.Id)));

        // Recusal: the absent officer's; then the deputy's own, which hides the case.
        await town.Get<IWriter>().WriteAsync((store, _) => Task.FromResult(store.Add(new CaseRecusal { CaseId = town.CaseId, AccountId = reviewer.AccountId, Reason = "relative", OccurredOn = AbsenceTown.Today })));
        Assert.Equal("task.actedFor.recused", await WhyNotAsync(who with { ActsFor = [reviewer] }, opinion));
        Assert.False(await CaseScope.SeesAsync(db, who with { ActsFor = [reviewer] }, town.CaseId));
        var other = reviewer with { AccountId = Guid.NewGuid(), Name = "乙" };
        await town.Get<IWriter>().WriteAsync((store, _) => Task.FromResult(store.Add(new CaseRecusal { CaseId = town.CaseId, AccountId = who.AccountId, Reason = "relative", OccurredOn = AbsenceTown.Today })));
        Assert.False(await CaseScope.SeesAsync(db, who with { ActsFor = [other] }, town.CaseId));
        await Assert.ThrowsAsync<UnknownCaseException>(() => town.Get<TaskCommands>().ClaimAsync(who with { ActsFor = [other] }, opinion.Id));

        // Done by a deputy: both have given the opinion, and neither may confirm.
        var deputy = new Viewer(Guid.NewGuid(), "丙", AccountKind.Officer, []) { ActsFor = [other] };
        var fields = town.Story.Revision.Examples["granted.json"].Answers["opinion"][0].Result!.DeepClone().AsObject();
        fields.Remove("outcome");
        await town.Get<TaskCommands>().CompleteAsync(deputy, opinion.Id, "Support", fields, Guid.NewGuid().ToString());
        var task = await db.Set<WorkTask>().AsNoTracking().SingleAsync(t => t.Id == opinion.Id);
        var confirm = new WorkTask { CaseId = town.CaseId, InstanceId = task.InstanceId, BookmarkId = "c", ActivityId = "confirm", Role = "CAP", Division = "341299", TitleZh = "确认", TitleEn = "Confirm", Outcomes = "[]", FinishLimit = "none", NotSameAs = """["opinion"]""" };
        Viewer Approver(Guid id) => new(id, "丁", AccountKind.Officer, [new HeldRole("CAP", "341299")]);
        Assert.Equal("task.sameAs", await WhyNotAsync(Approver(deputy.AccountId), confirm));
        Assert.Equal("task.sameAs", await WhyNotAsync(Approver(other.AccountId), confirm));
        Assert.Null(await WhyNotAsync(Approver(Guid.NewGuid()), confirm));
    }

    private static DateTimeOffset At(int days, TimeOnly time) => CivilAffairs.Web.Platform.Time.BureauTime.Start(AbsenceTown.Today.AddDays(days), time);
}
