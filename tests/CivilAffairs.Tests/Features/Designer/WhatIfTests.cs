using System.Text.Json.Nodes;
using CivilAffairs.Engine.Port;
using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Designer.Drafts;
using CivilAffairs.Web.Features.Designer.WhatIf;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Calendars = CivilAffairs.Web.Platform.Time.Calendars;

namespace CivilAffairs.Tests.Features.Designer;

/// <summary>Ended cases held against revisions, on both databases; cases are never written to.</summary>
public sealed class WhatIfTests
{
    private static readonly Viewer Manager = new(Guid.NewGuid(), "策划", AccountKind.Officer, [new HeldRole(Roles.Manager, "341299")]);
    private static readonly string[] Stories = ["granted", "corrected", "notice-objected", "withdrawn", "not-accepted", "sample-drawn"];

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Cases_go_the_same_way_under_their_own_revision_and_each_change_is_told(string kind)
    {
        await using var app = await Databases.StartAsync(kind, new StoppedClock(new DateTimeOffset(2026, 9, 1, 1, 0, 0, TimeSpan.Zero)));
        _ = app.Server;
        var cases = new Dictionary<string, Guid>();
        foreach (var story in Stories) cases[story] = await new CaseStory(app).PlayAsync(story);
        var before = await VersionsAsync(app);

        // Under its own revision no case differs, but that nobody of the county is posted.
        var runs = app.Services.GetRequiredService<WhatIfRuns>();
        var told = new List<WhatIfProgress>();
        var report = await runs.RunAsync(Manager, "rural-dibao", null, 200, new Told(told.Add));
        Assert.Equal((Stories.Length, Stories.Length), (report.Compared, report.Same));
        Assert.Equal([DifferenceKinds.Vacant], report.Groups.Select(g => g.Kind).Distinct());
        Assert.Contains(report.Groups, g => g is { Activity: "confirm", After: "CAP 341299" });
        Assert.All(report.Groups.SelectMany(g => g.Cases), c => Assert.Null(c.Id));
        Assert.Equal(new WhatIfProgress(Stories.Length, Stories.Length), told[^1]);

        // Each change of the definition, alone.
        Assert.Contains((await ChangedAsync(app, "CCK", "CAP", "countyReview", "role")).Where(d => d.Case == cases["granted"]), d => d.Of is { Kind: DifferenceKinds.Role, Activity: "countyReview", Before: "CCK county", After: "CAP county" });
        Assert.Contains((await ChangedAsync(app, "getParameter('dibao.limit.opinion')", "'99d'", "opinion", "finishWithin")).Where(d => d.Case == cases["granted"]), d => d.Of is { Kind: DifferenceKinds.Deadline, Activity: "opinion", After: "99d" });
        var outcome = await ChangedAsync(app, "\"NotAccept\"", "\"Turned\"", "accept", "outcomes");
        Assert.Contains(outcome.Where(d => d.Case == cases["not-accepted"]), d => d.Of is { Kind: DifferenceKinds.Refused, Activity: "accept", Before: "NotAccept" });
        Assert.Contains(outcome.Where(d => d.Case == cases["granted"]), d => d.Of is { Kind: DifferenceKinds.Outcomes, Activity: "accept", After: "Turned" });
        Assert.Contains(await ChangedAsync(app, "getParameter('dibao.limit.opinion')", "getFact('nothing')", "opinion", "finishWithin"), d => d.Of is { Kind: DifferenceKinds.MissingFact, Activity: "opinion" });
        Assert.Contains(await ChangedAsync(app, "getParameter('dibao.limit.opinion')", "noSuchThing()", "opinion", "finishWithin"), d => d.Of is { Kind: DifferenceKinds.Fault, Activity: "opinion" });
        // A case that never came there is not touched by it.
        Assert.DoesNotContain(await ChangedAsync(app, "getParameter('dibao.limit.opinion')", "noSuchThing()", "opinion", "finishWithin"), d => d.Case == cases["not-accepted"]);
        Assert.Equal(before, await VersionsAsync(app));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_draft_is_compared_for_managers_of_the_county_alone(string kind)
    {
        await using var app = await Databases.StartAsync(kind, new StoppedClock(new DateTimeOffset(2026, 9, 1, 1, 0, 0, TimeSpan.Zero)));
        _ = app.Server;
        await new CaseStory(app).PlayAsync("not-accepted");
        var runs = app.Services.GetRequiredService<WhatIfRuns>();
        var files = MatterBundle.Read(app.Services.GetRequiredService<MatterLibrary>().Find("rural-dibao")!.Bundle);
        var path = files.Keys.Single(f => f.EndsWith("apply.workflow.json", StringComparison.Ordinal));
        await Assert.ThrowsAsync<UnknownCaseException>(() => runs.RunAsync(Manager, "rural-dibao", "draft", 10));
        await app.Services.GetRequiredService<MatterDrafts>().SaveFileAsync(Manager, "rural-dibao", path, Change(files[path], "getParameter('dibao.limit.acceptance')", "'3wd'", "accept", "finishWithin"), 0, Guid.NewGuid().ToString("N"));

        var report = await runs.RunAsync(Manager, "rural-dibao", "draft", 10);
        Assert.Equal((1, 0), (report.Compared, report.Same));
        Assert.Contains(report.Groups, g => g is { Kind: DifferenceKinds.Deadline, Activity: "accept", After: "3wd", Cases.Count: 1 });
        var township = Manager with { Held = [new HeldRole(Roles.Manager, "341299101")] };
        await Assert.ThrowsAsync<NotAllowedException>(() => runs.RunAsync(township, "rural-dibao", null, 10));
        await Assert.ThrowsAsync<NotAllowedException>(() => runs.RunAsync(CaseStory.Officer("sup", Roles.Supervisor, "341299"), "rural-dibao", null, 10));
        await Assert.ThrowsAsync<UnknownCaseException>(() => runs.RunAsync(Manager, "rural-dibao", "no-such-hash", 10));
        // Another county's manager meets with none of these cases, and who may open a case too is led to it.
        Assert.Equal(0, (await runs.RunAsync(Manager with { Held = [new HeldRole(Roles.Manager, "341298")] }, "rural-dibao", null, 10)).Compared);
        var both = Manager with { Held = [.. Manager.Held, new HeldRole(Roles.Supervisor, "341299")] };
        Assert.All((await runs.RunAsync(both, "rural-dibao", "draft", 10)).Groups.SelectMany(g => g.Cases), c => Assert.NotNull(c.Id));
    }

    private static async Task<List<(Guid Case, Difference Of)>> ChangedAsync(TestApp app, string from, string to, string activity, string input)
    {
        var current = app.Services.GetRequiredService<MatterLibrary>().Find("rural-dibao")!;
        var workflows = current.Workflows.ToDictionary(w => w.Key, w => w.Value);
        workflows["apply"] = Change(workflows["apply"], from, to, activity, input);
        var other = current with { Hash = Guid.NewGuid().ToString("N"), Workflows = workflows };
        var past = app.Services.GetRequiredService<PastRuns>();
        var comparer = new RunComparer(app.Services.GetRequiredService<IWorkflowEngine>(), app.Services.GetRequiredService<Calendars>().Working, (_, _) => true);
        var cases = await past.CasesAsync(Manager, "rural-dibao", 200, new DateTimeOffset(2026, 9, 1, 1, 0, 0, TimeSpan.Zero), default);
        var found = new List<(Guid, Difference)>();
        await foreach (var (one, runs) in past.ReadAsync(cases, default))
            found.AddRange(runs.SelectMany(r => comparer.Compare(r, other)).Select(d => (one.Id, d)));
        return found;
    }

    private static string Change(string definition, string from, string to, string activity, string input)
    {
        var root = JsonNode.Parse(definition)!;
        var expression = Find(root, activity)![input]!["expression"]!;
        var text = (string)expression["value"]!;
        Assert.Contains(from, text, StringComparison.Ordinal);
        expression["value"] = text.Replace(from, to, StringComparison.Ordinal);
        return root.ToJsonString();
    }

    private static JsonObject? Find(JsonNode? node, string id) => node switch
    {
        JsonObject map when (string?)(map["id"] as JsonValue) == id && map["type"] is not null => map,
        JsonObject map => map.Select(m => Find(m.Value, id)).FirstOrDefault(f => f is not null),
        JsonArray list => list.Select(i => Find(i, id)).FirstOrDefault(f => f is not null),
        _ => null,
    };

    private static async Task<List<(Guid, long, string)>> VersionsAsync(TestApp app)
    {
        await using var db = app.Services.GetRequiredService<IReader>().Open();
        return [.. (await db.Set<Case>().OrderBy(c => c.Id).Select(c => new { c.Id, c.Version, c.Status }).ToListAsync()).Select(c => (c.Id, c.Version, c.Status))];
    }

    private sealed class Told(Action<WhatIfProgress> tell) : IProgress<WhatIfProgress>
    {
        public void Report(WhatIfProgress value) => tell(value);
    }
}
