using System.Text.Json.Nodes;
using CivilAffairs.Engine.Checks;
using CivilAffairs.Engine.Port;
using CivilAffairs.Engine.Runtime;
using CivilAffairs.Tests.Support;

namespace CivilAffairs.Tests.Engine;

/// <summary>Edges of the stock activities that the corpus does not show, as seen of Elsa 3.6.3.</summary>
public sealed class StockActivityTests
{
    /// <summary>The list of the specification, section 2.</summary>
    private static readonly string[] Stock = ("Start Finish End Fault Complete Break FlowDecision FlowSwitch FlowFork FlowJoin FlowNode If Switch Sequence Flowchart Fork Parallel ForEach "
        + "ParallelForEach While For SetVariable SetName SetOutput Correlate RunJavaScript Delay Timer StartAt Cron Event PublishEvent RunTask SendEmail WriteLine").Split(' ');

    [Fact]
    public void Every_stock_activity_is_known_and_runs_with_nothing_given()
    {
        foreach (var name in Stock)
        {
            var flow = new Flow().Add("Elsa." + name, "it");
            Assert.DoesNotContain(DefinitionCheck.Run(flow.ToString()), f => f.Message.En.Contains("is not known", StringComparison.Ordinal));
            var last = new Instance(flow).Last;
            Assert.DoesNotContain(last.Incidents, i => i.Message.Contains("Unknown activity type", StringComparison.Ordinal));
            Assert.Equal("it", last.Journal[2].ActivityId);
        }
        Assert.Contains(DefinitionCheck.Run(new Flow().Add("Elsa.Nothing", "it").ToString()), f => f.Message.En.Contains("is not known", StringComparison.Ordinal));
    }

    private static StepResult Run(string root) => Engine(root).Last;

    private static Driven Engine(string root) => new($$"""{"definitionId":"d","variables":[{"id":"N","name":"N","typeName":"Int32","value":"0"}],"root":{{root}}}""");

    private static string Line(string text, string id = "") => $$"""{"id":"l{{id}}{{text}}","type":"Elsa.WriteLine","text":{"typeName":"String","expression":{"type":"Literal","value":"{{text}}"} } }""";
    private static string Task(string id) => $$"""{"id":"{{id}}","type":"Elsa.RunTask"}""";
    private static string Script(string id, string script, string more = "") =>
        $$"""{"id":"{{id}}","type":"Elsa.RunJavaScript","script":{"typeName":"String","expression":{"type":"Literal","value":"{{script}}"} }{{more}} }""";
    private static string Sequence(string id, params string[] children) => $$"""{"id":"{{id}}","type":"Elsa.Sequence","activities":[{{string.Join(',', children)}}]}""";
    private static string Each(string type, string items, string body) =>
        $$"""{"id":"each","type":"Elsa.{{type}}","items":{"typeName":"Object","expression":{"type":"JavaScript","value":"{{items}}"} },"body":{{body}} }""";
    private const string Break = """{"id":"break","type":"Elsa.Break"}""";

    [Fact]
    public void A_break_stops_the_sequences_around_it_and_ends_the_loop() =>
        Assert.Equal(["a", "after"], Run(Sequence("root", Each("ForEach", "[1,2]", Sequence("outer", Sequence("inner", Line("a"), Break, Line("b")), Line("c"))), Line("after"))).Lines);

    [Fact]
    public void A_break_in_loops_side_by_side_lets_each_go_on_and_stops_what_is_around_them() =>
        Assert.Equal(["a", "a"], Run(Sequence("root", Each("ParallelForEach", "[1,2]", Sequence("inner", Line("a"), Break, Line("b"))), Line("after"))).Lines);

    [Fact]
    public void A_break_ends_a_fork_that_waits_for_all()
    {
        var fork = $$"""{"id":"fork","type":"Elsa.Fork","joinMode":"WaitAll","branches":[{{Sequence("s", Break)}},{{Task("t")}}]}""";
        var last = Run(Sequence("root", Each("ForEach", "[1]", fork), Line("after")));
        Assert.Equal((InstanceStatus.Finished, "after"), (last.Status, Assert.Single(last.Lines)));
    }

    [Fact]
    public void Completing_inside_a_loop_gives_the_loop_up_from_within()
    {
        var journal = Run(Sequence("root", Each("ForEach", "[1]", Sequence("body", """{"id":"complete","type":"Elsa.Complete"}""")), Line("after"))).Journal;
        Assert.Equal("complete Canceled, body Canceled, each Canceled, root Canceled, Workflow1 Completed", string.Join(", ", journal.TakeLast(5).Select(j => $"{j.ActivityId} {j.Event}")));
    }

