using CivilAffairs.Web.Features.Cases;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Platform.Audit;
using CivilAffairs.Web.Platform.Commands;
using CivilAffairs.Web.Platform.Security;

namespace CivilAffairs.Web.Features.Desk.Casefile;

/// <summary>Asking for personal data in full 查看完整信息: allowed to whoever sees the case, and written down with the reason first.</summary>
public sealed class FullView(CommandRunner runner)
{
    /// <summary>Codes, not text: what is written down about people must not itself be personal.</summary>
    public static IReadOnlyList<string> Reasons { get; } = ["decide", "contact", "verify", "objection", "supervise"];

    /// <exception cref="UnknownCaseException">Not a case of this viewer's.</exception>
    public Task OpenAsync(Viewer viewer, Guid caseId, string reason, CancellationToken cancel = default)
    {
        if (!Reasons.Contains(reason)) throw new ArgumentOutOfRangeException(nameof(reason));
        return runner.RunAsync(viewer, null, "case.fullView", caseId, async context =>
        {
            await CaseLoader.LockAsync(context.Db, caseId).ConfigureAwait(false);
            if (!await CaseScope.SeesAsync(context.Db, viewer, caseId).ConfigureAwait(false)) throw new UnknownCaseException();
            await context.Db.AppendAsync(caseId.ToString(), viewer.AccountId, "case.fullView", new { reason }, context.Now).ConfigureAwait(false);
            return 0;
        }, cancel);
    }
}
