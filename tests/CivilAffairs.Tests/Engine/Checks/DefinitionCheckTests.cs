using System.Text.Json.Nodes;
using CivilAffairs.Engine.Checks;
using CivilAffairs.Engine.Expressions;
using CivilAffairs.Tests.Support;
using Xunit;

namespace CivilAffairs.Tests.Engine.Checks;

/// <summary>One deliberate violation for each thing the check looks for, and a sound definition that passes.</summary>
public sealed class DefinitionCheckTests
{
    private static readonly CheckSurroundings Matter = new(
        Parameters: new Dictionary<string, JsonNode?> { ["standard"] = 9000, ["free"] = "none", ["limit"] = "10wd" }, Facts: new HashSet<string> { "members" });

    [Fact]
    public void A_sound_definition_has_no_findings() => Assert.Empty(DefinitionCheck.Run(Sound().ToString(), Matter));

    [Fact]
    public void What_is_no_definition_is_said_so() => Assert.Single(DefinitionCheck.Run("{}"));

    public static TheoryData<string, string> Violations => new()
    {
        { "unknown activity type", new Flow().Add("Elsa.HttpRequest", "bad").ToString() },
        { "dangling connection", new Flow().Add("Elsa.Start", "bad").Connect("bad", "nowhere").ToString() },
        { "invalid backward connection", new Flow().Add("Elsa.Start", "s").Add("Elsa.WriteLine", "a", ("text", "a")).Add("Elsa.WriteLine", "b", ("text", "b")).Add("Elsa.WriteLine", "bad", ("text", "c"))
            .Connect("s", "a").Connect("s", "b").Connect("a", "bad").Connect("b", "bad").Connect("bad", "a").ToString() },
        { "unreachable activity", new Flow().Add("Elsa.Start", "s").Add("Elsa.End", "e").Add("Elsa.WriteLine", "bad", ("text", "x")).Connect("s", "e").ToString() },
        { "outcome without a way on", Task(outcomes: """["Ok","Refuse"]""").ToString() },
        { "role nobody can hold", Task(role: "XYZ").ToString() },
        { "wrong JavaScript", new Flow().Add("Elsa.WriteLine", "bad", ("text", "js:1 +")).ToString() },
        { "unknown variable", new Flow().Add("Elsa.WriteLine", "bad", ("text", "js:getAmount()")).ToString() },
        { "unknown function", Says("js:roundUp(3)") },
        { "unknown name", Says("js:count + 1") },
        { "a function of another runtime", Says("js:require('fs')") },
        { "an outcome named by an expression that has none", Says("js:setOutcome('A')") },
        { "a function of its own, out of reach", Says("js:{ let inner = () => 1 } inner()") },
        { "a default that is not there", Says("js:(function (a = later) { return a })()") },
        { "unknown variable set", Says("js:setAmount(1)") },
        { "unknown member of variables", Says("js:variables.Amount") },
        { "unknown member of variables, in brackets", Says("js:variables['Amount']") },
        { "unknown variable by name", Says("js:getVariable('Amount')") },
        { "unknown input", Says("js:getInput('amount')") },
        { "an output that its type does not have", Says("js:getValueFromBad()") },
        { "a variable of a container further in", new Flow().Nest(new Flow("inner").Add("Elsa.End", "e")).With("inner", "variables", "[{\"id\":\"v\",\"name\":\"Amount\",\"typeName\":\"Int32\"}]")
            .Add("Elsa.WriteLine", "bad", ("text", "js:getAmount()")).Connect("inner", "bad").ToString() },
        { "unknown fact", Says("js:getFact('age')") },
        { "unknown fact in Liquid", Says("liquid:{{ Facts.age }}") },
        { "unknown variable in Liquid", Says("liquid:{{ Variables.Amount }}") },
        { "unknown variable in Liquid, in brackets", Says("liquid:{% if Variables['Amount'] > 1 %}x{% endif %}") },
        { "unknown input in Liquid", Says("liquid:{{ Input.amount }}") },
        { "unknown name in Liquid", Says("liquid:{% for item in items %}{{ item }}{% endfor %}") },
        { "unknown name in a rule", new Flow().Add("CivilAffairs.EligibilityRule", "bad", ("rules", """[{"id":"r","condition":"total < 5","zh":"x","en":"x","source":"DB 1","mark":"S"}]""")).ToString() },
        { "a rule without a mark", new Flow().Add("CivilAffairs.EligibilityRule", "bad", ("rules", """[{"id":"r","condition":"1 < 5","zh":"x","en":"x","source":"DB 1"}]""")).ToString() },
        { "a rule with a mark that is none", new Flow().Add("CivilAffairs.EligibilityRule", "bad", ("rules", """[{"id":"r","condition":"1 < 5","zh":"x","en":"x","source":"DB 1","mark":"X"}]""")).ToString() },
        { "a level at which nobody holds the role", Task(level: "county").ToString() },
        { "a limit by a parameter that is none", Task(limit: "js:getParameter('free')").ToString() },
        { "a limit to start by a parameter that is none", Task(start: "js:getParameter('limit') === '' ? '1d' : getParameter(`free`)").ToString() },
        { "unknown parameter of two", new Flow().Add("Elsa.WriteLine", "bad", ("text", "js:getParameter(getFact('members') > 1 ? 'standard' : ('rate'))")).ToString() },
        { "unknown parameter", new Flow().Add("Elsa.WriteLine", "bad", ("text", "js:getParameter('rate')")).ToString() },
        { "unknown parameter in Liquid", new Flow().Add("Elsa.WriteLine", "bad", ("text", "liquid:{{ Parameters[\"rate\"] }}")).ToString() },
        { "unknown parameter to be frozen", new Flow().Add("CivilAffairs.GrantBenefit", "bad", ("benefit", "b"), ("amount", "100"), ("from", "2026-04"), ("parameters", """["standard","rate"]""")).ToString() },
        { "output of a step that is not there", new Flow().Add("Elsa.WriteLine", "bad", ("text", "js:getOutputFrom('gone', 'Result')")).ToString() },
        { "letter to a role nobody can hold", new Flow().Add("CivilAffairs.Notify", "bad", ("to", "role:XYZ"), ("template", "t")).ToString() },
        { "letter to nobody", new Flow().Add("CivilAffairs.Notify", "bad", ("to", "everybody"), ("template", "t")).ToString() },
        { "days that are no number", new Flow().Add("CivilAffairs.PublicNotice", "bad", ("template", "t"), ("kind", "k"), ("place", "village"), ("days", "abc")).ToString() },
        { "a start at no time", new Flow().Add("Elsa.StartAt", "bad", ("dateTime", "soon")).ToString() },
        { "no limit to start and no reason", Task(start: "none").ToString() },
        { "missing input", new Flow().Add("CivilAffairs.SetStatus", "bad").ToString() },
        { "unknown status", new Flow().Add("CivilAffairs.SetStatus", "bad", ("status", "Done")).ToString() },
        { "invalid cron", new Flow().Add("Elsa.Cron", "bad", ("cronExpression", "every day")).ToString() },
        { "invalid duration", new Flow().Add("Elsa.Delay", "bad", ("timeSpan", "two days")).ToString() },
        { "invalid limit", Task(limit: "10 days").ToString() },
        { "no limit and no reason", Task(limit: "none").ToString() },
        { "not the same person as in a step that is not there", Task(notSameAs: """["gone"]""").ToString() },
    };

