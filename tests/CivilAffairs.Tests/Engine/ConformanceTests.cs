using System.Text.Json.Nodes;
using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Features.CommandLine;
using Xunit;

namespace CivilAffairs.Tests.Engine;

/// <summary>What Elsa 3.6.3 itself did with 361 definitions, journal included.</summary>
public sealed class ConformanceTests
{
    public static TheoryData<string> Definitions
    {
        get
        {
            var data = new TheoryData<string>();
            if (SharedFolder.Item("elsa-definitions") is { } folder)
                foreach (var file in Directory.EnumerateFiles(folder, "*.expected.json").Order(StringComparer.Ordinal))
                    data.Add(Path.GetFileName(file)[..^".expected.json".Length]);
            else
                data.Add("(absent)");
            return data;
        }
    }

    [SharedTheory("elsa-definitions")]
    [MemberData(nameof(Definitions))]
    public void A_definition_does_what_Elsa_did(string name)
    {
        var (definition, expected) = Read(name);
        var differences = Conformance.Differences(definition, expected);
        if (expected["defect"] is null || expected["defect"]!.ToJsonString() == "\"path-enumeration\"")
            Assert.Empty(differences);
    }

    [Fact]
    public void The_comparison_sees_a_changed_journal()
    {
        var definition = """{"definitionId":"d","root":{"id":"f","type":"Elsa.Flowchart","activities":[{"id":"w","type":"Elsa.WriteLine","text":{"typeName":"String","expression":{"type":"Literal","value":"hello"}}}],"connections":[]}}""";
        var right = JsonNode.Parse("""{"status":"Finished","lines":["hello"],"journal":[{"activityId":"Workflow1","event":"Started"},{"activityId":"f","event":"Started"},{"activityId":"w","event":"Started"},{"activityId":"w","event":"Completed"},{"activityId":"f","event":"Completed"},{"activityId":"Workflow1","event":"Completed"}]}""")!.AsObject();
        Assert.Empty(Conformance.Differences(definition, right));
        right["journal"]!.AsArray().RemoveAt(3);
        Assert.NotEmpty(Conformance.Differences(definition, right));
    }

    private static (string Definition, JsonObject Expected) Read(string name)
    {
        var folder = SharedFolder.Item("elsa-definitions")!;
        return (File.ReadAllText(Path.Combine(folder, name + ".json")), JsonNode.Parse(File.ReadAllText(Path.Combine(folder, name + ".expected.json")))!.AsObject());
    }
}
