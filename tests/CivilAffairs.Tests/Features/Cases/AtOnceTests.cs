using System.Text.Json.Nodes;
using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Platform.Audit;
using CivilAffairs.Web.Platform.Commands;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Outbox;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using CaseStory = CivilAffairs.Tests.Support.CaseStory;
using Xunit;

namespace CivilAffairs.Tests.Features.Cases;

/// <summary>What keeps those apart who decide at the same moment: the case's row, and the key of a command; on both databases.</summary>
public sealed class AtOnceTests(BothDatabases databases) : IClassFixture<BothDatabases>
{
    private const int Callers = 8;
    private static readonly TimeSpan Long = TimeSpan.FromMilliseconds(700);

    public static TheoryData<string, string> Locks
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var kind in Databases.Kinds)
                foreach (var how in (string[])["task", "timer", "case"]) data.Add(kind, how);
            return data;
        }
    }

    /// <summary>Whether for a decision on a task, a timer, or a command on the case: nothing is read before who came first has ended.</summary>
    [Theory, MemberData(nameof(Locks))]
    public async Task Who_comes_second_waits_for_the_case_and_reads_what_the_first_left(string kind, string how)
    {
        var app = await databases.GetAsync(kind);
        var story = new CaseStory(app);
        var caseId = await story.PlayAsync("granted", story.Revision.Examples["granted.json"].Answers["opinion"][0].At!.Value.AddHours(1));
        await using var db = story.Open();
        var (task, timer) = ((await db.Set<WorkTask>().FirstAsync(t => t.CaseId == caseId && t.ActivityId == "opinion")).Id, (await db.Set<CaseTimer>().FirstAsync(t => t.CaseId == caseId && t.State == TimerState.Waiting)).Id);
        var before = await db.Set<Case>().Where(c => c.Id == caseId).Select(c => c.Version).SingleAsync();
        var writer = app.Services.GetRequiredService<IWriter>();
        var (held, end) = (new TaskCompletionSource(), new TaskCompletionSource());
        var first = writer.WriteAsync(async (w, cancel) =>
        {
            await OpenAsync(w);
            held.SetResult();
            await end.Task;
            await w.Set<Case>().Where(c => c.Id == caseId).ExecuteUpdateAsync(s => s.SetProperty(c => c.Version, before + 7), cancel);
            await w.Set<WorkTask>().Where(t => t.Id == task).ExecuteUpdateAsync(s => s.SetProperty(t => t.Outcome, "first"), cancel);
            return await w.Set<CaseTimer>().Where(t => t.Id == timer).ExecuteUpdateAsync(s => s.SetProperty(t => t.ActivityId, "first"), cancel);
        });
        await held.Task;
        var second = writer.WriteAsync((w, _) => OpenAsync(w));
        await Task.WhenAny(second, Task.Delay(Long));
        Assert.False(second.IsCompleted, "The second read the case while the first was deciding on it.");
        end.SetResult();
        Assert.Equal(1, await first);
        Assert.Equal((before + 7, how == "case" ? "" : "first"), await second);

        async Task<(long Version, string Left)> OpenAsync(CivilAffairsDb w)
        {
            var context = new CommandContext(w, Viewer.System, DateTimeOffset.UtcNow);
            if (how == "case") return ((await CaseLoader.LockAsync(w, caseId)).Version, "");
            if (how == "timer") return await OpenedTimer.ReadAsync(context, timer) is var t ? (t.Case.Version, t.Timer.ActivityId) : default;
            return await OpenedTask.ReadAsync(context, task) is var o ? (o.Case.Version, o.Task.Outcome ?? "") : default;
        }
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Two_seats_decided_at_the_same_moment_are_both_kept_and_the_case_goes_on_once(string kind)
    {
        var app = await databases.GetAsync(kind);
        for (var round = 0; round < 4; round++)
        {
            var story = new CaseStory(app);
            var visits = story.Revision.Examples["granted.json"].Answers["visit"];
            var caseId = await story.PlayAsync("granted", visits[0].At!.Value.AddMinutes(-1));
            await using var db = story.Open();
            var tasks = app.Services.GetRequiredService<TaskCommands>();
            // All that the opinion waits for beside the two seats.
            foreach (var other in await db.Set<WorkTask>().AsNoTracking().Where(t => t.CaseId == caseId && t.State == TaskState.Open && t.ActivityId != "visit").ToListAsync())
            {
                var answer = story.Revision.Examples["granted.json"].Answers[other.ActivityId][0];
                await tasks.CompleteAsync(CaseStory.Officer(answer.By!, other.Role, other.Division), other.Id, (string)answer.Result!["outcome"]!, Fields(answer), $"other-{other.Id}");
            }
            var version = await db.Set<Case>().Where(c => c.Id == caseId).Select(c => c.Version).SingleAsync();
            var seats = await db.Set<WorkTask>().AsNoTracking().Where(t => t.CaseId == caseId && t.ActivityId == "visit").OrderBy(t => t.Seat).ToListAsync();
            Assert.Equal(2, seats.Count);
            var done = await Task.WhenAll(seats.Select((seat, i) => Task.Run(() => tasks.CompleteAsync(CaseStory.Officer($"inv-{i + 1}", seat.Role, seat.Division), seat.Id, "Done", Fields(visits[i]), $"visit-{seat.Id}"))));
            Assert.Equal([version + 1, version + 2], done.Select(d => d.Version).Order());
            Assert.All(await db.Set<WorkTask>().AsNoTracking().Where(t => t.CaseId == caseId && t.ActivityId == "visit").ToListAsync(), t => Assert.Equal(TaskState.Done, t.State));
            // Who closed the second seat found the first one closed: what comes after both was opened, and once.
            Assert.Equal(1, await db.Set<WorkTask>().CountAsync(t => t.CaseId == caseId && t.ActivityId == "opinion"));
            var lines = await db.Set<AuditEntry>().Where(a => a.Chain == caseId.ToString()).OrderBy(a => a.Sequence).ToListAsync();
            Assert.Equal(Enumerable.Range(1, lines.Count), lines.Select(l => l.Sequence));
            Assert.Equal(2, lines.Count(l => l.Action == "task.completed" && seats.Exists(s => l.Details.Contains(s.Id.ToString(), StringComparison.Ordinal))));
        }
        await using var all = app.Services.GetRequiredService<IReader>().Open();
        Assert.Empty(await all.VerifyAsync(default));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Equal_decisions_at_once_are_one_and_each_is_told_the_same(string kind)
    {
        var (app, story, caseId, task) = await AcceptAsync(kind);
        var tasks = app.Services.GetRequiredService<TaskCommands>();
        var clerk = CaseStory.Officer("tck-1", Roles.Clerk, story.Township);
        var told = await Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => Task.Run(() => tasks.CompleteAsync(clerk, task, "Accept", new JsonObject { ["relative"] = false }, "equal" + task))));
        Assert.Single(told.Distinct());
        await OnceAsync(story, caseId, task, "equal" + task);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Of_two_bodies_under_one_key_at_once_one_is_done_and_the_other_refused(string kind)
    {
        var (app, story, caseId, task) = await AcceptAsync(kind);
        var tasks = app.Services.GetRequiredService<TaskCommands>();
        var clerk = CaseStory.Officer("tck-1", Roles.Clerk, story.Township);
        var told = await Task.WhenAll(Enumerable.Range(0, Callers).Select(i => Task.Run(async () =>
        {
            var relative = i % 2 == 1;
            var fields = new JsonObject { ["relative"] = relative };
            try
            {
                return (relative, Result: (TaskResult?)await tasks.CompleteAsync(clerk, task, "Accept", fields, "other" + task), Reused: false);
            }
            catch (KeyReusedException)
            {
                return (relative, Result: (TaskResult?)null, Reused: true);
            }
        })));
        var done = told.Where(t => !t.Reused).ToList();
        Assert.Equal(Callers / 2, done.Count);
        Assert.Single(done.Select(d => (d.relative, d.Result)).Distinct());
        await OnceAsync(story, caseId, task, "other" + task);
    }

    /// <summary>Commands that lock nothing have their key alone.</summary>
    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task What_locks_nothing_is_done_once_by_its_key(string kind)
    {
        var app = await databases.GetAsync(kind);
        var runner = app.Services.GetRequiredService<CommandRunner>();
        foreach (var guarded in new[] { false, true })
        {
            var (actor, tag) = (new Viewer(Guid.NewGuid(), "someone", AccountKind.Officer, []), $"once-{Guid.NewGuid():N}@civilaffairs.invalid");
            async Task<string> RunAsync(string body)
            {
                Task<string> Work(CommandContext context)
                {
                    context.Db.Add(new OutboxMessage { Address = tag, Subject = body, Body = body, MessageId = $"{Guid.NewGuid():N}@civilaffairs.invalid", CreatedAt = context.Now, DueAt = context.Now.AddYears(1) });
                    return Task.FromResult(body);
                }
                try
                {
                    return await (guarded ? runner.RunGuardedAsync(actor, "k", "test", body, Work) : runner.RunAsync(actor, "k", "test", body, Work));
                }
                catch (KeyReusedException)
                {
                    return "reused";
                }
            }
            var told = await Task.WhenAll(Enumerable.Range(0, 2 * Callers).Select(i => Task.Run(() => RunAsync(i % 2 == 0 ? "a" : "b"))));
            await using var db = app.Services.GetRequiredService<IReader>().Open();
            var kept = Assert.Single(await db.Set<OutboxMessage>().Where(m => m.Address == tag).ToListAsync());
            Assert.Equal((Callers, Callers), (told.Count(t => t == kept.Subject), told.Count(t => t == "reused")));
        }
    }

    private static async Task OnceAsync(CaseStory story, Guid caseId, Guid task, string key)
    {
        await using var db = story.Open();
        Assert.Equal((1, 1, 1), (await db.Set<CommandRecord>().CountAsync(c => c.Key == key), await db.Set<AuditEntry>().CountAsync(a => a.Chain == caseId.ToString() && a.Action == "task.completed" && a.Details.Contains(task.ToString())),
            await db.Set<IssuedDocument>().CountAsync(d => d.CaseId == caseId)));
    }

    /// <summary>A case that waits to be accepted.</summary>
    private async Task<(TestApp App, CaseStory Story, Guid CaseId, Guid Task)> AcceptAsync(string kind)
    {
        var app = await databases.GetAsync(kind);
        var story = new CaseStory(app);
        var (caseId, task) = await story.WaitingAsync();
        return (app, story, caseId, task);
    }

    private static JsonObject Fields(Web.Features.Matters.ExampleAnswer answer)
    {
        var fields = answer.Result!.DeepClone().AsObject();
        fields.Remove("outcome");
        return fields;
    }
}
