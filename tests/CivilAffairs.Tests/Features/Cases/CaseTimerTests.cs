using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Features.Cases;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Jobs.Board;
using CivilAffairs.Web.Platform.Audit;
using CivilAffairs.Web.Platform.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using CaseStory = CivilAffairs.Tests.Support.CaseStory;

namespace CivilAffairs.Tests.Features.Cases;

/// <summary>Many timers due at once are fired page by page, each once, and one whose case cannot go on holds up nothing.</summary>
public sealed class CaseTimerTests
{
    private const int Cases = 7, Page = 2;

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task More_than_a_page_due_in_one_instant_fires_whole_and_what_is_broken_waits(string kind)
    {
        await using var app = await Databases.StartAsync(kind);
        // Each with its notice up; its last day has long gone.
        for (var i = 0; i < Cases; i++) await new CaseStory(app).PlayAsync("granted", new DateTimeOffset(2026, 2, 25, 0, 0, 0, TimeSpan.Zero));
        await using var db = app.Services.GetRequiredService<IReader>().Open();
        var at = await db.Set<CaseTimer>().Where(t => t.State == TimerState.Waiting).MinAsync(t => t.DueAt);
        await db.Set<CaseTimer>().Where(t => t.State == TimerState.Waiting).ExecuteUpdateAsync(s => s.SetProperty(t => t.DueAt, at));
        var timers = await db.Set<CaseTimer>().Where(t => t.State == TimerState.Waiting).OrderBy(t => t.Id).ToListAsync();
        Assert.Equal(Cases, timers.Count);
        // A whole page of those that come first: what follows is reached only by the second key of the order, since all are due
        // in one instant. Were the page begun anew, or after the instant, no other would ever come.
        var broken = timers.Take(Page).ToList();
        var (ids, instances) = (broken.ConvertAll(t => t.Id), broken.ConvertAll(t => t.InstanceId));
        var states = await db.Set<WorkflowInstance>().Where(i => instances.Contains(i.Id)).ToDictionaryAsync(i => i.Id, i => i.State);
        await db.Set<WorkflowInstance>().Where(i => instances.Contains(i.Id)).ExecuteUpdateAsync(s => s.SetProperty(i => i.State, "{"));

        var job = app.Services.GetRequiredService<CaseTimers>();
        Assert.Equal(Cases - Page, await job.FireDueAsync(Page, default));
        Assert.Equal(0, await job.FireDueAsync(Page, default));
        Assert.Equal(ids, await db.Set<CaseTimer>().Where(t => t.State == TimerState.Waiting && t.DueAt <= at).OrderBy(t => t.Id).Select(t => t.Id).ToListAsync());

        // Those who look after the product read that it needs them.
        var line = (await app.Services.GetRequiredService<JobBoard>().ReadAsync()).Single(l => l.Id == "case-timers");
        Assert.Equal((Page, Page), (line.Waiting, line.Stuck));

        // Put right, they fire as the others did; several at once, and none twice.
        foreach (var (id, state) in states) await db.Set<WorkflowInstance>().Where(i => i.Id == id).ExecuteUpdateAsync(s => s.SetProperty(i => i.State, state));
        var again = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(() => job.FireDueAsync(Page, default))));
        Assert.Equal(Page, again.Sum());
        Assert.Equal(0, (await app.Services.GetRequiredService<JobBoard>().ReadAsync()).Single(l => l.Id == "case-timers").Stuck);
        var told = await db.Set<AuditEntry>().Where(a => a.Action == "timer.fired").Select(a => a.Details).ToListAsync();
        Assert.All(timers, t => Assert.Single(told, d => d.Contains(t.Id.ToString(), StringComparison.Ordinal)));
        Assert.Empty((await app.Services.GetRequiredService<CaseProof>().RunAsync()).Faults);
    }
}
