using CivilAffairs.Tests.Features.Matters;
using CivilAffairs.Web.Features.Cases.Steps;

namespace CivilAffairs.Tests.Features.Cases;

/// <summary>Steps that bar their performers from another one are named as people call them, once each, in both languages.</summary>
public sealed class DefinitionStepsTests
{
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
