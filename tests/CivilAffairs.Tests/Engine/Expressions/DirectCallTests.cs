using System.Text.Json.Nodes;
using CivilAffairs.Engine.Port;
using CivilAffairs.Engine.Runtime;
using CivilAffairs.Tests.Support;

namespace CivilAffairs.Tests.Engine.Expressions;

/// <summary>A script that only reads one value is answered without an engine, and says what the engine says: in brackets it is run.</summary>
public sealed class DirectCallTests
{
    [Theory]
    [InlineData("Object", "null")]
    [InlineData("Object", "true")]
    [InlineData("Object", "'文 text'")]
    [InlineData("Object", "''")]
    [InlineData("Object", "17")]
    [InlineData("Object", "-0")]
    [InlineData("Object", "0.1 + 0.2")]
    [InlineData("Object", "1e21")]
    [InlineData("Object", "0 / 0")]
    [InlineData("Object", "9007199254740993")]
    [InlineData("Int64", "'9007199254740993'")]
    [InlineData("Decimal", "'12.50'")]
    [InlineData("DateTime", "'2026-02-11T08:00:00Z'")]
    [InlineData("TimeSpan", "'01:30:00'")]
    [InlineData("Guid", "'7f1d1c1e-2222-4444-8888-0123456789ab'")]
    [InlineData("Object", "({ a: 1, b: [2, null] })")]
    [InlineData("Object", "[1, 'x']")]
    public void What_a_variable_holds(string type, string value) => Same("getV()", type, value);

    [Theory]
    [InlineData("getParameter('k')")]
    [InlineData(" getParameter( \"k\" ) ;")]
    [InlineData("getParameter('fraction')")]
    [InlineData("getParameter('list')")]
    [InlineData("getParameter('nothing')")]
    [InlineData("getParameter('unknown')")]
    [InlineData("getParameter()")]
    [InlineData("getParameter('a\\'b')")]
    [InlineData("getFact('f')")]
    [InlineData("getFact('occurredOn')")]
    [InlineData("getFact('unknown')")]
    [InlineData("getV('ignored')")]
    [InlineData("getW()")]
    [InlineData("getv()")]
    [InlineData("getVariable('V')")]
    [InlineData("getLastResult()")]
    [InlineData("getName()")]
    [InlineData("getResultFromset()")]
    [InlineData("getSomething()")]
    public void What_a_reader_gives(string script) => Same(script, "Object", "5");

    [Theory]
    [InlineData("Parameter", "getParameter('k')")]
    [InlineData("fact", "getFact('f')")]
    [InlineData("v", "getV()")]
    [InlineData("lastResult", "getLastResult()")]
    [InlineData("GuidString", "getGuidString()")]
    [InlineData("a b", "getA b()")]
    public void A_variable_may_have_the_name_of_something_else(string second, string script) => Same(script, "Object", "5", second);

    [Theory]
    [InlineData("getV().a")]
    [InlineData("getV().text")]
    [InlineData("getV().nothing")]
    [InlineData("getV().inner")]
    [InlineData("getV().missing")]
    [InlineData("getV().toString")]
    [InlineData("getV().length")]
    [InlineData("getV().inner.b")]
    [InlineData("-getV().a")]
    [InlineData("-getV().text")]
    [InlineData("-getV()")]
    [InlineData("getV().text === '文'")]
    [InlineData("getV().text !== \"文\"")]
    [InlineData("getV().text === '文字'")]
    [InlineData("getV().a === 0.5")]
    [InlineData("getV().ten === 10")]
    [InlineData("-getV().ten !== 10")]
    [InlineData("getV().ten === '10'")]
    [InlineData("getV().yes === true")]
    [InlineData("getV().yes !== false")]
    [InlineData("getV().yes === 'true'")]
    [InlineData("getV().nothing === false")]
    [InlineData("getV().inner === 'x'")]
    [InlineData("getV().missing !== 'x'")]
    [InlineData("getV() === 'x'")]
    [InlineData("getW() === 'x'")]
    [InlineData("getW().a")]
    [InlineData("-getParameter('fraction')")]
    [InlineData("-getParameter('k')")]
    [InlineData("-getParameter('zero')")]
    [InlineData("-getParameter('nothing')")]
    [InlineData("getParameter('k') === '3wd'")]
    [InlineData("getParameter('k') !== '3wd' ;")]
    [InlineData("getParameter('list').length")]
    [InlineData("getParameter('unknown') === 'x'")]
    [InlineData("getFact('f') === 3")]
    [InlineData("getFact('f') === 3 && false")]
    [InlineData("getFact('f') === 03")]
    public void A_member_a_negative_and_a_comparison(string script) => Same(script, "Object", "({ a: 0.5, ten: 10, text: '文', yes: true, nothing: null, inner: { b: 1 } })");

    [Fact]
    public void A_limit_still_names_the_parameter_that_it_was_computed_from()
    {
        var step = Run("getParameter('k')", "Object", "5", null, "CivilAffairs.HumanTask");
        Assert.Equal(["k"], Assert.Single(step.Effects.OfType<CreateTask>()).FinishWithin.ParameterKeys);
    }

    private static void Same(string script, string type, string value, string? second = null)
    {
        var (direct, run) = (Run(script, type, value, second), Run($"({script.Trim().TrimEnd(';')})", type, value, second));
        Assert.Equal(run.Incidents.Select(i => i.Message), direct.Incidents.Select(i => i.Message));
        Assert.Equal(run.State.Json, direct.State.Json);
        Assert.Equal(run.Lines, direct.Lines);
    }

    private static StepResult Run(string script, string type, string value, string? second, string? task = null)
    {
        var flow = new Flow().Variable("V", type).Variable("Out", "Object").Variable(second ?? "Other", "Object")
            .Add("Elsa.SetVariable", "set", ("value", "js:" + value)).With("set", "variable", """{"id":"v-V","name":"V"}""")
            .Add("Elsa.SetVariable", "second", ("value", "js:'second'")).With("second", "variable", $$"""{"id":"v-{{second ?? "Other"}}","name":"{{second ?? "Other"}}"}""")
            .Add("Elsa.SetVariable", "out", ("value", "js:" + script)).With("out", "variable", """{"id":"v-Out","name":"Out"}""")
            .Add("Elsa.WriteLine", "line", ("text", "js:" + script)).Add("Elsa.Event", "wait", ("eventName", "x"))
            .Connect("set", "second").Connect("second", "out").Connect("out", "line");
        if (task is null) flow.Connect("line", "wait");
        else flow.Add(task, "task", ("title", "办理"), ("role", "VIL"), ("finishWithin", "js:" + script), ("outcomes", "js:['Done']")).Connect("line", "task");
        var engine = new WorkflowEngine();
        return engine.Step(engine.Load(flow.ToString()), null, new StepInput(new StartTrigger(new Dictionary<string, JsonNode?>()), new DateTimeOffset(2026, 2, 11, 1, 0, 0, TimeSpan.Zero), "seed")
        {
            Facts = new Dictionary<string, JsonNode?> { ["f"] = JsonNode.Parse("3") },
            Parameters = new Dictionary<string, JsonNode?> { ["k"] = JsonNode.Parse("\"3wd\""), ["fraction"] = JsonNode.Parse("0.50"), ["list"] = JsonNode.Parse("[1,{\"a\":2}]"), ["nothing"] = null, ["zero"] = JsonNode.Parse("0") },
            Calendar = Instance.Weekdays,
        });
    }
}
