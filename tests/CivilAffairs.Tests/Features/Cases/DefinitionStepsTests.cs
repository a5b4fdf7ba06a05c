using CivilAffairs.Tests.Features.Matters;
using CivilAffairs.Web.Features.Cases.Steps;

namespace CivilAffairs.Tests.Features.Cases;

/// <summary>Steps that bar their performers from another one are named as people call them, once each, in both languages.</summary>
public sealed class DefinitionStepsTests
{
    /// <summary>What people choose, or read that somebody chose, has words.</summary>
    [Fact]
    public void Every_outcome_of_a_shipped_step_has_words_in_both_languages()
    {
        var texts = new System.Resources.ResourceManager(typeof(CivilAffairs.Web.Features.Cases.CaseTexts));
        // A matter may say it in words of its own.
        var outcomes = ShippedMatters.Folders.Select(m => ShippedMatters.Load(m).Revision!).SelectMany(r => r.Workflows.Values.SelectMany(json => Outcomes(System.Text.Json.Nodes.JsonNode.Parse(json))).Where(o => !r.Matter.Outcomes.ContainsKey(o))).ToHashSet();
        Assert.True(outcomes.Count > 15, $"{outcomes.Count}");
        foreach (var language in new[] { "zh-CN", "en" })
            Assert.All(outcomes, outcome => Assert.False(string.IsNullOrEmpty(texts.GetString($"Outcome.{outcome}", System.Globalization.CultureInfo.GetCultureInfo(language))), outcome));
        Assert.Null(texts.GetString("Outcome.Unheard", System.Globalization.CultureInfo.GetCultureInfo("zh-CN")));
    }

    private static IEnumerable<string> Outcomes(System.Text.Json.Nodes.JsonNode? node) => node switch
    {
        System.Text.Json.Nodes.JsonObject map => ((string?)map["type"] is "CivilAffairs.HumanTask" or "CivilAffairs.ApplicantTask"
            ? System.Text.Json.JsonSerializer.Deserialize<string[]>((string)map["outcomes"]!["expression"]!["value"]!)! : []).Concat(map.SelectMany(p => Outcomes(p.Value))),
        System.Text.Json.Nodes.JsonArray list => list.SelectMany(Outcomes),
        _ => [],
    };

    [Fact]
    public void Steps_of_every_workflow_are_named_once_and_unknown_ones_left_out()
    {
        var revision = ShippedMatters.Load("rural-dibao").Revision!;
        var titles = DefinitionSteps.Titles(revision, ["confirm", "gone", "reviewGranted", "confirm"]).ToList();
        Assert.Equal([("确认并核定金额", "Confirm and set the amount"), ("复查确认决定", "Review the grant")], titles.Select(t => (t.Zh, t.En)));
        // Of a whole matter: each step that bars another has a name to be told by.
        Assert.All(DefinitionSteps.Of(revision).Values, t => Assert.False(string.IsNullOrWhiteSpace(t.Zh) || string.IsNullOrWhiteSpace(t.En)));
    }
}
