using System.Text.Json.Nodes;
using CivilAffairs.Engine.Port;
using CivilAffairs.Web.Features.Matters;
using Microsoft.Extensions.Configuration;

namespace CivilAffairs.Tests.Elsa;

/// <summary>Which runtime a new case starts on, and that a case under way stays with its own.</summary>
public sealed class ChoiceTests
{
    private const string Waits = """
        {"definitionId":"d","name":"d","version":1,"variables":[],"inputs":[{"name":"Basis","type":"String"}],"root":{"id":"f","type":"Elsa.Flowchart","activities":[
          {"id":"wait","type":"Elsa.Delay","version":1,"timeSpan":{"typeName":"TimeSpan","expression":{"type":"Literal","value":"30.00:00:00"}}},
          {"id":"say","type":"Elsa.WriteLine","version":1,"text":{"typeName":"String","expression":{"type":"JavaScript","value":"getInput('Basis') + ' ' + getInput('Undeclared')"}}}],
         "connections":[{"source":{"activity":"wait","port":"Done"},"target":{"activity":"say","port":"In"}}]}}
        """;

    private static readonly DateTimeOffset Now = new(2026, 2, 11, 1, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("Own")]
    public void Our_own_runtime_starts_cases_where_nothing_else_is_said(string? setting)
    {
        var engine = Chosen(setting);
        Assert.False(Kind(Step(engine, engine.Load(Waits), null, Start())));
    }

    [Fact]
    public void A_runtime_that_nobody_knows_stops_the_start() =>
        Assert.Contains("Own or Elsa", Assert.Throws<InvalidOperationException>(() => Chosen("Fast")).Message, StringComparison.Ordinal);

    [Fact]
    public void A_runtime_that_the_build_lacks_stops_the_start()
    {
        if (SecondRuntime.Absent is null) Assert.NotNull(Chosen("Elsa"));
        else Assert.Contains("-p:Engine=Elsa", Assert.Throws<InvalidOperationException>(() => Chosen("Elsa")).Message, StringComparison.Ordinal);
    }

    [ElsaFact]
    public void A_case_under_way_stays_with_the_runtime_that_wrote_its_state()
    {
        var (own, elsa) = (Chosen("Own"), Chosen("Elsa"));
        var (onOwn, onElsa) = (Step(own, own.Load(Waits), null, Start()), Step(elsa, elsa.Load(Waits), null, Start()));
        Assert.NotEqual(Kind(onOwn), Kind(onElsa));
        // The setting has changed meanwhile: each goes on where it was.
        var (ownNow, elsaNow) = (Due(elsa, onOwn), Due(own, onElsa));
        Assert.Equal((Kind(onOwn), Kind(onElsa)), (Kind(ownNow), Kind(elsaNow)));
        Assert.Equal(ownNow.Journal.Select(j => (j.ActivityId, j.Event)), elsaNow.Journal.Select(j => (j.ActivityId, j.Event)));
        // A replay asks the runtime that ran it.
        Assert.Equal(onElsa.State, Step(own.WriterOf(onElsa.State), own.Load(Waits), null, Start()).State);
        Assert.Equal(onOwn.State, Step(elsa.WriterOf(onOwn.State), elsa.Load(Waits), null, Start()).State);
    }

    [ElsaFact]
    public void A_wait_of_thirty_days_is_the_host_s_and_inputs_outlive_it()
    {
        var step = Step(SecondRuntime.Engine, SecondRuntime.Engine.Load(Waits), null, Start());
        Assert.Equal(Now.AddDays(30), Assert.IsType<CreateTimer>(Assert.Single(step.Effects)).DueAt);
        var due = Due(SecondRuntime.Engine, step);
        Assert.Equal(InstanceStatus.Finished, due.Status);
        Assert.Equal("by law known", Assert.Single(due.Lines));
    }

    [ElsaFact]
    public void Elsa_s_runtime_moves_what_waits_in_a_flowchart_and_says_so_where_it_cannot()
    {
        var engine = SecondRuntime.Engine;
        var renamed = Waits.Replace("\"wait\"", "\"period\"", StringComparison.Ordinal);
        var start = Step(engine, engine.Load(Waits), null, Start());
        var placed = engine.Place(engine.Load(Waits), start.State, engine.Load(renamed), Move(("wait", "period")));
        Assert.Empty(placed.Faults);
        var wait = Assert.Single(placed.Waits);
        Assert.Equal(("wait", "period"), (wait.Now.Id, wait.Next!.Id));
        var due = Step(engine, engine.Load(renamed), placed.State, new TimerTrigger(start.Bookmarks[0].Id));
        Assert.Equal((InstanceStatus.Finished, "by law known"), (due.Status, Assert.Single(due.Lines)));
        Assert.Equal(PlacementCode.Gone, Assert.Single(engine.Place(engine.Load(Waits), start.State, engine.Load(renamed), Move()).Faults).Code);

        // How far a sequence is Elsa notes in a way of her own.
        var inside = Waits.Replace("\"type\":\"Elsa.Flowchart\"", "\"type\":\"Elsa.Sequence\"", StringComparison.Ordinal);
        var stands = Step(engine, engine.Load(inside), null, Start());
        var refused = engine.Place(engine.Load(inside), stands.State, engine.Load(inside), Move());
        Assert.False(refused.IsSafe);
        Assert.All(refused.Faults, f => Assert.Equal(PlacementCode.OtherRuntime, f.Code));
        Assert.Equal("wait", Assert.Single(refused.Waits).Now.Id);
    }

    private static StepInput Move(params (string Old, string New)[] renamed) => new(new MoveTrigger("a", "b", renamed.ToDictionary(r => r.Old, r => r.New)), Now, "move");

    private static IWorkflowEngine Chosen(string? setting) =>
        WorkflowEngines.Chosen(new ConfigurationBuilder().AddInMemoryCollection([new(WorkflowEngines.Setting, setting)]).Build());

    private static StartTrigger Start() => new(new Dictionary<string, JsonNode?> { ["Basis"] = "by law", ["Undeclared"] = "known" });

    private static StepResult Due(IWorkflowEngine engine, StepResult last) => Step(engine, engine.Load(Waits), last.State, new TimerTrigger(last.Bookmarks[0].Id));

    private static StepResult Step(IWorkflowEngine engine, IWorkflowDefinition definition, WorkflowState? state, StepTrigger trigger) => engine.Step(definition, state, new StepInput(trigger, Now, "seed"));

    private static bool Kind(StepResult step) => step.State.Json.StartsWith("{\"Runtime\":\"Elsa", StringComparison.Ordinal);
}