    [Theory]
    [MemberData(nameof(Violations))]
    public void A_violation_is_found_at_its_activity(string violation, string definition)
    {
        var findings = DefinitionCheck.Run(definition, Matter);
        Assert.True(findings.Any(f => f.ActivityId == "bad"), $"{violation} was not found");
        Assert.All(findings, f => Assert.False(string.IsNullOrWhiteSpace(f.Message.Zh) || string.IsNullOrWhiteSpace(f.Message.En)));
    }

    /// <summary>The same of a template.</summary>
    [Theory]
    [InlineData("{% assign total = Variables.Amount %}{{ total }}{% capture text %}x{% endcapture %}{{ text }}")]
    [InlineData("{% for n in (1..3) %}{{ n }}{{ forloop.index }}{% endfor %}{% increment counter %}{{ counter }}")]
    [InlineData("{{ Facts.members }}{{ Parameters['standard'] }}{{ Facts.occurredOn }}{{ WorkflowInstanceId }}{{ 'Variables.Gone' }}")]
    [InlineData("{% if Variables.Amount == blank %}{% tablerow c in (1..2) %}{{ c }}{% endtablerow %}{% endif %}")]
    public void A_template_may_use_what_is_there(string template)
    {
        var flow = new Flow().Variable("Amount", "Int32").Add("Elsa.WriteLine", "bad", ("text", "liquid:" + template));
        Assert.DoesNotContain(DefinitionCheck.Run(flow.ToString(), Matter), f => f.ActivityId == "bad");
    }

