using System.Text.Json;
using System.Text.Json.Nodes;
using CivilAffairs.Engine.Definitions;
using CivilAffairs.Engine.Port;
using CivilAffairs.Engine.Runtime;
using CivilAffairs.Tests.Elsa;
using CivilAffairs.Tests.Engine.Time;
using CivilAffairs.Web.Features.Matters;
using Xunit;

namespace CivilAffairs.Tests.Features.Matters.Examples;

/// <summary>Every example of every shipped matter, moved at every place where it rests: nothing is lost and nothing is done twice.</summary>
public sealed class MovedExampleTests
{
    private static readonly WorkflowEngine Engine = new();

    [Theory, MemberData(nameof(ExampleTests.Examples), MemberType = typeof(ExampleTests))]
    public void Moved_to_the_same_definition_at_every_rest_it_goes_as_without(string matter, string example) => MoveToTheSame(Engine, matter, example);

    [ElsaTheory, MemberData(nameof(ExampleTests.Examples), MemberType = typeof(ExampleTests))]
    public void And_so_it_goes_on_Elsa_s_runtime(string matter, string example) => MoveToTheSame(SecondRuntime.Engine, matter, example);

    [Theory, MemberData(nameof(ExampleTests.Examples), MemberType = typeof(ExampleTests))]
    public void A_step_added_behind_the_waiting_task_runs_once_and_nothing_before_it_again(string matter, string example) => AddAStep(Engine, matter, example);

    [ElsaTheory, MemberData(nameof(ExampleTests.Examples), MemberType = typeof(ExampleTests))]
    public void So_does_it_on_Elsa_s_runtime(string matter, string example) => AddAStep(SecondRuntime.Engine, matter, example);

    private static void MoveToTheSame(IWorkflowEngine engine, string matter, string example)
    {
        var (revision, file) = Load(matter, example);
        var still = ExampleReplay.Run(engine, revision, file, Calendars.Shipped);
        var rests = 0;
        var moved = ExampleReplay.Run(engine, revision, file, Calendars.Shipped, rest =>
        {
            rests++;
            var same = engine.Load(revision.Workflows[file.Workflow]);
            var placed = engine.Place(rest.Definition, rest.Last.State, same, rest.Input);
            Assert.Empty(placed.Faults.Concat(placed.Remarks));
            // Elsa keeps values in the order in which they were written last.
            if (engine == Engine) Assert.Equal(rest.Last.State.Json, placed.State!.Json);
            Assert.All(placed.Waits, w => Assert.Equal(w.Now, w.Next));
            return (same, placed.State!);
        });
        Assert.True(rests > 0);
        Assert.Empty(moved.Differences(file.Expect));
        Assert.Equal(Told(still, engine == Engine), Told(moved, engine == Engine));
    }

    private static void AddAStep(IWorkflowEngine engine, string matter, string example)
    {
        var (revision, file) = Load(matter, example);
        var drawn = WorkflowDefinition.Parse(revision.Workflows[file.Workflow]);
        var still = ExampleReplay.Run(engine, revision, file, Calendars.Shipped);
        var tried = new HashSet<int>();
        // Once for each answer of a person: the move comes right before it.
        for (var more = true; more;)
        {
            more = false;
            var (number, before, way) = (0, 0, (Activity: "", Outcome: ""));
            var answers = file.Answers.ToDictionary(a => a.Key, a => a.Value);
            // A chart that comes round again passes the step again.
            answers[Added] = [.. Enumerable.Repeat(new ExampleAnswer { By = "added-1", Result = new JsonObject { ["outcome"] = "Go" } }, 9)];
            var moved = ExampleReplay.Run(engine, revision, file with { Answers = answers }, Calendars.Shipped, rest =>
            {
                if (more || rest.Outcome is null || Insert(drawn, rest) is not { } longer || !tried.Add(number++)) return null;
                more = true;
                var to = engine.Load(longer);
                var placed = engine.Place(rest.Definition, rest.Last.State, to, rest.Input);
                Assert.Empty(placed.Faults.Select(f => $"{rest.Next.ActivityId}: {f}"));
                (before, way) = (rest.Journal.Count, (rest.Next.ActivityId, rest.Outcome));
                return (to, placed.State!);
            });
            if (!more) break;
            Assert.Equal(moved.Journal.Skip(before).Count(j => j.ActivityId == way.Activity && j.Outcomes?.Contains(way.Outcome) == true), moved.Journal.Count(j => j.ActivityId == Added && j.Event == "Completed"));
            Assert.Equal(Steps(still), Steps(moved).Where(s => !s.Contains(Added, StringComparison.Ordinal)));
        }
        Assert.Equal(file.Answers.Keys.Any(a => drawn.Activities.Any(n => n.Id == a && n.Type == "CivilAffairs.HumanTask" && n.Raw["mode"] is null)), tried.Count > 0);
    }

