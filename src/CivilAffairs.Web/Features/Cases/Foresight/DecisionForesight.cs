using System.Text.Json;
using System.Text.Json.Nodes;
using CivilAffairs.Engine.Port;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Cases.Steps;
using CivilAffairs.Web.Platform.Commands;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using CivilAffairs.Web.Platform.Time;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Cases.Foresight;

/// <summary>
/// What a decision would bring, before it is sent: the case's own definition is run on a copy of its state with this answer.
/// Nothing is written, held or numbered. See docs/adr/0086.
/// </summary>
/// <remarks>The same checks as for sending: who may not send it is not told what it would bring, and faulty answers are named by field.</remarks>
public sealed class DecisionForesight
{
    private readonly IReader reader;
    private readonly CaseLoader loader;
    private readonly TaskRules rules;
    private readonly Rehearsal rehearsal;
    private readonly TimeProvider time;

    internal DecisionForesight(IReader reader, CaseLoader loader, TaskRules rules, Rehearsal rehearsal, TimeProvider time) =>
        (this.reader, this.loader, this.rules, this.rehearsal, this.time) = (reader, loader, rules, rehearsal, time);

    /// <inheritdoc cref="TaskCommands.CompleteAsync(Viewer, Guid, string, JsonObject, string, CancellationToken)"/>
    /// <param name="occurredOn">The day on which it was done, where an officer records it later; null: today.</param>
    public async Task<Foreseen> OfAsync(Viewer actor, Guid taskId, string outcome, JsonObject fields, DateOnly? occurredOn = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(fields);
        await using var db = reader.Open();
        await db.Database.OpenConnectionAsync(cancel).ConfigureAwait(false);
        var context = new CommandContext(db, actor, new DateTimeOffset(UtcConverter.Cut(time.GetUtcNow().UtcDateTime)));
        var opened = await TaskCommands.OpenAsync(context, taskId, holds: false).ConfigureAwait(false);
        var (task, @case) = (opened.Task, opened.Case);
        await rules.RequireAsync(actor, opened).ConfigureAwait(false);
        // The corrected application decides what follows, and it is still being written.
        if (task.Kind == "Correction") throw new NotAllowedException("task.notForeseen");
        if (!JsonSerializer.Deserialize<string[]>(task.Outcomes)!.Contains(outcome)) throw new NotAllowedException("task.noSuchOutcome", outcome);
        var on = OccurredDay.Checked(actor, occurredOn, task.OpenedOn, BureauTime.Day(context.Now), TaskCommands.Opened);
        var step = await loader.StepAsync(context, opened, on).ConfigureAwait(false) with { Rehearsed = true };
        var flow = await TaskCommands.CheckAsync(step, task, outcome, fields).ConfigureAwait(false);
        (flow["outcome"], flow["seat"], flow["by"]) = (outcome, task.Seat, actor.AccountId.ToString("N"));
        var now = await NowAsync(step).ConfigureAwait(false);
        try
        {
            return await rehearsal.RunAsync(step, new AnswerTrigger(task.BookmarkId, flow, actor.AccountId.ToString("N")), now).ConfigureAwait(false);
        }
        catch (CaseFaultedException fault)
        {
            return Foreseen.Of(fault.Incidents.Select(i => new ForeseenFault(DefinitionSteps.Name(step.Revision, i.ActivityId), i.Message)));
        }
        catch (StepRefusedException)
        {
            // Answered by somebody else between two of our reads.
            throw new AlreadyDecidedException(@case.ChangedBy ?? "", @case.ChangedAt, null);
        }
    }

    /// <summary>What the benefit that the case is about, or has granted, pays next month; null: none.</summary>
    private static async Task<long?> NowAsync(CaseStep step)
    {
        var (about, own) = (step.Case.GrantId, step.Case.Id);
        var grants = await step.Db.Set<Grant>().AsNoTracking().Where(g => g.Id == about || (about == null && g.CaseId == own)).OrderByDescending(g => g.RecordedAt).Take(1).ToListAsync().ConfigureAwait(false);
        var month = new DateOnly(step.OccurredOn.Year, step.OccurredOn.Month, 1).AddMonths(1);
        if (grants is not [var grant] || grant.LastMonth < month) return null;
        return (await GrantStates.InAsync(step.Db, grants, month).ConfigureAwait(false))[grant.Id].AmountFen;
    }
}
