using System.Text.Json;
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

/// <summary>Every workflow of every shipped matter does the same on both runtimes: journal, outcomes, effects, waits and values, on its paths up to a number of steps.</summary>
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

    /// <summary>
    /// Of one workflow, for all sets of facts together. Four workflows end far below. An application for relief has 17,220 steps, those of
    /// marriage, its certificates and divorce more than 20,000 each, since their side exits may come at every place and in every order: they are cut
    /// here, least-chosen ways first, and the summary says how many ways are left.
    /// </summary>
    private const int MostSteps = 1_200;

    [ElsaTheory]
    [MemberData(nameof(Workflows))]
    public void A_workflow_goes_the_same_ways_on_both_runtimes(string matter, string workflow)
    {
        var walks = Walk(matter, workflow, SecondRuntime.Engine, MostSteps);
        output.WriteLine($"{matter}/{workflow}: {walks.Count} sets of facts, {walks.Sum(w => w.Paths)} paths, {walks.Sum(w => w.Steps)} steps, {walks.Sum(w => w.Differences.Count)} differences"
            + (walks.Sum(w => w.Left) is > 0 and var left ? $"; cut at {MostSteps} steps, {left} ways seen and not gone" : "; all of them"));
        Assert.Empty(walks.SelectMany(w => w.Differences).Distinct().Take(20));
        Assert.All(walks, w => Assert.True(w.Paths > 1));
    }

    /// <summary>The examples walk every connection of every workflow (<see cref="ExampleTests"/>): so none is left out here either.</summary>
    [ElsaTheory]
    [MemberData(nameof(ExampleTests.Examples), MemberType = typeof(ExampleTests))]
    public void An_example_goes_as_written_and_as_on_our_own_runtime(string matter, string example)
    {
        var revision = ShippedMatters.Load(matter).Revision!;
        var (own, elsa) = (Replay(new WorkflowEngine()), Replay(SecondRuntime.Engine));
        Assert.Empty(elsa.Differences(revision.Examples[example].Expect));
        Assert.Equal(own.Journal.Select(Told.Of), elsa.Journal.Select(Told.Of));
        Assert.Equal(own.Effects.Select(e => (e.GetType().Name, e.ActivityId)), elsa.Effects.Select(e => (e.GetType().Name, e.ActivityId)));

        ExampleRun Replay(IWorkflowEngine engine) => ExampleReplay.Run(engine, revision, revision.Examples[example], Calendars.Shipped);
    }

    [Fact]
    public void The_walk_agrees_with_itself() => Assert.Empty(Walk("so-renewal", "apply", new WorkflowEngine(), 200).SelectMany(w => w.Differences));

    [Theory]
    [InlineData("outcome")]
    [InlineData("effect")]
    [InlineData("variable")]
    [InlineData("refusal")]
    public void The_walk_sees_a_runtime_that_does_otherwise(string what) => Assert.NotEmpty(Walk("so-renewal", "apply", new OtherwiseEngine(what), 200).SelectMany(w => w.Differences));

    private static List<PathWalk> Walk(string matter, string workflow, IWorkflowEngine other, int most)
    {
        var revision = ShippedMatters.Load(matter).Revision!;
        var examples = revision.Examples.Values.Where(e => e.Workflow == workflow).ToList();
        var samples = examples.SelectMany(e => e.Answers).SelectMany(a => a.Value.Select(v => (a.Key, Value: v.Result as JsonObject))).Where(s => s.Value is not null).ToLookup(s => s.Key, s => s.Value!);
        var given = examples.Select(example =>
        {
            var parameters = revision.FirstValues.ToDictionary(p => p.Key, p => p.Value);
            foreach (var (key, value) in example.Parameters) parameters[key] = value;
            var facts = new FormEvaluator(revision.Form).Facts(new FormAnswers(example.Form, parameters, DateOnly.FromDateTime(example.At.ToOffset(TimeSpan.FromHours(8)).DateTime))).Values;
            return new WalkGiven(revision.Workflows[workflow], example.At.ToUniversalTime(), example.Inputs, facts, parameters, Calendars.Shipped, samples);
        }).DistinctBy(g => JsonSerializer.Serialize((object[])[g.Facts, g.Parameters, g.Inputs])).ToList();
        return given.ConvertAll(g => new PathWalk(new WorkflowEngine(), other, g, Math.Max(60, most / given.Count)).Run());
    }
}
