using System.Text.Json.Nodes;
using CivilAffairs.Web.Features.Designer.Forms;
using CivilAffairs.Web.Features.Matters.Forms;

namespace CivilAffairs.Tests.Features.Designer.Forms;

/// <summary>Conditions that are picked: read from what is written, and written so that they mean the same.</summary>
public sealed class PickedConditionTests
{
    [Theory]
    [InlineData("item.byAgent === true", "item byAgent is true")]
    [InlineData("item.disability != null && item.disability !== 'none'", "item disability filled  + item disability isNot 'none'")]
    [InlineData("form.members.length === 1", "members length is 1")]
    [InlineData("form.members.some(m => m.health === 'serious')", "members* health is 'serious'")]
    [InlineData("['severeDisability', 'mindDisability'].includes(form.single.ground)", "single ground oneOf 'severeDisability','mindDisability'")]
    [InlineData("(item.a >= 10 || item.b == null)", "item a atLeast 10 / item b empty ")]
    [InlineData("!['a'].includes(item.kind)", "item kind noneOf 'a'")]
    [InlineData("item.note === 'it\\'s'", "item note is 'it\\'s'")]
    public void What_can_be_picked_is_read_and_written_back(string expression, string expected)
    {
        var picked = PickedCondition.Read(expression)!;
        Assert.Equal(expected, string.Join(picked.All ? " + " : " / ", picked.Clauses.Select(c => $"{c.Section}{(c.AnyRow ? "*" : "")} {c.Field} {c.Test} {string.Join(',', c.Values)}")));
        var again = PickedCondition.Read(picked.Write())!;
        Assert.Equal(picked.Clauses.Select(c => (c.Section, c.Field, c.Test, string.Join(',', c.Values), c.AnyRow)), again.Clauses.Select(c => (c.Section, c.Field, c.Test, string.Join(',', c.Values), c.AnyRow)));
        Assert.Null(FormScript.SyntaxError(picked.Write()));
    }

    [Theory]
    [InlineData("item.a === item.b")]
    [InlineData("form.single?.ground === 'x'")]
    [InlineData("form.members.filter(m => m.relation === 'self').length <= 1")]
    [InlineData("item.a === true && (item.b === true || item.c === true)")]
    [InlineData("item.a ===")]
    [InlineData("ageOn(item.born, today) >= 18")]
    [InlineData("form.members.some(m => form.applicant.name === 'x')")]
    public void What_says_more_stays_as_it_was_typed(string expression) => Assert.Null(PickedCondition.Read(expression));

    [Fact]
    public void A_picked_condition_decides_as_it_says()
    {
        var form = new JsonObject { ["members"] = new JsonArray(new JsonObject { ["health"] = "good" }, new JsonObject { ["health"] = "serious" }), ["single"] = new JsonObject { ["ground"] = "it's" } };
        using var script = new FormScript(() => form, new Dictionary<string, JsonNode?>(), new DateOnly(2026, 11, 27));
        Assert.True(script.Decide(new PickedCondition(true, [new("members", "health", "is", [PickedCondition.Literal("serious")], AnyRow: true)]).Write()));
        Assert.False(script.Decide(new PickedCondition(true, [new("members", "health", "is", [PickedCondition.Literal("chronic")], AnyRow: true)]).Write()));
        Assert.True(script.Decide(new PickedCondition(false, [new("members", "length", "more", ["2"]), new("single", "ground", "is", [PickedCondition.Literal("it's")])]).Write()));
        Assert.False(script.Decide(new PickedCondition(true, [new("members", "length", "more", ["2"]), new("single", "ground", "filled", [])]).Write()));
    }
}
