using System.Text.Json.Nodes;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Pages;

namespace CivilAffairs.Web.Features.Designer.Forms;

/// <summary>matter.json open in an editor. What is wrong in it is asked of the whole matter's check, which takes a moment: <see cref="CheckAsync"/>.</summary>
internal sealed class PeopleEditor(OpenMatter open, JsonObject root) : TreeEditor<string>(root, open.MayEdit)
{
    private int looks;

    public IReadOnlyList<MatterFault> Faults { get; private set; } = [];

    /// <summary>Looks at the tree as it stands, beside the circuit; an older answer does not take the place of a newer one.</summary>
    public async Task CheckAsync()
    {
        var (look, tree) = (++looks, Root.DeepClone().AsObject());
        var found = await Task.Run(() => MatterFindings.Of(open.Files, tree).ToList());
        if (look == looks) Faults = found;
    }

    /// <summary>What is wrong at these properties and below them.</summary>
    public IEnumerable<string> FaultsAt(params string[] paths) =>
        Faults.Where(f => paths.Any(p => f.Path == p || f.Path.StartsWith(p + ".", StringComparison.Ordinal) || f.Path.StartsWith(p + "[", StringComparison.Ordinal))).Select(f => Languages.IsEnglish ? f.Text.En : f.Text.Zh).Distinct();

    protected override void Look()
    {
        // The page asks, and waits for it.
    }
}
