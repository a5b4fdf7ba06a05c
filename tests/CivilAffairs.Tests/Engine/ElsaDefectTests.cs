using System.Text.Json.Nodes;
using CivilAffairs.Engine.Checks;
using CivilAffairs.Engine.Port;
using CivilAffairs.Tests.Support;

namespace CivilAffairs.Tests.Engine;

/// <summary>What a running Elsa 3.6.3 got wrong, and what happens here instead; one test for each.</summary>
public sealed class ElsaDefectTests
{
    private static Flow Line(Flow flow, string id, string text) => flow.Add("Elsa.WriteLine", id, ("text", text));
    private static Flow Ask(Flow flow, string id) => flow.Add("Elsa.RunTask", id, ("taskName", id));
    private static StepResult Answer(Instance instance, string activity, JsonNode? result = null) => instance.Step(new AnswerTrigger(instance.Pending(activity).Id, result));

    [Fact]
    public void Two_answers_to_one_wait_do_not_both_count()
    {
        var instance = new Instance(Line(Ask(new Flow(), "ask"), "line", "once").Connect("ask", "line"));
        var id = instance.Pending("ask").Id;
        Assert.Equal(["once"], Answer(instance, "ask").Lines);
        Assert.Throws<StepRefusedException>(() => instance.Step(new AnswerTrigger(id, null)));
    }

    [Theory]
    [InlineData("30.00:00:00", 30)]
    [InlineData("36500.00:00:00", 36_500)]
    [InlineData("72:00:00", 3)]
    public void A_due_time_is_stored_without_a_limit_and_hours_are_hours(string span, int days)
    {
        var instance = new Instance(new Flow().Add("Elsa.Delay", "wait", ("timeSpan", span)));
        Assert.Equal(instance.Now.AddDays(days), instance.Pending("wait", "timer").DueAt);
        Assert.Equal(InstanceStatus.Finished, instance.Due("wait").Status);
    }

    [Fact]
    public void An_invalid_cron_expression_is_refused_before_and_a_fault_at_run_time()
    {
        var flow = new Flow().Add("Elsa.Cron", "cron", ("cronExpression", "99 * * * *"));
        Assert.NotEmpty(DefinitionCheck.Run(flow.ToString()));
        Assert.Equal(InstanceStatus.Faulted, new Instance(flow).Last.Status);
    }

    [Theory]
    [InlineData("0 / 0")]
    [InlineData("1 / 0")]
    public void What_JSON_cannot_hold_is_kept_as_null_and_the_step_is_not_lost(string expression)
    {
        var flow = Ask(new Flow().Variable("X", "Double").Add("Elsa.RunJavaScript", "set", ("script", $"setX({expression})")), "ask").Connect("set", "ask");
        var instance = new Instance(Line(flow, "line", "js:getX() === null").Connect("ask", "line"));
        Assert.Equal(["True"], Answer(instance, "ask").Lines);
    }

    [Fact]
    public void A_way_back_over_many_diamonds_costs_no_time()
    {
        var flow = Line(new Flow().Variable("N", "Int32"), "n0", "js:setN(getN() + 1), getN()");
        for (var i = 0; i < 60; i++)
        {
            Line(Line(Line(flow, $"l{i}", "l"), $"r{i}", "r"), $"n{i + 1}", "n");
            flow.Connect($"n{i}", $"l{i}").Connect($"n{i}", $"r{i}").Connect($"l{i}", $"n{i + 1}").Connect($"r{i}", $"n{i + 1}");
        }
        flow.Add("Elsa.FlowDecision", "again", ("condition", "js:getN() < 2")).Connect("n60", "again").Connect("again", "n0", "True");
        var lines = new Instance(flow).Last.Lines;
        Assert.Equal(["1", "2"], lines.Where(l => l is not ("l" or "r" or "n")));
    }

    [Fact]
    public void A_branch_canceled_by_a_join_does_not_trigger_it_again()
    {
        var flow = Ask(Ask(new Flow().Add("Elsa.Start", "start"), "a"), "b").Add("Elsa.FlowJoin", "join", ("mode", "WaitAny"));
        var instance = new Instance(Line(flow, "line", "joined").Connect("start", "a").Connect("start", "b").Connect("a", "join").Connect("b", "join").Connect("join", "line"));
        Assert.Equal(["joined"], Answer(instance, "b").Lines);
        Assert.Equal(InstanceStatus.Finished, instance.Last.Status);
        Assert.Single(instance.Last.Journal, j => j is { ActivityId: "a", Event: "Canceled" });
        Assert.Single(instance.Last.Journal, j => j is { ActivityId: "join", Event: "Started" });
    }

