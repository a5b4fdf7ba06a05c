using CivilAffairs.Web.Features.Matters;

namespace CivilAffairs.Web.Features.Tools;

/// <summary>算一算: everything that the bureau works out for people before they come.</summary>
internal sealed class IndexModel(ToolRules rules, ToolForms forms) : ToolPage
{
    public IReadOnlyList<MatterFile> Estimates { get; } = [.. rules.Estimated];
    public IReadOnlyList<ToolForm> Days { get; } = [.. forms.Of("days")];
    public IReadOnlyList<ToolForm> Numbers { get; } = [.. forms.Of("numbers")];
}
