using System.Text.Json.Nodes;
using CivilAffairs.Web.Features.Matters.Forms;
using static CivilAffairs.Tests.Features.Matters.Forms.SmallForm;

namespace CivilAffairs.Tests.Features.Matters.Forms;

public class TaskFormEvaluatorTests
{
    private static readonly TaskFormEvaluator Task = new(Small);
    private static readonly FormAnswers Case = Answers("{}");

    [Theory]
    [InlineData("""{"outcome":"Pass"}""", "incomeFen")]
    [InlineData("""{"outcome":"Pass","incomeFen":"x"}""", "incomeFen")]
    [InlineData("""{"outcome":"Fail","other":1}""", "other")]
    public void A_task_s_fields_are_checked_with_its_outcome(string values, string path) =>
        Assert.Equal(path, Task.Validate("check", JsonNode.Parse(values)!.AsObject(), Case).Single().Path);

    [Fact]
    public void Another_outcome_may_ask_for_less() =>
        Assert.Empty(Task.Validate("check", new JsonObject { ["outcome"] = "Fail" }, Case));

    [Fact]
    public void Only_fields_marked_for_the_flow_enter_the_workflow() =>
        Assert.Equal("""{"incomeFen":5}""", Task.FlowFields("check", JsonNode.Parse("""{"outcome":"Pass","incomeFen":5,"note":"张三"}""")!.AsObject(), Case).ToJsonString());
}
