using CivilAffairs.Engine.Activities;
using CivilAffairs.Engine.CaseActivities;
using CivilAffairs.Tests.Support;

namespace CivilAffairs.Tests.Features.Designer.Studio;

/// <summary>What the designer offers is what the engine runs.</summary>
public sealed class StockActivityTests
{
    [Fact]
    public void Every_stock_type_that_definitions_use_or_the_engine_lists_is_declared()
    {
        var listed = System.Text.RegularExpressions.Regex.Matches(File.ReadAllText(Repository.Path("src/CivilAffairs.Engine/Activities/Catalogue.cs")), "\\[\"(Elsa\\.\\w+)\"\\]").Select(m => m.Groups[1].Value).ToHashSet();
        Assert.True(listed.Count > 30);
        Assert.Equal(listed.Order(), StockActivities.All.Select(s => s.Declaration.Type).Order());
    }

    [Fact]
    public void Every_declaration_speaks_both_languages() =>
        Assert.All(StockActivities.All.Select(s => s.Declaration).Concat(CaseActivityCatalogue.Declarations), d =>
        {
            foreach (var text in d.Inputs.Select(i => i.Label).Append(d.Name).Append(d.Help)) Assert.True(text.Zh.Length > 0 && text.En.Length > 0, d.Type);
        });

    /// <summary>The sources say what each behaviour reads: an input that the designer does not offer could never be set.</summary>
    [Fact]
    public void Every_input_that_a_behaviour_reads_is_offered()
    {
        var source = string.Join('\n', Directory.EnumerateFiles(Repository.Path("src/CivilAffairs.Engine/Activities"), "*.cs").Where(f => !f.EndsWith("StockActivities.cs", StringComparison.Ordinal)).Select(File.ReadAllText));
        var offered = StockActivities.All.SelectMany(s => s.Declaration.Inputs).Select(i => i.Name).ToHashSet();
        var read = System.Text.RegularExpressions.Regex.Matches(source, "new\\(\"([A-Z]\\w+)\"(?:, \"[^\"]+\")?\\)").Select(m => m.Groups[1].Value).ToHashSet();
        Assert.True(read.Count > 15);
        Assert.DoesNotContain(read, r => !offered.Contains(r) && r is not ("TimeSpan" or "Interval"));
    }
}
