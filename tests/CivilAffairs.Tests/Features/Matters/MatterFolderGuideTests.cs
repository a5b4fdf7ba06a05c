using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Features.Matters.Forms;

namespace CivilAffairs.Tests.Features.Matters;

/// <summary>docs/matter-folder.md names every word that the code takes.</summary>
public sealed class MatterFolderGuideTests
{
    private static readonly string Guide = File.ReadAllText(Repository.Path("docs", "matter-folder.md"));

    [Fact]
    public void The_guide_names_every_type_mask_rule_and_kind_of_fact() =>
        Assert.Empty(Missing(FieldTypes.All.Concat(FieldTypes.Masks).Concat(FieldTypes.Rules).Concat(FieldTypes.FactTypes)));

    [Fact]
    public void The_guard_sees_a_word_that_the_guide_lacks() => Assert.Equal(["notThere"], Missing(["text", "notThere"]));

    private static IEnumerable<string> Missing(IEnumerable<string> words) => words.Where(w => !Guide.Contains($"`{w}`", StringComparison.Ordinal));
}
