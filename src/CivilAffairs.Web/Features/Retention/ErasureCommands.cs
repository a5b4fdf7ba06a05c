using CivilAffairs.Web.Features.Cases;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Audit;
using CivilAffairs.Web.Platform.Commands;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using CivilAffairs.Web.Platform.Storage;
using CivilAffairs.Web.Platform.Time;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Retention;

/// <summary>
/// Destroying a case whose retention has ended 销毁: one person proposes it, another approves it, never the clock
/// (domain §13; who and why: docs/adr/0026).
/// </summary>
internal sealed class ErasureCommands(CommandRunner runner, MatterLibrary library, BlobStore store)
{
    /// <summary>Why a case is destroyed, or kept although its time is over: codes, since a text might say something about people.</summary>
    public static IReadOnlyList<string> ReasonsToErase { get; } = ["noFurtherUse", "transferred"];
    public static IReadOnlyList<string> ReasonsToKeep { get; } = ["dispute", "inspection", "value"];

    /// <summary>Proposes a case whose time is over; a case that is proposed already gives that proposal.</summary>
    /// <exception cref="NotAllowedException">Not the supervisor's, or it must still be kept.</exception>
    public Task<Guid> ProposeAsync(Viewer actor, Guid caseId, string key, CancellationToken cancel = default) => runner.RunAsync(actor, key, "erasure.propose", caseId, async context =>
    {
        var @case = await SeenAsync(context, caseId).ConfigureAwait(false);
        if (!actor.Holds(Roles.Supervisor, @case.County)) throw new NotAllowedException("erasure.proposerOnly");
        var (rule, until) = await DueAsync(context, @case).ConfigureAwait(false);
        if (await context.Db.Set<CaseErasure>().Where(e => e.CaseId == caseId && e.State == ErasureState.Proposed).Select(e => e.Id).FirstOrDefaultAsync().ConfigureAwait(false) is var open && open != Guid.Empty) return open;
        var erasure = new CaseErasure { CaseId = caseId, Keep = rule.Keep, From = rule.From, Source = rule.Source, KeptUntil = until, ProposedById = actor.AccountId, ProposedAt = context.Now };
        context.Db.Add(erasure);
        await context.Db.AppendAsync(caseId.ToString(), actor.AccountId, "erasure.proposed", new { erasureId = erasure.Id, rule.Keep, rule.From, keptUntil = until }, context.Now).ConfigureAwait(false);
        return erasure.Id;
    }, cancel);

    /// <summary>Approves a proposal and destroys the case. See <see cref="CaseEraser"/> for what that is, and for power failures.</summary>
    /// <exception cref="NotAllowedException">Not the leader's, the proposer's own, or the case must be kept after all.</exception>
    public async Task<ErasureResult> ApproveAsync(Viewer actor, Guid erasureId, string reason, string key, CancellationToken cancel = default)
    {
        if (!ReasonsToErase.Contains(reason)) throw new ArgumentOutOfRangeException(nameof(reason));
        var result = await runner.RunAsync(actor, key, "erasure.approve", new { erasureId, reason }, async context =>
        {
            var (erasure, @case) = await OpenAsync(context, erasureId).ConfigureAwait(false);
            await DueAsync(context, @case).ConfigureAwait(false);
            Decide(erasure, ErasureState.Erased, reason, context);
            var files = await CaseEraser.EraseAsync(context.Db, @case, context.Now).ConfigureAwait(false);
            CaseLoader.Touch(@case, context);
            await context.Db.AppendAsync(@case.Id.ToString(), actor.AccountId, "case.erased", new { erasureId, reason, files = files.Count, @case.Version }, context.Now).ConfigureAwait(false);
            return new ErasureResult(@case.Id, files);
        }, cancel).ConfigureAwait(false);
        // Unreadable since the commit; a repeat of the command, or the sweep, finishes what a failure here leaves.
        foreach (var hash in result.Files) store.Remove(hash, DateTimeOffset.MaxValue);
        return result;
    }

    /// <summary>Turns a proposal down: the case is kept and may be proposed again.</summary>
    public Task KeepAsync(Viewer actor, Guid erasureId, string reason, string key, CancellationToken cancel = default)
    {
        if (!ReasonsToKeep.Contains(reason)) throw new ArgumentOutOfRangeException(nameof(reason));
        return runner.RunAsync(actor, key, "erasure.keep", new { erasureId, reason }, async context =>
        {
            var (erasure, @case) = await OpenAsync(context, erasureId).ConfigureAwait(false);
            Decide(erasure, ErasureState.Kept, reason, context);
            await context.Db.AppendAsync(@case.Id.ToString(), actor.AccountId, "erasure.refused", new { erasureId, reason }, context.Now).ConfigureAwait(false);
            return 0;
        }, cancel);
    }

    private static async Task<Case> SeenAsync(CommandContext context, Guid caseId)
    {
        var @case = await CaseLoader.LockAsync(context.Db, caseId).ConfigureAwait(false);
        return await CaseScope.SeesAsync(context.Db, context.Actor, caseId).ConfigureAwait(false) ? @case : throw new UnknownCaseException();
    }

    /// <summary>An open proposal for its approver: the leader of the county, never who proposed it.</summary>
    private static async Task<(CaseErasure Erasure, Case Case)> OpenAsync(CommandContext context, Guid erasureId)
    {
        var caseId = await context.Db.Set<CaseErasure>().Where(e => e.Id == erasureId).Select(e => e.CaseId).FirstOrDefaultAsync().ConfigureAwait(false);
        var @case = await SeenAsync(context, caseId).ConfigureAwait(false);
        if (!context.Actor.Holds(Roles.Leader, @case.County)) throw new NotAllowedException("erasure.approverOnly");
        // Read after the lock: what somebody else decided meanwhile.
        var erasure = await context.Db.Set<CaseErasure>().FirstAsync(e => e.Id == erasureId).ConfigureAwait(false);
        if (erasure.State != ErasureState.Proposed)
            throw new AlreadyDecidedException(await context.Db.Users.Where(a => a.Id == erasure.DecidedById).Select(a => a.DisplayName).FirstOrDefaultAsync().ConfigureAwait(false) ?? "", erasure.DecidedAt!.Value, null);
        return erasure.ProposedById != context.Actor.AccountId ? (erasure, @case) : throw new NotAllowedException("erasure.samePerson");
    }

    /// <exception cref="NotAllowedException">It must be kept today, or is destroyed already.</exception>
    private async Task<(Matters.Retention Rule, DateOnly KeptUntil)> DueAsync(CommandContext context, Case @case)
    {
        if (@case.ErasedAt is not null) throw new CaseErasedException();
        var revision = await library.RevisionAsync(@case.Revision).ConfigureAwait(false);
        var benefits = await context.Db.Set<Grant>().AsNoTracking().Where(g => g.CaseId == @case.Id).ToListAsync().ConfigureAwait(false);
        var rule = RetentionRules.For(revision.Matter, @case.Status);
        if (RetentionRules.KeptUntil(rule, @case, benefits) is not { } until) throw new NotAllowedException("erasure.noEnd");
        return until < BureauTime.Day(context.Now) ? (rule!, until) : throw new NotAllowedException("erasure.tooEarly", until);
    }

    private static void Decide(CaseErasure erasure, ErasureState state, string reason, CommandContext context) =>
        (erasure.State, erasure.Reason, erasure.DecidedById, erasure.DecidedAt) = (state, reason, context.Actor.AccountId, context.Now);
}

/// <param name="Files">Hashes of the files that were the case's.</param>
internal sealed record ErasureResult(Guid CaseId, IReadOnlyList<string> Files);