    private const string Added = "added";

    /// <summary>The definition with a step behind the waiting task, on the way that the next answer takes; null where that is none, or the task needs further answers.</summary>
    private static string? Insert(WorkflowDefinition definition, Rest rest)
    {
        var raw = (JsonObject)definition.Raw.DeepClone();
        var chart = Charts(raw).FirstOrDefault(c => c["activities"]!.AsArray().Any(a => (string?)a!["id"] == rest.Next.ActivityId && (string?)a["type"] == "CivilAffairs.HumanTask"));
        if (chart?["activities"]!.AsArray().First(a => (string?)a!["id"] == rest.Next.ActivityId) is not JsonObject task || (task["mode"] is { } mode && (string?)mode["expression"]!["value"] != "Single")) return null;
        var on = chart["connections"]!.AsArray().FirstOrDefault(c => (string?)c!["source"]!["activity"] == rest.Next.ActivityId && (string?)c["source"]!["port"] == rest.Outcome);
        if (on is null) return null;
        var added = (JsonObject)task.DeepClone();
        foreach (var input in (string[])["notSameAs", "form", "result", "startWithin", "mode", "seats"]) added.Remove(input);
        (added["id"], added["name"], added["nodeId"]) = (Added, Added, Added);
        added["title"] = Literal("增加的步骤");
        added["outcomes"] = new JsonObject { ["typeName"] = "List<String>", ["expression"] = new JsonObject { ["type"] = "Object", ["value"] = "[\"Go\"]" } };
        chart["activities"]!.AsArray().Add(added);
        chart["connections"]!.AsArray().Add(new JsonObject { ["source"] = new JsonObject { ["activity"] = Added, ["port"] = "Go" }, ["target"] = on["target"]!.DeepClone() });
        on["target"] = new JsonObject { ["activity"] = Added, ["port"] = "In" };
        return raw.ToJsonString();
    }

    private static JsonObject Literal(string text) => new() { ["typeName"] = "String", ["expression"] = new JsonObject { ["type"] = "Literal", ["value"] = text } };

    private static IEnumerable<JsonObject> Charts(JsonNode? node) => node switch
    {
        JsonObject item => (((string?)(item["type"] as JsonValue)) == "Elsa.Flowchart" ? [item] : Enumerable.Empty<JsonObject>()).Concat(item.SelectMany(p => Charts(p.Value))),
        JsonArray list => list.SelectMany(Charts),
        _ => [],
    };

    private static IEnumerable<string> Steps(ExampleRun run) => run.Journal.Where(j => j.Event == "Completed").Select(j => $"{j.ActivityId} {string.Join(',', j.Outcomes ?? [])}");

    private static string Told(ExampleRun run, bool withState) =>
        JsonSerializer.Serialize(new { Effects = run.Effects.Select(e => (object)e), run.Journal, State = withState ? run.Last.State.Json : "", run.Last.Variables });

    private static (MatterRevision Revision, ExampleFile Example) Load(string matter, string example)
    {
        var revision = ShippedMatters.Load(matter).Revision!;
        return (revision, revision.Examples[example]);
    }
}
