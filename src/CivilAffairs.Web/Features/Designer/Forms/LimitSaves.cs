using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Designer.Drafts;
using CivilAffairs.Web.Features.Matters.Forms;
using CivilAffairs.Web.Platform.Security;

namespace CivilAffairs.Web.Features.Designer.Forms;

/// <summary>Saves the table of deadlines into the draft's workflows: all of them in one transaction, as <see cref="MatterEdits"/> says.</summary>
internal sealed class LimitSaves(OpenMatters matters, MatterDrafts drafts)
{
    /// <param name="lines">Those that may have changed; others stay.</param>
    /// <param name="expected">The draft's version as the sender saw it; 0: there was none.</param>
    /// <exception cref="InvalidAnswersException">By file, activity and <c>start</c> or <c>finish</c>.</exception>
    public async Task<DraftSaved> SaveAsync(Viewer by, string matter, IReadOnlyList<LimitLine> lines, int expected, string key, CancellationToken cancel = default)
    {
        DesignerAccess.Require(by);
        var open = await matters.FindAsync(by, matter, cancel: cancel).ConfigureAwait(false) ?? throw new UnknownCaseException();
        var parameters = JsonFile.Read(open.Files.GetValueOrDefault(JsonFile.Matter)).Root.In("parameters").Parts().Where(p => p["type"].Text() == "limit").Select(p => p["key"].Text()).OfType<string>().ToHashSet();
        var (texts, faults) = LimitTable.Write(open.Files, lines, parameters);
        // Under another version the save is refused by the draft itself, which says who was first.
        if (open.Draft == expected && faults.Count > 0) throw new InvalidAnswersException([.. faults]);
        return await drafts.SaveFilesAsync(by, matter, texts, expected, key, cancel).ConfigureAwait(false);
    }
}