    [Theory]
    [InlineData("ForEach", "'ab'", 2)]
    [InlineData("ForEach", "'[7]'", 1)]
    [InlineData("ForEach", "[]", 0)]
    [InlineData("ForEach", "5", -1)]
    [InlineData("ForEach", "null", -1)]
    [InlineData("ForEach", "({a: 1})", -1)]
    [InlineData("ParallelForEach", "'ab'", 0)]
    [InlineData("ParallelForEach", "5", 0)]
    [InlineData("ParallelForEach", "null", 0)]
    [InlineData("ParallelForEach", "[1, 2, 3]", 3)]
    public void A_loop_takes_lists_and_a_list_alone(string type, string items, int turns)
    {
        var last = Run(Sequence("root", Each(type, items, Line("turn"))));
        Assert.Equal(turns < 0 ? InstanceStatus.Faulted : InstanceStatus.Finished, last.Status);
        Assert.Equal(Math.Max(turns, 0), last.Lines.Count);
    }

    [Theory]
    [InlineData("[]", "")]
    [InlineData("[\"a\"]", "a")]
    [InlineData("", "done")]
    public void A_fork_without_branches_is_done_and_one_with_an_empty_list_goes_nowhere(string branches, string expected)
    {
        var flow = branches.Length > 0 ? new Flow().Add("Elsa.FlowFork", "fork", ("branches", branches)) : new Flow().Add("Elsa.FlowFork", "fork");
        flow.Add("Elsa.WriteLine", "a", ("text", "a")).Add("Elsa.WriteLine", "d", ("text", "done")).Connect("fork", "a", "a").Connect("fork", "d", "Done");
        Assert.Equal(expected, string.Concat(new Instance(flow).Last.Lines));
    }

    [Theory]
    [InlineData("setOutcomes([])", "")]
    [InlineData("setOutcomes(['A', 'B'])", "ab")]
    [InlineData("setOutcome('A'); setOutcome('B')", "b")]
    [InlineData("1", "done")]
    public void A_script_names_its_outcomes(string script, string expected)
    {
        var flow = new Flow().Add("Elsa.RunJavaScript", "js", ("script", script)).Add("Elsa.WriteLine", "a", ("text", "a")).Add("Elsa.WriteLine", "b", ("text", "b")).Add("Elsa.WriteLine", "d", ("text", "done"));
        Assert.Equal(expected, string.Concat(new Instance(flow.Connect("js", "a", "A").Connect("js", "b", "B").Connect("js", "d")).Last.Lines));
    }

    [Theory]
    [InlineData("setN(7)", 7)]
    [InlineData("return null", 0)]
    [InlineData("return 5", 5)]
    public void A_script_that_gives_nothing_leaves_the_variable_of_its_result_alone(string script, int expected) =>
        Assert.Equal(expected, (int?)Run(Script("js", script, ""","result":{"memoryReference":{"id":"N"} }""")).Variables["N"]);

    [Fact]
    public void The_last_result_is_what_an_activity_gave_as_its_result_not_the_value_of_a_loop()
    {
        var last = Run(Sequence("root", Script("js", "return 'given'"), Script("none", "return null"), Each("ForEach", "[1, 2]", Sequence("body")), Script("end", "setN(getLastResult() === 'given' ? 1 : 2)")));
        Assert.Equal(1, (int?)last.Variables["N"]);
    }

    [Theory]
    [InlineData("getOutputFrom('out')")]
    [InlineData("getResultFromOut()")]
    public void An_output_is_read_in_its_own_container_and_not_from_one_within(string read)
    {
        var inBranch = $$"""{"id":"if","type":"Elsa.If","condition":{"typeName":"Boolean","expression":{"type":"Literal","value":true} },"then":{{Script("in", "setN(" + read + ")")}} }""";
        var near = Run(Sequence("root", Script("out", "return 3", ""","name":"out" """), inBranch));
        var within = Run(Sequence("root", Script("out", "return 3", ""","name":"out" """), Sequence("inner", inBranch)));
        Assert.Equal((InstanceStatus.Finished, 3, InstanceStatus.Faulted), (near.Status, (int?)near.Variables["N"], within.Status));
    }

