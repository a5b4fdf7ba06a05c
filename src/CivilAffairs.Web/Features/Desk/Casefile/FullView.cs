using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Platform.Security;

namespace CivilAffairs.Web.Features.Desk.Casefile;

/// <summary>Asking for personal data in full 查看完整信息: allowed to whoever sees the case, and written down with the reason first.</summary>
public sealed class FullView(AccessReasons reasons)
{
    /// <param name="reason">One of <see cref="AccessReasons.Codes"/>.</param>
    /// <param name="note">In the officer's words; needed with <c>other</c>.</param>
    /// <exception cref="InvalidAnswersException">No such reason, or the note is missing.</exception>
    /// <exception cref="UnknownCaseException">Not a case of this viewer's.</exception>
    public Task OpenAsync(Viewer viewer, Guid caseId, string reason, string? note = null, CancellationToken cancel = default) => reasons.GiveWithFullViewAsync(viewer, caseId, reason, note, cancel);

    /// <summary>Under a reason given lately for this case 本次查阅, which need not be asked again.</summary>
    /// <returns>False: there is none.</returns>
    public Task<bool> AgainAsync(Viewer viewer, Guid caseId, CancellationToken cancel = default) => reasons.FullViewAgainAsync(viewer, caseId, cancel);
}
