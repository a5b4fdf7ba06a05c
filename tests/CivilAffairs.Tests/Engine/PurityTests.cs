using System.Text.Json;
using System.Text.Json.Nodes;
using CivilAffairs.Engine.Port;
using CivilAffairs.Engine.Runtime;
using CivilAffairs.Tests.Support;

namespace CivilAffairs.Tests.Engine;

/// <summary>A step is a function: the same input gives the same output, on any engine, at any hour, in any order.</summary>
public sealed class PurityTests
{
    private static readonly DateTimeOffset Now = new(2026, 2, 11, 1, 0, 0, TimeSpan.Zero);

    /// <summary>Everything that is random or reads a clock in ordinary JavaScript and Liquid.</summary>
    private static string Definition => new Flow().Variable("X")
        .Add("Elsa.RunJavaScript", "set", ("script", "setX([newGuid().toString(), newGuidString(), newShortGuid(), Math.random(), new Random().Next(1000000), Date.now(), new Date().toISOString(), new Date().getTimezoneOffset()])"))
        .Add("Elsa.WriteLine", "line", ("text", "liquid:{{ 'now' | date: '%Y-%m-%d %H:%M' }}"))
        .Add("CivilAffairs.HumanTask", "task", ("title", "审核"), ("role", "TRV"), ("level", "township"), ("finishWithin", "5wd"), ("outcomes", "[\"Ok\"]"))
        .Connect("set", "line").Connect("line", "task").ToString();

    [Fact]
    public async Task The_same_step_twice_gives_the_same_state_effects_and_journal()
    {
        var first = Run("seed-1");
        await Task.Delay(1_100); // a clock that leaks in shows itself in the seconds
        Assert.Equal(first, Run("seed-1"));
    }

    [Fact]
    public void Another_seed_gives_other_ids_so_the_comparison_can_fail() => Assert.NotEqual(Run("seed-1"), Run("seed-2"));

    [Fact]
    public void A_script_sees_the_hour_of_the_step_and_not_the_machines() =>
        Assert.Contains("2026-02-11T01:00:00", Run("seed-1"), StringComparison.Ordinal);

    [Fact]
    public void A_step_changes_neither_the_state_nor_the_input_it_was_given()
    {
        var engine = new WorkflowEngine();
        var definition = engine.Load(Definition);
        var start = engine.Step(definition, null, Input(new StartTrigger(new Dictionary<string, JsonNode?>()), "a"));
        var (state, answer) = (start.State.Json, new JsonObject { ["outcome"] = "Ok" });
        var input = Input(new AnswerTrigger(start.Bookmarks.Single().Id, answer, "officer-1"), "b");
        var one = engine.Step(definition, start.State, input);
        var two = engine.Step(definition, start.State, input);
        Assert.Equal(state, start.State.Json);
        Assert.Equal("""{"outcome":"Ok"}""", answer.ToJsonString());
        Assert.Equal(one.State.Json, two.State.Json);
    }

    [Fact]
    public void Steps_on_many_threads_do_not_disturb_each_other()
    {
        var engine = new WorkflowEngine();
        var definition = engine.Load(Definition);
        var expected = Run("seed-1");
        Parallel.For(0, 64, _ => Assert.Equal(expected, Text(engine.Step(definition, null, Input(new StartTrigger(new Dictionary<string, JsonNode?>()), "seed-1")))));
    }

    private static string Run(string seed)
    {
        var engine = new WorkflowEngine();
        return Text(engine.Step(engine.Load(Definition), null, Input(new StartTrigger(new Dictionary<string, JsonNode?>()), seed)));
    }

    private static StepInput Input(StepTrigger trigger, string seed) => new(trigger, Now, seed) { InstanceId = "i", Calendar = Instance.Weekdays };

    private static string Text(StepResult result) => string.Join('\n', result.State.Json, JsonSerializer.Serialize(result.Effects.Select(e => (object)e)),
        JsonSerializer.Serialize(result.Journal), JsonSerializer.Serialize(result.Lines), JsonSerializer.Serialize(result.Variables));
}
