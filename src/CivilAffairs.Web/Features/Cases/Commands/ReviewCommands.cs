using System.Text.Json.Nodes;
using CivilAffairs.Engine.Port;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Cases.Steps;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Features.Matters.Forms;
using CivilAffairs.Web.Platform.Audit;
using CivilAffairs.Web.Platform.Commands;
using CivilAffairs.Web.Platform.Security;
using CivilAffairs.Web.Platform.Time;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Cases.Commands;

/// <summary>
/// Reopens a decided case 重新审查. One transaction: after a power failure either the decision stands as it stood, or the
/// case is under review with its first task open. The decision that comes out supersedes the earlier one, which stays.
/// </summary>
public sealed class ReviewCommands
{
    /// <summary>Characters of a reference.</summary>
    public const int Longest = 200;

    private readonly CommandRunner runner;
    private readonly CaseLoader loader;
    private readonly CaseStepper stepper;
    private readonly MatterLibrary library;

    internal ReviewCommands(CommandRunner runner, CaseLoader loader, CaseStepper stepper, MatterLibrary library) =>
        (this.runner, this.loader, this.stepper, this.library) = (runner, loader, stepper, library);

    /// <param name="basis">One of <see cref="CaseReview.Bases"/>.</param>
    /// <param name="reference">Number of the document that orders it, or the reason; 1 to <see cref="Longest"/> characters.</param>
    /// <param name="occurredOn">Day of that document, or on which the mistake was found: from the decision's day to today.</param>
    /// <param name="key">Idempotency key.</param>
    /// <exception cref="NotAllowedException">Not theirs to reopen, nothing is decided, or work on the case is still under way.</exception>
    /// <exception cref="InvalidAnswersException">By field; nothing is stored.</exception>
    public Task<TaskResult> ReopenAsync(Viewer actor, Guid caseId, string basis, string reference, DateOnly occurredOn, string key, CancellationToken cancel = default) =>
        ReopenAsync(actor, caseId, basis, reference, occurredOn, key, null, cancel);

    /// <param name="ifVersion">The case's version as the sender read it; null: whatever it is.</param>
    /// <exception cref="StaleVersionException">It went on meanwhile.</exception>
    public Task<TaskResult> ReopenAsync(Viewer actor, Guid caseId, string basis, string reference, DateOnly occurredOn, string key, long? ifVersion, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(actor);
        ArgumentNullException.ThrowIfNull(reference);
        return runner.RunAsync(actor, key, "case.reopen", new { caseId, basis, reference, occurredOn }, async context =>
        {
            var (db, today) = (context.Db, BureauTime.Day(context.Now));
            var @case = await CaseLoader.LockAsync(db, caseId).ConfigureAwait(false);
            if (!await CaseScope.SeesAsync(db, actor, caseId).ConfigureAwait(false)) throw new UnknownCaseException();
            var matter = (await library.RevisionAsync(@case.Revision, cancel).ConfigureAwait(false)).Matter;
            if (!matter.MayReopen(actor, @case)) throw new NotAllowedException("review.notYours");
            CaseLoader.RequireVersion(@case, ifVersion);
            Check(basis, reference, occurredOn, today);
            if (@case.ErasedAt is not null) throw new CaseErasedException();
            if (await Decisions.LastAsync(db, caseId).ConfigureAwait(false) is not { } decision) throw new NotAllowedException("review.notDecided");
            if (@case.DecidedAt is null) throw new NotAllowedException("review.running");
            if (await db.Set<WorkflowInstance>().AnyAsync(i => i.CaseId == caseId && i.Status == nameof(InstanceStatus.Suspended)).ConfigureAwait(false)) throw new NotAllowedException("review.atWork");
            if (occurredOn < decision.OccurredOn) throw new InvalidAnswersException([new FieldFault("occurredOn", "日期不能早于原决定的日期。", "The day cannot be before that of the decision.")]);

            var instance = new WorkflowInstance { CaseId = caseId, Workflow = matter.Review!.Workflow, Revision = @case.Revision };
            var step = await loader.StepAsync(context, @case, instance).ConfigureAwait(false);
            var id = Guid.CreateVersion7();
            db.Add(instance);
            db.Add(new CaseReview
            {
                Id = id, CaseId = caseId, InstanceId = instance.Id, Basis = basis, OccurredOn = occurredOn, RecordedAt = context.Now, RecordedById = actor.AccountId,
                Cipher = step.Cipher.SealJson(new JsonObject { ["reference"] = reference.Trim() }, CaseReview.Purpose(id)),
            });
            var inputs = Inputs(id, basis, decision.Status, @case.Status);
            (@case.Status, @case.DecidedAt, @case.ClosedAt) = (Case.UnderReview, null, null);
            // The steps that follow ask the store for it.
            await db.SaveChangesAsync(cancel).ConfigureAwait(false);
            await stepper.RunAsync(step, new StartTrigger(inputs)).ConfigureAwait(false);
            CaseLoader.Touch(@case, context);
            await db.AppendAsync(caseId.ToString(), actor.AccountId, "case.reopened", new { reviewId = id, reason = basis, decision = decision.Number, @case.Version }, context.Now).ConfigureAwait(false);
            return new TaskResult(caseId, @case.Version, @case.Status);
        }, cancel);
    }

    /// <summary>What the review's definition may read; the reference is the review's id, since its text was typed and the flow's state must hold nothing personal.</summary>
    private static Dictionary<string, JsonNode?> Inputs(Guid review, string basis, string decision, string status) =>
        new() { ["basis"] = basis, ["reference"] = review.ToString(), ["decision"] = decision, ["status"] = status };

    private static void Check(string basis, string reference, DateOnly occurredOn, DateOnly today)
    {
        var faults = new List<FieldFault>();
        if (!CaseReview.Bases.Contains(basis)) faults.Add(new FieldFault("basis", "请选择重新审查的依据。", "Choose what the review rests on."));
        if (string.IsNullOrWhiteSpace(reference)) faults.Add(new FieldFault("reference", "请填写文书编号或者理由。", "Enter the document's number, or the reason."));
        else if (reference.Trim().Length > Longest) faults.Add(new FieldFault("reference", $"请在 {Longest} 字以内。", $"At most {Longest} characters."));
        if (occurredOn > today) faults.Add(new FieldFault("occurredOn", "日期不能晚于今天。", "The day cannot lie in the future."));
        if (faults.Count > 0) throw new InvalidAnswersException(faults);
    }
}

internal static class ReviewRules
{
    /// <summary>Whether an officer holds a post to which the matter gives the reopening, where that role works on this case.</summary>
    public static bool MayReopen(this MatterFile matter, Viewer viewer, Case @case) =>
        matter.Review is { } review && matter.Roles.Any(r => review.Roles.Contains(r.Code) && viewer.Holds(r.Code, @case.DivisionAt(r.Level)));
}