    [Fact]
    public void A_variable_that_a_script_makes_lives_as_long_as_its_container()
    {
        var read = Script("read", "setN(getN() * 10 + (getVariable('New') || 1))");
        var last = Run(Sequence("root", Sequence("inner", Script("make", "setVariable('New', 5)"), read), read.Replace("\"read\"", "\"again\"", StringComparison.Ordinal)));
        Assert.Equal(51, (int?)last.Variables["N"]);
    }

    [Theory]
    [InlineData("\"WaitAll\"", 2)]
    [InlineData("\"WaitAny\"", 1)]
    [InlineData("\"2\"", 1)]
    [InlineData("null", 2)]
    [InlineData("2", 2)]
    [InlineData("\"waitany\"", -1)]
    [InlineData("\"bogus\"", -1)]
    [InlineData("\"\"", -1)]
    [InlineData("\" \"", -1)]
    public void A_join_reads_its_mode_as_spelled(string mode, int answers)
    {
        var join = $$"""{"id":"join","type":"Elsa.FlowJoin","mode":{"typeName":"String","expression":{"type":"Literal","value":{{mode}} } } }""";
        var driven = Engine($$"""{"id":"f","type":"Elsa.Flowchart","activities":[{"id":"s","type":"Elsa.Start"},{{Task("a")}},{{Task("b")}},{{join}}],"connections":[{"source":"s","target":"a"},{"source":"s","target":"b"},{"source":"a","target":"join"},{"source":"b","target":"join"}]}""");
        var given = 0;
        while (driven.Last.Status == InstanceStatus.Suspended)
        {
            driven.Step(new AnswerTrigger(driven.Last.Bookmarks[0].Id, null));
            given++;
        }
        Assert.Equal(answers < 0 ? (InstanceStatus.Faulted, 1) : (InstanceStatus.Finished, answers), (driven.Last.Status, given));
    }

    [Theory]
    [InlineData("FlowJoin", "\"\"", InstanceStatus.Faulted)]
    [InlineData("FlowSwitch", "\"\"", InstanceStatus.Faulted)]
    [InlineData("FlowJoin", "{\"expression\":{\"type\":\"Literal\",\"value\":\"\"} }", InstanceStatus.Faulted)]
    [InlineData("FlowSwitch", "{\"expression\":{\"type\":\"Literal\",\"value\":\" \"} }", InstanceStatus.Faulted)]
    [InlineData("FlowJoin", "{\"expression\":{\"type\":\"Object\",\"value\":\"\"} }", InstanceStatus.Finished)]
    [InlineData("FlowSwitch", "{\"expression\":{\"type\":\"Object\",\"value\":\"\"} }", InstanceStatus.Finished)]
    [InlineData("FlowSwitch", "{\"expression\":{\"type\":\"JavaScript\",\"value\":\"''\"} }", InstanceStatus.Faulted)]
    [InlineData("FlowSwitch", "{\"expression\":{\"type\":\"Liquid\",\"value\":\"{{ Variables.None }}\"} }", InstanceStatus.Faulted)]
    [InlineData("FlowJoin", "{\"expression\":{\"type\":\"Liquid\",\"value\":\"{{ Variables.None }}\"} }", InstanceStatus.Faulted)]
    [InlineData("FlowJoin", "null", InstanceStatus.Finished)]
    [InlineData("FlowSwitch", "null", InstanceStatus.Finished)]
    [InlineData("FlowSwitch", "{\"expression\":{\"type\":\"Literal\",\"value\":\"MatchAny\"} }", InstanceStatus.Finished)]
    public void A_blank_mode_is_none_also_where_nothing_asks_for_it(string type, string mode, InstanceStatus expected) =>
        Assert.Equal(expected, Run($$"""{"id":"f","type":"Elsa.Flowchart","activities":[{"id":"it","type":"Elsa.{{type}}","mode":{{mode}} }],"connections":[]}""").Status);

    [Theory]
    [InlineData("getResultFromOut()", "RunJavaScript", true)]
    [InlineData("getValueFromOut()", "RunJavaScript", false)]
    [InlineData("getResultFromOut()", "WriteLine", false)]
    [InlineData("getResultFromOut()", "Event", true)]
    [InlineData("getTaskIdFromOut()", "RunTask", true)]
    [InlineData("getTaskIdFromOut()", "Event", false)]
    [InlineData("getCurrentValueFromOut()", "ForEach", true)]
    [InlineData("getCurrentValueFromOut()", "ParallelForEach", false)]
    [InlineData("getOutputFromOut()", "Switch", true)]
    [InlineData("getResultFromOut()", "If", true)]
    public void A_function_for_an_output_exists_where_the_type_has_that_output(string read, string type, bool exists) =>
        Assert.Equal(exists ? InstanceStatus.Finished : InstanceStatus.Faulted,
            Run(Sequence("root", Script("read", read), $$"""{"id":"e","type":"Elsa.End"}""", $$"""{"id":"out","name":"out","type":"Elsa.{{type}}"}""")).Status);

