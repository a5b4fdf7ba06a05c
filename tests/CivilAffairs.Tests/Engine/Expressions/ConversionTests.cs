using CivilAffairs.Engine.Port;
using CivilAffairs.Tests.Support;

namespace CivilAffairs.Tests.Engine.Expressions;

/// <summary>Conversions and prints beyond the corpus, each as seen of Elsa 3.6.3 itself.</summary>
public sealed class ConversionTests
{
    private static StepResult Set(string type, string script, string shown) => new Instance(new Flow().Variable("V", type).Variable("T", "String")
        .Add("Elsa.SetVariable", "set", ("value", "js:" + script)).With("set", "variable", $$"""{"id":"v-V","name":"V"}""")
        .Add("Elsa.WriteLine", "line", ("text", shown)).Connect("set", "line")).Last;

    [Theory]
    [InlineData("Int32", "' '", "null")]
    [InlineData("Int32", "'0x10'", "16")]
    [InlineData("Int32", "' 12 '", "12")]
    [InlineData("Int32", "'17.9'", "0")]
    [InlineData("Int32", "new Date(0)", "0")]
    [InlineData("Int64", "'#ff'", "255")]
    [InlineData("Decimal", "'1e3'", "1000")]
    [InlineData("Decimal", "'9007199254740993'", "9007199254740992")]
    [InlineData("Boolean", "' '", "null")]
    [InlineData("Boolean", "new Date(0)", "false")]
    [InlineData("Boolean", "0 / 0", "true")]
    [InlineData("DateTime", "''", "\"0001-01-01T00:00:00.000Z\"")]
    [InlineData("DateTime", "5", "\"0001-01-01T00:00:00.000Z\"")]
    [InlineData("TimeSpan", "'3'", "3")]
    [InlineData("TimeSpan", "'72:00:00'", "3")]
    [InlineData("TimeSpan", "'00:90:00'", "0")]
    [InlineData("JsonObject", "17", "null")]
    [InlineData("JsonObject", "[1]", "null")]
    [InlineData("Object", "({a: undefined, f: () => 1, b: [undefined]})", "{\"a\":null,\"b\":[null]}")]
    public void A_value_becomes_what_the_variable_holds(string type, string script, string expected) =>
        Assert.Equal([expected], Set(type, script, type == "TimeSpan" ? "js:getV().TotalDays" : "js:JSON.stringify(getV())").Lines);

    [Theory]
    [InlineData("Int32", "2147483648")]
    [InlineData("Int32", "'99999999999'")]
    [InlineData("Int64", "1e20")]
    [InlineData("Decimal", "1e40")]
    [InlineData("DateTime", "'{}'")]
    [InlineData("Guid", "'[1]'")]
    [InlineData("ObjectDictionary", "'abc'")]
    [InlineData("ObjectDictionary", "5")]
    [InlineData("JsonObject", "'[1]'")]
    public void What_cannot_be_held_at_all_is_a_fault_and_not_a_silent_zero(string type, string script)
    {
        var last = Set(type, script, "js:1");
        Assert.Equal((InstanceStatus.Faulted, 0), (last.Status, last.Lines.Count));
    }

    [Theory]
    [InlineData("new Date(Date.UTC(2026, 2, 1))", "2026-03-01")]
    [InlineData("new Date(Date.UTC(2026, 2, 1, 8))", "03/01/2026 08:00:00")]
    [InlineData("DateTime.MinValue", "")]
    [InlineData("['\"', '<b>', '文']", "[\"\\u0022\",\"\\u003Cb\\u003E\",\"文\"]")]
    [InlineData("({d: new Date(0), n: 1e21, z: -0})", "{\"d\":\"1970-01-01T00:00:00Z\",\"n\":1E+21,\"z\":-0}")]
    [InlineData("[parseGuid('7f1d1c1e-2222-4444-8888-0123456789AB'), TimeSpan.FromHours(1)]", "[\"7f1d1c1e-2222-4444-8888-0123456789ab\",\"01:00:00\"]")]
    [InlineData("Promise.resolve(5)", "5")]
    [InlineData("(async () => 6)()", "6")]
    [InlineData("new Error('bad')", "Error: bad")]
    [InlineData("toJson(undefined)", "null")]
    [InlineData("toJson({a: '<'})", "{\"a\":\"\\u003C\"}")]
    [InlineData("new String('s')", "s")]
    [InlineData("DateTime.UtcNow", "02/11/2026 01:00:00")]
    [InlineData("new Date().toISOString()", "2026-02-11T01:00:00.000Z")]
    [InlineData("Guid.NewGuid().ToString().length", "36")]
    public void A_script_prints_as_Elsa_prints_it(string script, string expected) =>
        Assert.Equal([expected], new Instance(new Flow().Add("Elsa.WriteLine", "line", ("text", "js:" + script))).Last.Lines);