    /// <summary>What a script makes itself, what the language has and what Elsa offers is no fault.</summary>
    [Theory]
    [InlineData("const a = [1, 2].map(x => x + 1); a.length")]
    [InlineData("function twice(n) { return n * 2 } twice(Math.max(1, 2))")]
    [InlineData("later(); function later() { return early } var early = 1")]
    [InlineData("const f = function again(n) { return n ? again(n - 1) : arguments.length }; f(1)")]
    [InlineData("const { a, b: { c = 1 }, ...rest } = { a: 1, b: {} }; const [d, , e = d] = [1]; a + c + d + e + rest.x")]
    [InlineData("total = 1; total += 2; [x, y] = [1, 2]; x + y + total")]
    [InlineData("for (const i of [1]) { i } for (k in {}) { k } for (let j = 0; j < 1; j++) j")]
    [InlineData("try { throw new Error('x') } catch ({ message }) { message }")]
    [InlineData("outer: for (;;) { break outer }")]
    [InlineData("class A { static b = 1; m() { return this.c ?? A.b } } new A().m(); const B = class C { n() { return C } }; B")]
    [InlineData("({ key: 1, ['k' + 1]: 2, undefinedMember() { return new.target } }).key.gone?.deeper")]
    [InlineData("typeof nothing === 'undefined' ? NaN : Infinity")]
    [InlineData("`a ${JSON.stringify({ a: 1 })} getGone() variables.Gone`")]
    [InlineData("/getGone\\(\\)/.test('getGone()') // getGone()")]
    [InlineData("getAmount() + variables.Amount + getVariable('Amount') + getLastResult()")]
    [InlineData("setVariable('New', 1); getNew()")]
    [InlineData("variables.Made = 1; getMade() + variables.Made")]
    [InlineData("getTextFromBad, getOutputFrom('bad')", true)]
    [InlineData("getFact('members') > getParameter('standard') ? newGuidString() : ceilDiv(1, 2)")]
    [InlineData("new Date(Date.now()).toISOString(); DateTime.UtcNow; globalThis")]
    [InlineData("var variables = { Own: 1 }; variables.Own")]
    public void A_script_may_use_what_is_there(string script, bool refused = false)
    {
        var flow = new Flow().Variable("Amount", "Int32").Add("Elsa.WriteLine", "bad", ("text", "js:" + script));
        Assert.Equal(refused, DefinitionCheck.Run(flow.ToString(), Matter).Count > 0);
    }

