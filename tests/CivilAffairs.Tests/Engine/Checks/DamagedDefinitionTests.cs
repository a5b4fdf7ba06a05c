using System.Text.Json.Nodes;
using CivilAffairs.Engine.Checks;
using CivilAffairs.Engine.Port;
using CivilAffairs.Engine.Runtime;
using CivilAffairs.Tests.Support;

namespace CivilAffairs.Tests.Engine.Checks;

/// <summary>Whatever is wrong with a file, it ends in a sentence: no reader, check or run breaks.</summary>
public sealed class DamagedDefinitionTests
{
    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"root\":[]}")]
    [InlineData("{\"root\":{\"id\":1}}")]
    [InlineData("{\"root\":{\"id\":\"a\",\"id\":\"b\",\"type\":\"Elsa.Start\"}}")]
    [InlineData("{\"root\":{\"id\":\"\\ud800\",\"type\":\"Elsa.Start\"}}")]
    [InlineData("\u0000")]
    public void What_is_no_definition_gives_one_sentence_in_both_languages(string text)
    {
        var finding = Assert.Single(DefinitionCheck.Run(text));
        Assert.NotEmpty(finding.Message.Zh);
        Assert.NotEmpty(finding.Message.En);
        Assert.Throws<DefinitionException>(() => new WorkflowEngine().Load(text));
    }

    [Fact]
    public void Depth_is_refused_before_it_can_overflow()
    {
        Assert.Single(DefinitionCheck.Run(string.Concat(Enumerable.Repeat("{\"root\":", 100_000))));
        var nested = """{"id":"x","type":"Elsa.Start"}""";
        for (var i = 0; i < 60; i++) nested = $$"""{"id":"s{{i}}","type":"Elsa.Sequence","activities":[{{nested}}]}""";
        Assert.Empty(DefinitionCheck.Run($$"""{"root":{{nested}} }"""));
    }

    [Theory]
    [InlineData("""{"id":"x"}""")]
    [InlineData("5")]
    [InlineData("null")]
    public void Something_that_is_no_activity_is_told_and_not_passed_over(string item) =>
        Assert.Contains(DefinitionCheck.Run($$"""{"root":{"id":"f","type":"Elsa.Flowchart","activities":[{"id":"s","type":"Elsa.Start"},{{item}}],"connections":[]} }"""),
            f => f.Message.En.Contains("no activity type", StringComparison.Ordinal));

    [Fact]
    public void A_workflow_with_anything_in_it_replaced_is_checked_and_runs_without_breaking()
    {
        var files = Directory.EnumerateFiles(Path.Combine(Repository.Root, "workflows"), "*.workflow.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal).ToList();
        Assert.NotEmpty(files);
        var (read, engine) = (0, new WorkflowEngine());
        for (var seed = 0; seed < 400; seed++)
        {
            var random = new Random(seed);
            var text = Damaged(JsonNode.Parse(File.ReadAllText(files[seed % files.Count]))!, random).ToJsonString();
            DefinitionCheck.Run(text);
            IWorkflowDefinition definition;
            try
            {
                definition = engine.Load(text);
            }
            catch (DefinitionException)
            {
                continue;
            }
            read++;
            engine.Step(definition, null, new StepInput(new StartTrigger(new Dictionary<string, JsonNode?>()), DateTimeOffset.UnixEpoch, "seed"));
        }
        Assert.True(read > 300, $"{read} of 400 were read");
    }

    private static JsonNode Damaged(JsonNode definition, Random random)
    {
        for (var wounds = random.Next(1, 4); wounds > 0; wounds--)
        {
            var nodes = All(definition["root"] ?? definition).ToList();
            var chosen = nodes[random.Next(nodes.Count)];
            JsonNode? other = random.Next(8) switch
            {
                0 => null, 1 => 5, 2 => -1.5, 3 => "", 4 => "Elsa.Sequence", 5 => new JsonArray(1, null, "x"), 6 => new JsonObject { ["type"] = "Elsa.If", ["id"] = "x" }, _ => true,
            };
            if (chosen.Parent is JsonArray list) list[list.IndexOf(chosen)] = other;
            else if (chosen.Parent is JsonObject members) members[members.Single(m => ReferenceEquals(m.Value, chosen)).Key] = other;
        }
        return definition;
    }

    private static IEnumerable<JsonNode> All(JsonNode node)
    {
        yield return node;
        var inner = node switch { JsonObject members => members.Select(m => m.Value), JsonArray items => items, _ => [] };
        foreach (var child in inner.OfType<JsonNode>().SelectMany(All)) yield return child;
    }
}
