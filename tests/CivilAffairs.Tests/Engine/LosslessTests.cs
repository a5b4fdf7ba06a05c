using System.Text.Json.Nodes;
using CivilAffairs.Engine.Definitions;
using CivilAffairs.Tests.Support;

namespace CivilAffairs.Tests.Engine;

/// <summary>Reading a definition drops nothing of it, whoever wrote it.</summary>
public sealed class LosslessTests
{
    [SharedFact("elsa-definitions")]
    public void All_definitions_of_the_corpus_are_written_as_they_were_read()
    {
        var files = Directory.EnumerateFiles(SharedFolder.Item("elsa-definitions")!, "*.json").Where(f => !f.EndsWith(".expected.json", StringComparison.Ordinal)).ToList();
        Assert.True(files.Count > 300);
        foreach (var text in files.Select(File.ReadAllText))
            Assert.True(JsonNode.DeepEquals(JsonNode.Parse(text), JsonNode.Parse(WorkflowDefinition.Parse(text).Raw.ToJsonString())));
    }

    [Fact]
    public void Unknown_types_and_members_stay_where_they_are()
    {
        const string Text = """{"definitionId":"d","novel":[1,{"a":null}],"root":{"id":"f","type":"Elsa.Flowchart","customProperties":{"x":{"y":1.50}},"activities":[{"id":"u","type":"Vendor.Thing","deep":{"er":["文"]},"metadata":{"designer":{"position":{"x":-1}}}}],"connections":[{"source":{"activity":"u","port":"Done"},"target":{"activity":"u"},"vertices":[{"x":1}]}]}}""";
        var definition = WorkflowDefinition.Parse(Text);
        Assert.Equal(Text, definition.Raw.ToJsonString(new System.Text.Json.JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }));
        Assert.Same(definition.Root.Raw, definition.Raw["root"]);
    }
}
