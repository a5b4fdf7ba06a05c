using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Features.Cases;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CivilAffairs.Tests.Features.Cases.Scope;

/// <summary>Person × jurisdiction × action over a generated county against one oracle.</summary>
public sealed class ScopeTests(BothDatabases databases) : IClassFixture<BothDatabases>
{
    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Everybody_sees_what_the_rule_says_in_lists_and_one_by_one(string kind)
    {
        var app = await databases.GetAsync(kind);
        var county = await SmallCounty.StoreAsync(app);
        Assert.Empty(await DifferencesAsync(app, county, (db, who) => db.Set<Case>().VisibleTo(db, who)));
        var oracle = new Oracle(county);
        await using var db = app.Services.GetRequiredService<IReader>().Open();
        var random = new Random(7);
        foreach (var who in county.Everybody)
            foreach (var @case in county.Cases.OrderBy(_ => random.Next()).Take(12))
                Assert.True(oracle.Sees(who, @case) == await CaseScope.SeesAsync(db, who, @case.Id), $"{Say(who)} and a case {@case.Status} in {@case.Village}");
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task The_oracle_notices_a_scope_without_jurisdiction_or_recusal(string kind)
    {
        var app = await databases.GetAsync(kind);
        var county = await SmallCounty.StoreAsync(app);
        Assert.NotEmpty(await DifferencesAsync(app, county, (db, who) => db.Set<Case>().VisibleTo(db, who with { Held = [.. who.Held.Select(h => h with { Division = h.Division[..6] })] })));
        Assert.NotEmpty(await DifferencesAsync(app, county, (db, who) => db.Set<Case>().VisibleTo(db, who with { ActsFor = [] })));
        Assert.NotEmpty(county.Recusals);
        county.Recusals.Clear();
        Assert.NotEmpty(await DifferencesAsync(app, county, (db, who) => db.Set<Case>().VisibleTo(db, who)));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task The_queue_holds_what_one_may_take_and_nothing_else_can_be_claimed(string kind)
    {
        var app = await databases.GetAsync(kind);
        var county = await SmallCounty.StoreAsync(app);
        var (oracle, ids) = (new Oracle(county), county.Tasks.Select(t => t.Id).ToList());
        await using (var db = app.Services.GetRequiredService<IReader>().Open())
            foreach (var who in county.Everybody)
            {
                var queued = await db.Set<WorkTask>().Where(t => ids.Contains(t.Id)).OpenFor(db, who).Select(t => t.Id).ToListAsync();
                Assert.Equal(county.Tasks.Where(t => oracle.MayTake(who, t)).Select(t => t.Id).Order(), queued.Order());
            }

        var commands = app.Services.GetRequiredService<TaskCommands>();
        var random = new Random(11);
        var pairs = county.Officers.SelectMany(who => county.Tasks.Where(t => t.State == TaskState.Open && t.HolderId is null).Select(task => (Who: who, Task: task)))
            // Who holds another task of the case meets the separation of duties, which has tests of its own.
            .Where(p => !county.Tasks.Any(t => t.CaseId == p.Task.CaseId && t.HolderId is not null && p.Who.Handles(t.HolderId))).ToList();
        var may = pairs.Where(p => oracle.MayTake(p.Who, p.Task)).OrderBy(_ => random.Next()).Take(40).ToList();
        var mayNot = pairs.Where(p => !oracle.MayTake(p.Who, p.Task)).OrderBy(p => p.Who.Holds(p.Task.Role, p.Task.Division) ? 0 : 1).ThenBy(_ => random.Next()).Take(80).ToList();
        Assert.NotEmpty(may);
        Assert.Contains(mayNot, p => p.Who.Holds(p.Task.Role, p.Task.Division));
        may.AddRange(pairs.Where(p => oracle.MayTake(p.Who, p.Task) && !p.Who.Holds(p.Task.Role, p.Task.Division)).OrderBy(_ => random.Next()).Take(20).ToList());
        Assert.Contains(may, p => p.Who.ActsFor.Count > 0 && !p.Who.Holds(p.Task.Role, p.Task.Division));
        foreach (var (who, task) in may)
        {
            await commands.ClaimAsync(who, task.Id);
            await commands.ReleaseAsync(who, task.Id);
        }
        foreach (var (who, task) in mayNot)
        {
            var refusal = await Record.ExceptionAsync(() => commands.ClaimAsync(who, task.Id));
            Assert.True(refusal is NotAllowedException or UnknownCaseException, $"{Say(who)} took a task of {task.Role} in {task.Division}: {refusal}");
        }
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task An_attachment_opens_for_those_alone_who_see_its_case(string kind)
    {
        var app = await databases.GetAsync(kind);
        var county = await SmallCounty.StoreAsync(app);
        var (oracle, files, random) = (new Oracle(county), app.Services.GetRequiredService<FileCommands>(), new Random(13));
        foreach (var who in county.Everybody)
            foreach (var file in county.Files.OrderBy(_ => random.Next()).Take(4))
            {
                var sees = oracle.Sees(who, county.Cases.Single(c => c.Id == file.CaseId));
                var refusal = await Record.ExceptionAsync(() => files.ReadAsync(who, file.CaseId, file.Id, "verify", default));
                Assert.True(sees ? refusal is null : refusal is UnknownCaseException, $"{Say(who)}: {refusal?.GetType().Name ?? "opened"}");
            }
    }

    // One query each over all cases of the county.
    private static async Task<List<string>> DifferencesAsync(TestApp app, SmallCounty county, Func<CivilAffairsDb, Viewer, IQueryable<Case>> scope)
    {
        var (oracle, ids) = (new Oracle(county), county.Cases.Select(c => c.Id).ToHashSet());
        var differences = new List<string>();
        await using var db = app.Services.GetRequiredService<IReader>().Open();
        foreach (var who in county.Everybody)
        {
            var seen = (await scope(db, who).Select(c => c.Id).ToListAsync()).Where(ids.Contains).ToList();
            if (seen.Count != seen.Distinct().Count()) differences.Add($"{Say(who)} sees a case twice");
            differences.AddRange(county.Cases.Where(c => oracle.Sees(who, c) != seen.Contains(c.Id)).Select(c => $"{Say(who)}: {c.Status} in {c.Village}"));
        }
        return differences;
    }

    private static string Say(Viewer who) => $"{who.Kind} {string.Join(", ", who.Held.Select(h => $"{h.Role}@{h.Division}"))}";
}
