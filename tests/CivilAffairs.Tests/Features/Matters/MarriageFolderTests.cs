using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Features.Matters;
using Xunit;

namespace CivilAffairs.Tests.Features.Matters;

/// <summary>What marriage brought to the folder of a matter: each rule of the check, broken once.</summary>
public sealed class MarriageFolderTests : IDisposable
{
    private readonly string folder = Path.Combine(Directory.CreateTempSubdirectory("matter-").FullName, "marriage");

    public MarriageFolderTests()
    {
        var shipped = Repository.Path("workflows", "marriage");
        foreach (var file in Directory.EnumerateFiles(shipped, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(folder, Path.GetRelativePath(shipped, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }

    [Theory]
    [InlineData("matter.json", "{sequence:6}", "{sequence}", "matter.json", "$.numbering[0].format", "{sequence:5}")]
    [InlineData("matter.json", "\"prefix\": \"J\"", "\"prefix\": \"JIEHUNZHENGZI\"", "matter.json", "$.numbering[0].prefix", "JIEHUNZHENGZI")]
    [InlineData("matter.json", "\"where\": \"county\"", "\"where\": \"any\"", "form.json", "$.place", "place")]
    [InlineData("form.json", "\"parties\"", "\"place\": \"applicant.name\",\n  \"parties\"", "form.json", "$.place", "县级")]
    [InlineData("form.json", "\"marriages\"", "\"weddings\"", "form.json", "$.parties[0].registers", "weddings")]
    [InlineData("apply.workflow.json", "\"value\": \"marriages\"", "\"value\": \"weddings\"", "apply.workflow.json", "findApplicant", "weddings")]
    [InlineData("matter.json", "\"Return\": {", "\"Retreat\": {", "matter.json", "$.outcomes.Retreat", "Retreat")]
    [InlineData("matter.json", "\"Lapsed\": {", "\"Lost\": {", "matter.json", "$.statuses.Lost", "Lost")]
    [InlineData("matter.json", "\"retention\"", "\"keyDates\": [{\"variable\": \"Gone\", \"name\": {\"zh\": \"日\", \"en\": \"Day\"}}],\n  \"retention\"", "matter.json", "$.keyDates[0].variable", "Gone")]
    [InlineData("apply.workflow.json", "[\\\"applicant\\\"]", "[\\\"guardian\\\"]", "apply.workflow.json", "findApplicant", "guardian")]
    [InlineData("apply.workflow.json", "\"limit\": {", "\"limits\": {", "apply.workflow.json", "noShow", "二者选一")]
    public void A_wrong_file_is_told_by_file_place_and_sentence(string file, string from, string to, string told, string path, string said)
    {
        var text = File.ReadAllText(Path.Combine(folder, file));
        var at = text.IndexOf(from, StringComparison.Ordinal);
        Assert.True(at >= 0, $"{file} does not contain {from}");
        File.WriteAllText(Path.Combine(folder, file), text[..at] + to + text[(at + from.Length)..]);
        var loaded = MatterFolder.Load(folder);
        // What only all matters together can tell: here there is this one alone.
        var faults = loaded.Faults.Concat(loaded.Revision is { } revision ? WorkflowReferences.Links(revision, new Dictionary<string, MatterFile>()) : []);
        Assert.Contains(faults, f => f.IsError && f.File == told && f.Path == path && f.Text.Zh.Contains(said, StringComparison.Ordinal));
    }

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(folder)!, recursive: true);
}