    [Fact]
    public void A_connection_written_twice_is_one()
    {
        var flow = new Flow().Add("Elsa.Start", "s").Add("Elsa.WriteLine", "a", ("text", "a"));
        Assert.Equal(["a"], new Instance(flow.Connect("s", "a").Connect("s", "a")).Last.Lines);
    }

    [Fact]
    public void After_a_fault_an_event_wakes_no_more_waits_of_its_name()
    {
        var flow = new Flow().Add("Elsa.Start", "s").Add("Elsa.Event", "e1", ("eventName", "E")).Add("Elsa.Event", "e2", ("eventName", "E")).Add("Elsa.Fault", "f", ("message", "no"));
        var instance = new Instance(flow.Connect("s", "e1").Connect("s", "e2").Connect("e1", "f"));
        var last = instance.Step(new EventTrigger("E", null));
        Assert.Equal((InstanceStatus.Faulted, "e2"), (last.Status, Assert.Single(last.Bookmarks).ActivityId));
    }

    [Fact]
    public void What_fails_while_containers_end_is_the_fault_of_the_activity_that_was_run()
    {
        var loop = $$"""{"id":"loop","type":"Elsa.While","condition":{"typeName":"Boolean","expression":{"type":"JavaScript","value":"setN(getN() + 1); getN() > 1 ? nowhere() : true"} },"body":{{Sequence("outer", Sequence("inner", Line("a", "1")))}} }""";
        var last = Run(Sequence("root", loop, Line("after")));
        Assert.Equal(("l1a", "inner Completed, outer Completed, l1a Faulted"),
            (Assert.Single(last.Incidents).ActivityId, string.Join(", ", last.Journal.TakeLast(3).Select(j => $"{j.ActivityId} {j.Event}"))));
    }

    [Theory]
    [InlineData("a", "b a")]
    [InlineData("b", "a")]
    public void A_wait_whose_own_end_is_a_fault_is_still_listed(string answered, string pending)
    {
        // The way back from a is refused: p also leads to a, past q. Behind b comes a fault, when b's wait is over.
        var flow = new Flow().Add("Elsa.Start", "s").Add("Elsa.RunTask", "b").Add("Elsa.Fault", "f").Add("Elsa.WriteLine", "p").Add("Elsa.WriteLine", "q").Add("Elsa.RunTask", "a");
        flow.Connect("s", "b").Connect("s", "p").Connect("s", "q").Connect("p", "a").Connect("q", "a").Connect("a", "q").Connect("b", "f");
        var instance = new Instance(flow);
        instance.Answer(answered, "Done");
        Assert.Equal((InstanceStatus.Faulted, pending), (instance.Last.Status, string.Join(' ', instance.Last.Bookmarks.Select(b => b.ActivityId))));
    }

    [Theory]
    [InlineData("", InstanceStatus.Finished)]
    [InlineData("0 0 0 * * *", InstanceStatus.Suspended)]
    [InlineData("0 0 * * *", InstanceStatus.Faulted)]
    public void A_cron_expression_has_six_fields_and_a_blank_one_does_not_wait(string cron, InstanceStatus status) =>
        Assert.Equal(status, new Instance(new Flow().Add("Elsa.Cron", "c", ("cronExpression", cron))).Last.Status);

    /// <summary>A definition given as JSON, its state going through text.</summary>
    private sealed class Driven
    {
        private static readonly WorkflowEngine Runtime = new();
        private readonly IWorkflowDefinition definition;

        internal Driven(string json)
        {
            definition = Runtime.Load(json);
            Last = Runtime.Step(definition, null, Input(new StartTrigger(new Dictionary<string, JsonNode?>())));
        }

        internal StepResult Last { get; private set; }
        internal void Step(StepTrigger trigger) => Last = Runtime.Step(definition, new WorkflowState(Last.State.Json), Input(trigger));
        private static StepInput Input(StepTrigger trigger) => new(trigger, new DateTimeOffset(2026, 2, 11, 1, 0, 0, TimeSpan.Zero), "seed");
    }
}