    [Theory]
    [InlineData("new Promise(() => {})")]
    [InlineData("Promise.reject('no')")]
    [InlineData("getOutputFrom('nobody')")]
    [InlineData("getInput()")]
    public void A_script_that_can_give_nothing_faults(string script) =>
        Assert.Equal(InstanceStatus.Faulted, new Instance(new Flow().Add("Elsa.WriteLine", "line", ("text", "js:" + script))).Last.Status);

    [Theory]
    [InlineData("setV('x'); return getV() + typeof variables.V", "xstring", "0")]
    [InlineData("setV(2.5); return getV()", "2.5", "2")]
    [InlineData("variables.V = 7; variables.V = null", "", "5")]
    [InlineData("setV(null)", "", "")]
    public void A_script_reads_back_what_it_wrote_and_the_type_holds_after_it(string script, string within, string after)
    {
        var flow = new Flow().Variable("V", "Int32").Add("Elsa.RunJavaScript", "first", ("script", "setV(5)")).Add("Elsa.WriteLine", "a", ("text", "js:" + script)).Add("Elsa.WriteLine", "b", ("text", "js:getV()"));
        Assert.Equal([within, after], new Instance(flow.Connect("first", "a").Connect("a", "b")).Last.Lines);
    }

    [Fact]
    public void An_object_prints_in_one_line_in_its_burst_and_as_it_is_stored_later()
    {
        var flow = new Flow().Variable("V").Add("Elsa.RunJavaScript", "set", ("script", "setV({a: 1})")).Add("Elsa.WriteLine", "a", ("text", "js:getV()"))
            .Add("Elsa.RunTask", "ask", ("taskName", "ask")).Add("Elsa.WriteLine", "b", ("text", "js:getV()")).Add("Elsa.WriteLine", "c", ("text", "js:({...getV()})"));
        var instance = new Instance(flow.Connect("set", "a").Connect("a", "ask").Connect("ask", "b").Connect("b", "c"));
        Assert.Equal(["{\"a\":1}"], instance.Last.Lines);
        Assert.Equal(["{\n  \"a\": 1\n}", "{\"a\":1}"], instance.Step(new AnswerTrigger(instance.Pending("ask").Id, null)).Lines.Select(l => l!.ReplaceLineEndings("\n")));
    }

    [Theory]
    [InlineData("getResultFromFirstOne()")]
    [InlineData("getOutputFrom('first one', 'Result')")]
    [InlineData("getOutputFrom('one')")]
    public void The_first_output_of_a_burst_is_read_by_id_or_name(string script)
    {
        var flow = new Flow().Variable("N", "Int32").Add("Elsa.RunJavaScript", "one", ("script", "setN((getN() || 0) + 1); return getN() * 10")).With("one", "name", "\"first one\"")
            .Add("Elsa.WriteLine", "line", ("text", "js:" + script)).Add("Elsa.FlowDecision", "again", ("condition", "js:getN() < 2"));
        Assert.Equal(["10", "10"], new Instance(flow.Connect("one", "line").Connect("line", "again").Connect("again", "one", "True")).Last.Lines);
    }

    [Fact]
    public void An_output_of_an_activity_that_has_not_run_is_nothing()
    {
        var flow = new Flow().Add("Elsa.WriteLine", "line", ("text", "js:getResultFromLater() === null")).Add("Elsa.RunJavaScript", "later", ("script", "return 1"));
        Assert.Equal(["True"], new Instance(flow.Connect("line", "later")).Last.Lines);
    }
}
