using CivilAffairs.Tests.Support;
using NJsonSchema;

namespace CivilAffairs.Tests.Features.Matters;

public class MatterSchemaTests
{
    [Theory]
    [MemberData(nameof(ShippedMatters.Names), MemberType = typeof(ShippedMatters))]
    public async Task The_files_of_a_shipped_matter_follow_their_schemas(string matter)
    {
        var folder = Repository.Path("workflows", matter);
        Assert.Empty(await Validate("matter", Path.Combine(folder, "matter.json")));
        Assert.Empty(await Validate("form", Path.Combine(folder, "form.json")));
        foreach (var workflow in Directory.EnumerateFiles(folder, "*.workflow.json")) Assert.Empty(await Validate("workflow", workflow));
        if (!Directory.Exists(Path.Combine(folder, "examples"))) return;
        foreach (var example in Directory.EnumerateFiles(Path.Combine(folder, "examples"), "*.json")) Assert.Empty(await Validate("example", example));
    }

    [Theory]
    [InlineData("matter")]
    [InlineData("form")]
    [InlineData("example")]
    [InlineData("workflow")]
    public async Task A_schema_refuses_what_it_does_not_know(string schema) =>
        Assert.NotEmpty((await Schema(schema)).Validate("""{"surprise": 1}"""));

    private static async Task<IEnumerable<string>> Validate(string schema, string file) =>
        (await Schema(schema)).Validate(await File.ReadAllTextAsync(file)).Select(e => $"{Path.GetFileName(file)} {e.Path}: {e.Kind}");

    private static Task<JsonSchema> Schema(string name) =>
        JsonSchema.FromFileAsync(Repository.Path("src", "CivilAffairs.Web", "Features", "Matters", "Schemas", $"{name}.schema.json"));
}
