using System.Text.Json.Nodes;
using CivilAffairs.Tests.Engine;
using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Features.CommandLine;

namespace CivilAffairs.Tests.Elsa;

/// <summary>Elsa behind our port does what Elsa's own server did, as recorded: our seams change nothing of what a definition means.</summary>
public sealed class CorpusTests
{
    [ElsaTheory("elsa-definitions")]
    [MemberData(nameof(ConformanceTests.Definitions), MemberType = typeof(ConformanceTests))]
    public void A_recorded_definition_does_the_same_behind_the_port(string name)
    {
        var folder = SharedFolder.Item("elsa-definitions")!;
        var expected = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, name + ".expected.json")))!.AsObject();
        var differences = Conformance.Differences(File.ReadAllText(Path.Combine(folder, name + ".json")), expected, SecondRuntime.Engine);
        if (expected["defect"] is null) Assert.Empty(differences);
    }
}
