using System.Text.Json.Nodes;
using CivilAffairs.Engine.Runtime;
using CivilAffairs.Tests.Engine.Time;
using CivilAffairs.Web.Features.Matters;

namespace CivilAffairs.Tests.Features.Matters.Examples;

/// <summary>Every example of every shipped matter, replayed; and the proof that the replay can fail.</summary>
public sealed class ExampleTests
{
    public static TheoryData<string, string> Examples
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var matter in ShippedMatters.Folders)
                foreach (var example in ShippedMatters.Load(matter).Revision!.Examples.Keys) data.Add(matter, example);
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public void An_example_goes_as_written(string matter, string example)
    {
        var (run, expect) = Replay(matter, example);
        Assert.Empty(run.Differences(expect));
    }

    [Theory]
    [MemberData(nameof(ShippedMatters.Names), MemberType = typeof(ShippedMatters))]
    public void The_examples_walk_every_connection_of_every_workflow(string matter)
    {
        var revision = ShippedMatters.Load(matter).Revision!;
        foreach (var (name, json) in revision.Workflows)
        {
            var left = revision.Examples.Where(e => e.Value.Workflow == name)
                .SelectMany(e => Replay(matter, e.Key).Run.Journal).Where(j => j.Event == "Completed")
                .SelectMany(j => (j.Outcomes ?? ["Done"]).Select(outcome => (j.ActivityId, outcome))).ToHashSet();
            Assert.Empty(Connections(JsonNode.Parse(json)).Where(c => !left.Contains(c)).Select(c => $"{name}: no example leaves {c.Activity} by {c.Port}"));
        }
    }

    [Theory]
    [InlineData("amountFen", "60001")]
    [InlineData("firstMonth", "\"2026-05-01\"")]
    [InlineData("lastMonth", "\"2026-09-01\"")]
    [InlineData("clockLastDay", "\"2026-04-01\"")]
    [InlineData("statuses", """["Accepted"]""")]
    [InlineData("documents", "[]")]
    [InlineData("notices", "[]")]
    [InlineData("mails", """["granted.mail"]""")]
    [InlineData("tasks", """[{"activity":"accept","role":"TCK","level":"township","finishBy":"2026-02-18"}]""")]
    [InlineData("ran", """["countyVisit"]""")]
    [InlineData("notRan", """["publish"]""")]
    [InlineData("instance", "\"Suspended\"")]
    public void The_replay_sees_an_expectation_that_is_not_met(string property, string wrong)
    {
        var file = Granted();
        file["expect"]![property] = JsonNode.Parse(wrong);
        Assert.Contains(Run(file).Differences(Read(file).Expect), d => d.StartsWith(property, StringComparison.Ordinal) || d.Contains("run", StringComparison.Ordinal) || d.Contains("ran", StringComparison.Ordinal));
    }

    [Fact]
    public void The_replay_sees_an_answer_that_its_form_refuses()
    {
        var file = Granted();
        file["answers"]!["opinion"]![0]!["result"]!.AsObject().Remove("protectedPersons");
        Assert.Contains(Run(file).Faults, f => f.StartsWith("opinion protectedPersons", StringComparison.Ordinal));
    }

    [Fact]
    public void The_replay_sees_an_answer_that_nobody_asks_for()
    {
        var file = Granted();
        file["answers"]!["countyVisit"] = new JsonArray(new JsonObject { ["by"] = "cck-1", ["result"] = new JsonObject { ["outcome"] = "Done" } });
        Assert.Contains(Run(file).Faults, f => f.Contains("countyVisit", StringComparison.Ordinal));
    }

    [Fact]
    public void Who_investigated_cannot_sign_the_opinion()
    {
        // Worked example 38 of the domain.
        var file = Granted();
        file["answers"]!["opinion"]![0]!["by"] = file["answers"]!["visit"]![0]!["by"]!.DeepClone();
        Assert.Contains(Run(file).Faults, f => f.StartsWith("opinion: ", StringComparison.Ordinal) && f.Contains("'visit'", StringComparison.Ordinal));
    }

    private static JsonObject Granted() =>
        JsonNode.Parse(File.ReadAllText(Support.Repository.Path("workflows", "rural-dibao", "examples", "granted.json")))!.AsObject();

    private static ExampleFile Read(JsonObject file)
    {
        var faults = new List<MatterFault>();
        return MatterJson.Read<ExampleFile>("example", file.ToJsonString(), faults) ?? throw new InvalidOperationException(string.Join('\n', faults));
    }

    private static ExampleRun Run(JsonObject file) =>
        ExampleReplay.Run(new WorkflowEngine(), ShippedMatters.Load("rural-dibao").Revision!, Read(file), Calendars.Shipped);

    private static (ExampleRun Run, ExampleExpectation Expect) Replay(string matter, string name)
    {
        var example = ShippedMatters.Load(matter).Revision!.Examples[name];
        return (Replays.Of(matter, name), example.Expect);
    }

    private static IEnumerable<(string Activity, string Port)> Connections(JsonNode? node) => node switch
    {
        JsonObject map => (map["connections"] as JsonArray ?? []).Select(c => (c!["source"]!["activity"]!.GetValue<string>(), c["source"]!["port"]!.GetValue<string>()))
            .Concat(map.SelectMany(p => Connections(p.Value))),
        JsonArray list => list.SelectMany(Connections),
        _ => [],
    };
}
