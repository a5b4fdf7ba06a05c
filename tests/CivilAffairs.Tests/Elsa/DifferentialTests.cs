using System.Text.Json.Nodes;
using CivilAffairs.Engine.Port;
using CivilAffairs.Engine.Runtime;
using CivilAffairs.Tests.Engine.Time;
using CivilAffairs.Tests.Features.Matters;
using CivilAffairs.Tests.Features.Matters.Examples;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Features.Matters.Forms;
using Xunit.Abstractions;

namespace CivilAffairs.Tests.Elsa;

/// <summary>Every workflow of every shipped matter does the same on both runtimes: journal, outcomes, effects, waits and values, on all its paths.</summary>
public sealed class DifferentialTests(ITestOutputHelper output)
{
    public static TheoryData<string, string> Workflows
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var matter in ShippedMatters.Folders)
                foreach (var workflow in ShippedMatters.Load(matter).Revision!.Workflows.Keys) data.Add(matter, workflow);
            return data;
        }
    }

    [ElsaTheory]
    [MemberData(nameof(Workflows))]
    public void A_workflow_goes_the_same_ways_on_both_runtimes(string matter, string workflow)
    {
        var (walks, left) = Walk(matter, workflow, SecondRuntime.Engine, int.MaxValue);
        output.WriteLine($"{matter}/{workflow}: {walks.Count} sets of facts, {walks.Sum(w => w.Paths)} paths, {walks.Sum(w => w.Steps)} steps, {walks.Sum(w => w.Differences.Count)} differences");
        Assert.Empty(walks.SelectMany(w => w.Differences).Distinct().Take(20));
        Assert.Empty(Connections(JsonNode.Parse(ShippedMatters.Load(matter).Revision!.Workflows[workflow])).Where(c => !left.Contains(c)).Select(c => $"no path leaves {c.Activity} by {c.Port}"));
    }

    [ElsaTheory]
    [MemberData(nameof(ExampleTests.Examples), MemberType = typeof(ExampleTests))]
    public void An_example_goes_as_written_on_Elsa_s_runtime(string matter, string example)
    {
        var revision = ShippedMatters.Load(matter).Revision!;
        Assert.Empty(ExampleReplay.Run(SecondRuntime.Engine, revision, revision.Examples[example], Calendars.Shipped).Differences(revision.Examples[example].Expect));
    }

    [Fact]
    public void The_walk_agrees_with_itself() => Assert.Empty(Walk("so-renewal", "apply", new WorkflowEngine(), 1).Walks.SelectMany(w => w.Differences));

    [Theory]
    [InlineData("outcome")]
    [InlineData("effect")]
    [InlineData("variable")]
    [InlineData("refusal")]
    public void The_walk_sees_a_runtime_that_does_otherwise(string what) => Assert.NotEmpty(Walk("so-renewal", "apply", new OtherwiseEngine(what), 1).Walks.SelectMany(w => w.Differences));

    private static (List<PathWalk> Walks, HashSet<(string, string)> Left) Walk(string matter, string workflow, IWorkflowEngine other, int most)
    {
        var revision = ShippedMatters.Load(matter).Revision!;
        var examples = revision.Examples.Values.Where(e => e.Workflow == workflow).ToList();
        var samples = examples.SelectMany(e => e.Answers).SelectMany(a => a.Value.Select(v => (a.Key, Value: v.Result as JsonObject))).Where(s => s.Value is not null).ToLookup(s => s.Key, s => s.Value!);
        var walks = examples.Take(most).Select(example =>
        {
            var parameters = revision.FirstValues.ToDictionary(p => p.Key, p => p.Value);
            foreach (var (key, value) in example.Parameters) parameters[key] = value;
            var facts = new FormEvaluator(revision.Form).Facts(new FormAnswers(example.Form, parameters, DateOnly.FromDateTime(example.At.ToOffset(TimeSpan.FromHours(8)).DateTime))).Values;
            return new PathWalk(new WorkflowEngine(), other, new WalkGiven(revision.Workflows[workflow], example.At.ToUniversalTime(), example.Inputs, facts, parameters, Calendars.Shipped, samples)).Run();
        }).ToList();
        return (walks, [.. walks.SelectMany(w => w.Left)]);
    }

    private static IEnumerable<(string Activity, string Port)> Connections(JsonNode? node) => node switch
    {
        JsonObject map => (map["connections"] as JsonArray ?? []).Select(c => (c!["source"]!["activity"]!.GetValue<string>(), c["source"]!["port"]!.GetValue<string>())).Concat(map.SelectMany(p => Connections(p.Value))),
        JsonArray list => list.SelectMany(Connections),
        _ => [],
    };
}
