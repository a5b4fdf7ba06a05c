using CivilAffairs.Engine.Checks;
using CivilAffairs.Tests.Support;
using Xunit;

namespace CivilAffairs.Tests.Engine.Checks;

/// <summary>One deliberate violation for each thing the check looks for, and a sound definition that passes.</summary>
public sealed class DefinitionCheckTests
{
    private static readonly CheckSurroundings Matter = new(ParameterKeys: new HashSet<string> { "standard" });

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

    private static Flow Sound() => Task().Connect("bad", "end", "Ok");

    private static Flow Task(string role = "TRV", string limit = "10wd", string outcomes = """["Ok"]""", string notSameAs = "[]", string? reason = null, string start = "")
    {
        var flow = new Flow().Add("CivilAffairs.HumanTask", "bad",
            [("title", "审核"), ("role", role), ("level", "township"), ("finishWithin", limit), ("outcomes", outcomes), ("notSameAs", notSameAs), ("startWithin", start), .. reason is null ? Array.Empty<(string, object)>() : [("noLimitReason", reason)]])
            .Add("Elsa.Finish", "end");
        return flow.Connect("bad", "end", "Ok");
    }
}