    [Fact]
    public void Every_function_the_check_knows_is_there_when_a_script_runs()
    {
        var names = ScriptGlobals.Offered.Concat(ScriptGlobals.OfLanguage).Concat(ScriptGlobals.OfScripts);
        var script = string.Join("; ", names.Select(n => $"if (typeof {n} === 'undefined' && '{n}' !== 'undefined') throw new Error('{n}')"));
        var last = new Instance(new Flow().Add("Elsa.RunJavaScript", "it", ("script", script))).Last;
        Assert.Empty(last.Incidents);
        // And the other way round: what the runtime defines by name.
        var source = File.ReadAllText(Repository.Path("src", "CivilAffairs.Engine", "Expressions", "JavaScriptBinding.cs"));
        var defined = System.Text.RegularExpressions.Regex.Matches(source, "Define\\(\"(\\w+)\"").Select(m => m.Groups[1].Value).Where(n => n is not ("get" or "set")).ToList();
        Assert.True(defined.Count > 30, $"{defined.Count}");
        Assert.All(defined, name => Assert.True(ScriptGlobals.Offered.Contains(name) || ScriptGlobals.OfScripts.Contains(name), name));
    }

    [Fact]
    public void A_loop_gives_its_value_to_what_is_within()
    {
        string Loop(string type) => $$"""{"root":{"id":"l","type":"Elsa.{{type}}","body":{"id":"s","type":"Elsa.Sequence","activities":[{"id":"w","type":"Elsa.WriteLine","text":{"expression":{"type":"JavaScript","value":"getCurrentIndex()"} } }]} } }""";
        Assert.Empty(DefinitionCheck.Run(Loop("ForEach")));
        Assert.Single(DefinitionCheck.Run(Loop("While")));
    }

    [Fact]
    public void A_limit_by_a_parameter_is_accepted_where_it_is_one_or_says_why_not()
    {
        Assert.Empty(DefinitionCheck.Run(Task(limit: "js:getParameter('limit')").ToString(), Matter));
        Assert.Empty(DefinitionCheck.Run(Task(limit: "js:getParameter('free')", reason: "由申请人决定何时前来").ToString(), Matter));
    }

    [Fact]
    public void A_role_may_be_held_at_the_levels_that_its_matter_gives_it()
    {
        var roles = new Dictionary<string, IReadOnlySet<string>> { ["TRV"] = new HashSet<string> { "county" } };
        Assert.Empty(DefinitionCheck.Run(Task(level: "county").ToString(), Matter with { Roles = roles }));
        Assert.Contains(DefinitionCheck.Run(Task().ToString(), Matter with { Roles = roles }), f => f.ActivityId == "bad");
    }

    [Fact]
    public void No_limit_with_a_reason_is_accepted() =>
        Assert.Empty(DefinitionCheck.Run(Task(limit: "none", reason: "由申请人决定何时前来").ToString(), Matter));

    [Fact]
    public void Deep_diamonds_are_checked_in_no_time()
    {
        // Listing the paths of 200 stacked diamonds would take 2^200 steps.
        var flow = new Flow().Add("Elsa.Start", "n0");
        for (var i = 0; i < 200; i++)
        {
            flow.Add("Elsa.WriteLine", $"l{i}", ("text", "l")).Add("Elsa.WriteLine", $"r{i}", ("text", "r")).Add("Elsa.WriteLine", $"n{i + 1}", ("text", "n"));
            flow.Connect($"n{i}", $"l{i}").Connect($"n{i}", $"r{i}").Connect($"l{i}", $"n{i + 1}").Connect($"r{i}", $"n{i + 1}");
        }
        flow.Connect("n200", "n1");
        Assert.Empty(DefinitionCheck.Run(flow.ToString()));
    }

    private static string Says(string text) => new Flow().Add("Elsa.WriteLine", "bad", ("text", text)).ToString();

    private static Flow Sound() => Task().Connect("bad", "end", "Ok");

    private static Flow Task(string role = "TRV", string limit = "10wd", string outcomes = """["Ok"]""", string notSameAs = "[]", string? reason = null, string start = "", string level = "township")
    {
        var flow = new Flow().Add("CivilAffairs.HumanTask", "bad",
            [("title", "审核"), ("role", role), ("level", level), ("finishWithin", limit), ("outcomes", outcomes), ("notSameAs", notSameAs), ("startWithin", start), .. reason is null ? Array.Empty<(string, object)>() : [("noLimitReason", reason)]])
            .Add("Elsa.Finish", "end");
        return flow.Connect("bad", "end", "Ok");
    }
}
