using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Features.Matters.Forms;
using CivilAffairs.Web.Platform.Audit;
using CivilAffairs.Web.Platform.Commands;
using CivilAffairs.Web.Platform.Security;
using CivilAffairs.Web.Platform.Time;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Cases.Comparisons;

/// <summary>
/// Says why something is granted although a rule of comparison stands against it 例外. One transaction with its line of the audit: after a power
/// failure either both are there or neither, and the decision that rests on it comes later and by itself.
/// </summary>
public sealed class ComparisonCommands
{
    /// <summary>Characters of a reason.</summary>
    public const int Longest = 500;
    private readonly CommandRunner runner;
    private readonly MatterLibrary library;
    private readonly CaseVault vault;

    internal ComparisonCommands(CommandRunner runner, MatterLibrary library, CaseVault vault) => (this.runner, this.library, this.vault) = (runner, library, vault);

    /// <param name="rule">Of the case's matter.</param>
    /// <param name="other">The find, as <see cref="Finding.Other"/> names it.</param>
    /// <param name="reason">1 to 500 characters.</param>
    /// <exception cref="UnknownCaseException">Not a case that the actor sees, or the rule finds no such thing now.</exception>
    /// <exception cref="NotAllowedException">The actor has no task of the case in hand, or the rule allows no exception.</exception>
    /// <exception cref="InvalidAnswersException">No reason, or one that is too long.</exception>
    public Task OverrideAsync(Viewer actor, Guid caseId, string rule, Guid other, string reason, string key, CancellationToken cancel = default) =>
        runner.RunAsync(actor, key, "comparison.override", new { caseId, rule, other, reason }, async context =>
        {
            var db = context.Db;
            var @case = await CaseLoader.LockAsync(db, caseId).ConfigureAwait(false);
            if (!actor.IsOfficer || actor.IsSystem || !await CaseScope.SeesAsync(db, actor, caseId).ConfigureAwait(false)) throw new UnknownCaseException();
            var holders = await db.Set<WorkTask>().Where(t => t.CaseId == caseId && t.State == TaskState.Open && t.HolderId != null).Select(t => t.HolderId).ToListAsync().ConfigureAwait(false);
            if (!holders.Exists(actor.Handles)) throw new NotAllowedException("comparison.holderOnly");
            var revision = await library.RevisionAsync(@case.Revision).ConfigureAwait(false);
            if (revision.Matter.Comparisons.FirstOrDefault(r => r.Id == rule) is not { Effect: "refuse", Override: true } known) throw new NotAllowedException("comparison.noOverride");
            var text = reason.Trim();
            if (text.Length is 0 or > Longest) throw new InvalidAnswersException([new FieldFault("reason", $"请写明理由，最多 {Longest} 个字。", $"Say why, in at most {Longest} characters.")]);
            var today = BureauTime.Day(context.Now);
            var parameters = await EffectiveParameters.OnAsync(db, revision, today, @case.Township ?? @case.County).ConfigureAwait(false);
            if (!(await ComparisonReads.ReadAsync(db, @case, [known], parameters.Values, today).ConfigureAwait(false)).Exists(f => f.Other == other)) throw new UnknownCaseException();
            // Who said it first stands: another reason for the same would blur who decided.
            if (await db.Set<ComparisonOverride>().AnyAsync(o => o.CaseId == caseId && o.Rule == rule && o.Other == other).ConfigureAwait(false)) return 0;
            var cipher = await vault.OpenAsync(db, caseId).ConfigureAwait(false);
            var made = new ComparisonOverride { CaseId = caseId, Rule = rule, Other = other, Cipher = [], RecordedById = actor.AccountId, RecordedBy = actor.Name, OccurredOn = today, RecordedAt = context.Now };
            made.Cipher = cipher.SealText(text, made.Purpose);
            db.Add(made);
            await db.AppendAsync(caseId.ToString(), actor.AccountId, "comparison.overridden", new { rule, other }, context.Now).ConfigureAwait(false);
            return 0;
        }, cancel);
}
