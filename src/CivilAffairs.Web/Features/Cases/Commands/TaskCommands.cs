using System.Text.Json;
using System.Text.Json.Nodes;
using CivilAffairs.Engine.Port;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Cases.Steps;
using CivilAffairs.Web.Features.Cases.Words;
using CivilAffairs.Web.Features.Matters.Forms;
using CivilAffairs.Web.Platform.Audit;
using CivilAffairs.Web.Platform.Commands;
using CivilAffairs.Web.Platform.Security;
using CivilAffairs.Web.Platform.Time;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Cases.Commands;

/// <summary>What officers and applicants do with their tasks. Each command is one transaction.</summary>
/// <remarks>
/// Guarded: every command on a filed case appends to the case's audit, so that two which have read the same state cannot
/// both be stored.
/// </remarks>
public sealed class TaskCommands
{
    private readonly CommandRunner runner;
    private readonly CaseLoader loader;
    private readonly CaseStepper stepper;
    private readonly TaskRules rules;
    private readonly Filing filing;

    internal TaskCommands(CommandRunner runner, CaseLoader loader, CaseStepper stepper, TaskRules rules, Filing filing) =>
        (this.runner, this.loader, this.stepper, this.rules, this.filing) = (runner, loader, stepper, rules, filing);

    /// <summary>Takes a task 认领: from now on it is this officer's, and its start limit is kept.</summary>
    /// <exception cref="NotAllowedException">Not theirs to take, with the reason.</exception>
    /// <exception cref="AlreadyDecidedException">Another one holds or has closed it.</exception>
    public Task ClaimAsync(Viewer actor, Guid taskId, CancellationToken cancel = default) => ClaimAsync(actor, taskId, null, cancel);

    /// <param name="key">Idempotency key; null: claiming twice is claiming once.</param>
    public Task ClaimAsync(Viewer actor, Guid taskId, string? key, CancellationToken cancel) => runner.RunGuardedAsync(actor, key, "task.claim", taskId, async context =>
    {
        var opened = await OpenAsync(context, taskId).ConfigureAwait(false);
        var (task, @case) = (opened.Task, opened.Case);
        if (actor.Handles(task.HolderId)) return 0;
        if (task.HolderId is not null) throw new AlreadyDecidedException(task.HolderName ?? "", task.StartedAt ?? context.Now, null);
        var absent = await rules.RequireAsync(actor, opened).ConfigureAwait(false);
        // What a deputy takes is the absent officer's: it stays with them when the deputy's days are over.
        (task.HolderId, task.HolderName, task.StartedAt) = (absent?.AccountId ?? actor.AccountId, absent?.Name ?? actor.Name, task.StartedAt ?? context.Now);
        await context.Db.AppendAsync(@case.Id.ToString(), actor.AccountId, "task.claimed", Details(absent, new { taskId, task.ActivityId, task.Seat }), context.Now, opened.LastAudit).ConfigureAwait(false);
        return 0;
    }, cancel);

    /// <summary>Gives a task back to the queue; when work on it began stays recorded.</summary>
    public Task ReleaseAsync(Viewer actor, Guid taskId, CancellationToken cancel = default) => ReleaseAsync(actor, taskId, null, cancel);

    /// <param name="key">Idempotency key; null: releasing twice is releasing once.</param>
    public Task ReleaseAsync(Viewer actor, Guid taskId, string? key, CancellationToken cancel) => runner.RunGuardedAsync(actor, key, "task.release", taskId, async context =>
    {
        var opened = await OpenAsync(context, taskId).ConfigureAwait(false);
        var (task, @case) = (opened.Task, opened.Case);
        if (task.HolderId is null) return 0;
        if (!actor.Handles(task.HolderId)) throw new NotAllowedException("task.heldByOther", task.HolderName ?? "");
        var absent = actor.ActsFor.FirstOrDefault(a => a.AccountId == task.HolderId);
        (task.HolderId, task.HolderName, task.GivenAt, task.GivenBy) = (null, null, null, null);
        await context.Db.AppendAsync(@case.Id.ToString(), actor.AccountId, "task.released", Details(absent, new { taskId, task.ActivityId, task.Seat }), context.Now, opened.LastAudit).ConfigureAwait(false);
        return 0;
    }, cancel);

    /// <summary>Closes a task with an outcome, and runs the case as far as it goes at once.</summary>
    /// <param name="outcome">One of the task's.</param>
    /// <param name="fields">The task form's answers, without the outcome.</param>
    /// <param name="key">Idempotency key.</param>
    /// <exception cref="InvalidAnswersException">By field; nothing is stored.</exception>
    /// <exception cref="AlreadyDecidedException">Somebody closed it before.</exception>
    public Task<TaskResult> CompleteAsync(Viewer actor, Guid taskId, string outcome, JsonObject fields, string key, CancellationToken cancel = default) =>
        CompleteAsync(actor, taskId, outcome, fields, key, null, null, cancel);

    /// <param name="ifVersion">The case's version as the sender read it; null: whatever it is.</param>
    /// <exception cref="StaleVersionException">It went on meanwhile.</exception>
    public Task<TaskResult> CompleteAsync(Viewer actor, Guid taskId, string outcome, JsonObject fields, string key, long? ifVersion, CancellationToken cancel) =>
        CompleteAsync(actor, taskId, outcome, fields, key, ifVersion, null, cancel);