    [Fact]
    public void What_was_queued_in_an_ended_flowchart_does_not_run_and_it_completes_once()
    {
        var flow = Line(new Flow().Add("Elsa.Start", "start").Add("Elsa.End", "end"), "late", "never").Connect("start", "end").Connect("start", "late");
        var result = new Instance(flow).Last;
        Assert.Empty(result.Lines);
        Assert.Single(result.Journal, j => j is { ActivityId: "flow", Event: "Completed" });
    }

    [Fact]
    public void An_inner_end_cancels_inside_alone_and_the_outer_flow_goes_on()
    {
        var inner = Ask(Ask(new Flow("inner").Add("Elsa.Start", "begin"), "wait"), "go").Add("Elsa.End", "end").Connect("begin", "wait").Connect("begin", "go").Connect("go", "end");
        var instance = new Instance(Line(new Flow().Nest(inner), "after", "outer").Connect("inner", "after"));
        Assert.Equal(["outer"], Answer(instance, "go").Lines);
        Assert.Equal(InstanceStatus.Finished, instance.Last.Status);
        Assert.Equal(["wait"], instance.Last.Journal.Where(j => j.Event == "Canceled").Select(j => j.ActivityId));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Siblings_are_canceled_oldest_first_however_often_the_state_was_stored(int saves)
    {
        var flow = Ask(Ask(Ask(new Flow().Add("Elsa.Start", "start"), "a"), "b"), "c").Connect("start", "a").Connect("start", "b").Connect("start", "c");
        var previous = "start";
        for (var i = 0; i <= saves; i++) Ask(flow, $"step{i}").Connect(previous, previous = $"step{i}");
        var instance = new Instance(flow.Add("Elsa.End", "end").Connect(previous, "end"));
        for (var i = 0; i <= saves; i++) Answer(instance, $"step{i}");
        Assert.Equal(["a", "b", "c"], instance.Last.Journal.Where(j => j.Event == "Canceled").Select(j => j.ActivityId));
    }

    [Fact]
    public void A_join_mode_may_be_computed_from_a_variable()
    {
        var flow = Ask(Ask(new Flow().Variable("Mode", "String").Add("Elsa.RunJavaScript", "start", ("script", "setMode('WaitAll')")), "a"), "b").Add("Elsa.FlowJoin", "join", ("mode", "js:getMode()"));
        var instance = new Instance(Line(flow, "line", "all").Connect("start", "a").Connect("start", "b").Connect("a", "join").Connect("b", "join").Connect("join", "line"));
        Assert.Empty(Answer(instance, "a").Lines);
        Assert.Equal(["all"], Answer(instance, "b").Lines);
    }

    [Fact]
    public void A_result_enters_a_typed_variable_converted_and_stays_so()
    {
        var flow = Ask(new Flow().Variable("N", "Int32").Add("Elsa.RunTask", "ask", ("taskName", "ask"), ("result", "-> N")), "again").Connect("ask", "again");
        var instance = new Instance(Line(flow, "line", "js:typeof getN() + getN()").Connect("again", "line"));
        Answer(instance, "ask", JsonValue.Create(12.7));
        Assert.Equal(["number13"], Answer(instance, "again").Lines);
    }

    [Fact]
    public void A_list_is_a_real_array_and_every_change_of_an_object_is_kept()
    {
        var flow = new Flow().Variable("A").Variable("O").Add("Elsa.RunJavaScript", "set", ("script", "setA([1, 2]); setO({ x: 1 })"))
            .Add("Elsa.RunJavaScript", "change", ("script", "getO().y = 2; variables.O.z = 3")).Connect("set", "change");
        var result = new Instance(Line(flow, "line", "js:Array.isArray(getA()) + ' ' + getA().concat([3]).length + ' ' + JSON.stringify(getO())").Connect("change", "line")).Last;
        Assert.Equal(["true 3 {\"x\":1,\"y\":2,\"z\":3}"], result.Lines);
    }

    [Fact]
    public void Liquid_that_does_not_parse_is_a_fault_and_not_a_text()
    {
        var result = new Instance(Line(new Flow(), "line", "liquid:{{ a | }}")).Last;
        Assert.Equal((InstanceStatus.Faulted, 0), (result.Status, result.Lines.Count));
    }
}
