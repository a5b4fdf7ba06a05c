using System.Text.Json.Nodes;
using CivilAffairs.Engine.Activities;
using CivilAffairs.Engine.CaseActivities;
using CivilAffairs.Engine.Port;
using CivilAffairs.Engine.Runtime;
using CivilAffairs.Tests.Support;

namespace CivilAffairs.Tests.Elsa;

/// <summary>Whatever a definition may be drawn with runs on both runtimes.</summary>
public sealed class KnownActivitiesTests
{
    public static TheoryData<string> Types => [.. StockActivities.All.Select(a => a.Declaration.Type).Concat(CaseActivityCatalogue.Declarations.Select(d => d.Type))];

    [ElsaTheory, MemberData(nameof(Types))]
    public void Elsa_s_registry_has_every_activity_that_the_designer_offers(string type) => Assert.True(SecondRuntime.Knows(type), type);

    [ElsaFact]
    public void And_none_that_nobody_declared() => Assert.False(SecondRuntime.Knows("CivilAffairs.Nothing"));

    [Theory]
    [InlineData("""["one@bureau.example","two@bureau.example"]""")]
    [InlineData("js:['one@bureau.example','two@bureau.example']")]
    public void A_letter_of_a_manager_s_own_words_is_an_effect_on_our_runtime(string to) => Check(new WorkflowEngine(), to);

    [ElsaTheory]
    [InlineData("""["one@bureau.example","two@bureau.example"]""")]
    [InlineData("js:['one@bureau.example','two@bureau.example']")]
    public void And_on_Elsa_s(string to) => Check(SecondRuntime.Engine, to);

    private static void Check(IWorkflowEngine engine, string to)
    {
        var flow = new Flow().Add("Elsa.SendEmail", "mail", ("to", to), ("subject", "js:'No ' + 7"), ("body", "liquid:Day {{ 3 }}")).Add("Elsa.WriteLine", "then", ("text", "gone on")).Connect("mail", "then");
        // As Studio writes inputs: Elsa reads none that says no type.
        var json = flow.ToString().Replace("{\"expression\"", "{\"typeName\":\"Object\",\"expression\"", StringComparison.Ordinal);
        var step = engine.Step(engine.Load(json), null, new StepInput(new StartTrigger(new Dictionary<string, JsonNode?>()), new DateTimeOffset(2026, 2, 11, 1, 0, 0, TimeSpan.Zero), "seed"));
        var mail = Assert.IsType<SendEmail>(Assert.Single(step.Effects));
        Assert.Equal(("mail", "No 7", "Day 3"), (mail.ActivityId, mail.Subject, mail.Body));
        Assert.Equal(["one@bureau.example", "two@bureau.example"], mail.To);
        Assert.Equal((InstanceStatus.Finished, "gone on"), (step.Status, Assert.Single(step.Lines)));
    }
}