    /// <param name="occurredOn">The day on which it was done, where an officer records it later: from the day that opened the task to today; null: today.</param>
    public Task<TaskResult> CompleteAsync(Viewer actor, Guid taskId, string outcome, JsonObject fields, string key, long? ifVersion, DateOnly? occurredOn, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(fields);
        return runner.RunGuardedAsync(actor, key, "task.complete", Body(taskId, outcome, fields, occurredOn), async context =>
        {
            var opened = await OpenAsync(context, taskId).ConfigureAwait(false);
            var (task, @case) = (opened.Task, opened.Case);
            var absent = await rules.RequireAsync(actor, opened).ConfigureAwait(false);
            CaseLoader.RequireVersion(@case, ifVersion);
            if (!JsonSerializer.Deserialize<string[]>(task.Outcomes)!.Contains(outcome)) throw new NotAllowedException("task.noSuchOutcome", outcome);
            var on = OccurredDay.Checked(actor, occurredOn, task.OpenedOn, BureauTime.Day(context.Now), Opened);
            var step = await loader.StepAsync(context, opened, on).ConfigureAwait(false);
            var flow = await CheckAsync(step, task, outcome, fields).ConfigureAwait(false);
            if (task.Kind == "Correction") await RefileAsync(context, step).ConfigureAwait(false);

            var written = fields.DeepClone().AsObject();
            written["outcome"] = outcome;
            await CaseContents.AddAsync(step, ContentKind.Task, task.ActivityId, written).ConfigureAwait(false);
            (task.State, task.Outcome, task.OccurredOn, task.ClosedAt, task.ClosedBy, task.ClosedById) = (TaskState.Done, outcome, on, context.Now, actor.Name, actor.AccountId);
            (task.ClosedForId, task.ClosedFor) = (absent?.AccountId, absent?.Name);
            task.StartedAt ??= context.Now;
            (flow["outcome"], flow["seat"], flow["by"]) = (outcome, task.Seat, actor.AccountId.ToString("N"));
            await stepper.RunAsync(step, new AnswerTrigger(task.BookmarkId, flow, actor.AccountId.ToString("N"))).ConfigureAwait(false);
            CaseLoader.Touch(@case, context);
            await context.Db.AppendAsync(@case.Id.ToString(), actor.AccountId, "task.completed", Details(absent, new { taskId, task.ActivityId, task.Seat, outcome, @case.Version, occurredOn = on == step.Today ? (DateOnly?)null : on }), context.Now, opened.LastAudit).ConfigureAwait(false);
            return new TaskResult(@case.Id, @case.Version, @case.Status);
        }, cancel);
    }

    /// <summary>A line of the audit names the absent officer too, in whose name a deputy acted.</summary>
    internal static object Details(ActedFor? absent, object details)
    {
        if (absent is null) return details;
        var named = JsonSerializer.SerializeToNode(details, JsonSerializerOptions.Web)!.AsObject();
        named["for"] = absent.AccountId;
        return named;
    }

    internal static readonly LocalText Opened = new("这项任务开始的日期", "the day that this task began");

    /// <summary>What a repeat under the same key must be: the day only where one is stated.</summary>
    private static object Body(Guid taskId, string outcome, JsonObject fields, DateOnly? occurredOn) =>
        occurredOn is null ? new { taskId, outcome, fields = fields.ToJsonString() } : new { taskId, outcome, fields = fields.ToJsonString(), occurredOn };

    /// <summary>A correction 补正 files the corrected form as a new version; untouched, the filed one is checked again.</summary>
    private async Task RefileAsync(CommandContext context, CaseStep step)
    {
        // Drafts are saved without a version.
        context.Db.RequireWriter();
        var draft = await DraftCommands.DraftAsync(context, step).ConfigureAwait(false);
        if (draft.Count == 0) return;
        await filing.FreezeAsync(step, await filing.CheckAsync(step, draft).ConfigureAwait(false)).ConfigureAwait(false);
        await context.Db.SaveChangesAsync().ConfigureAwait(false);
    }

    /// <param name="holds">False: only looks, beside whoever decides.</param>
    internal static async Task<OpenedTask> OpenAsync(CommandContext context, Guid taskId, bool holds = true)
    {
        var opened = await OpenedTask.ReadAsync(context, taskId, holds).ConfigureAwait(false);
        var (task, @case) = (opened.Task, opened.Case);
        if (!await CaseScope.SeesAsync(context.Db, context.Actor, @case, task, opened.IsRecused).ConfigureAwait(false)) throw new UnknownCaseException();
        return task.State == TaskState.Open ? opened : throw new AlreadyDecidedException(CaseWords.Actor(task.ClosedBy ?? @case.ChangedBy ?? "", task.ClosedFor), task.ClosedAt ?? @case.ChangedAt, task.Outcome);
    }

    /// <returns>The answers that may enter the workflow.</returns>
    internal static async Task<JsonObject> CheckAsync(CaseStep step, WorkTask task, string outcome, JsonObject fields)
    {
        if (task.Form is not { } form)
            return fields.Count == 0 ? [] : throw new InvalidAnswersException([.. fields.Select(f => new FieldFault(f.Key, $"本任务没有“{f.Key}”。", $"This task does not ask '{f.Key}'."))]);
        var evaluator = new TaskFormEvaluator(step.Revision.Form);
        var filed = evaluator.ReadsAnswers(form) ? await CaseContents.FormAsync(step.Db, step.Case.Id, step.Cipher).ConfigureAwait(false) : [];
        var values = fields.DeepClone().AsObject();
        values["outcome"] = outcome;
        var (faults, flow) = evaluator.Check(form, values, new FormAnswers(filed, step.Parameters.Values, step.OccurredOn));
        return faults.Count == 0 ? flow : throw new InvalidAnswersException(faults);
    }
}

/// <summary>What a closed task brought.</summary>
public sealed record TaskResult(Guid CaseId, long Version, string Status);
