using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Cases.Steps;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Commands;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Time;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Cases.Commands;

/// <summary>Opens a case for a decision: alone, with everything the step needs.</summary>
internal sealed class CaseLoader(MatterLibrary library, CaseVault vault)
{
    /// <summary>Locks the case's row until the transaction ends, so that decisions on one case come one after the other.</summary>
    /// <exception cref="UnknownCaseException">There is none.</exception>
    public static async Task<Case> LockAsync(CivilAffairsDb db, Guid id)
    {
        var cases = db.LocksRows
            ? db.Set<Case>().FromSql($"SELECT * FROM cases WHERE \"Id\" = {id} FOR UPDATE")
            : db.Set<Case>().Where(c => c.Id == id);
        return await cases.FirstOrDefaultAsync().ConfigureAwait(false) ?? throw new UnknownCaseException();
    }

    /// <summary>The step of a filed case, on one of its instances.</summary>
    /// <param name="occurredOn">The day on which it happened; null: today.</param>
    public async Task<CaseStep> StepAsync(CommandContext context, Case @case, Guid instanceId, DateOnly? occurredOn = null)
    {
        var instance = await context.Db.Set<WorkflowInstance>().FirstAsync(i => i.Id == instanceId).ConfigureAwait(false);
        return await StepAsync(context, @case, instance, occurredOn).ConfigureAwait(false);
    }

    public async Task<CaseStep> StepAsync(CommandContext context, Case @case, WorkflowInstance instance, DateOnly? occurredOn = null)
    {
        var day = occurredOn ?? BureauTime.Day(context.Now);
        var revision = await library.RevisionAsync(instance.Revision).ConfigureAwait(false);
        var cipher = await vault.OpenAsync(context.Db, @case.Id).ConfigureAwait(false);
        var parameters = await EffectiveParameters.OnAsync(context.Db, revision, day, @case.Township ?? @case.County).ConfigureAwait(false);
        return new CaseStep(context.Db, @case, instance, revision, parameters, cipher, context.Actor, context.Now) { OccurredOn = day };
    }

    /// <summary>The step of a task that was opened with all it needs.</summary>
    /// <param name="occurredOn">The day on which it was done: the values in force then are those that count.</param>
    public async Task<CaseStep> StepAsync(CommandContext context, OpenedTask opened, DateOnly occurredOn)
    {
        var instance = opened.Instance ?? throw new InvalidOperationException($"The task {opened.Task.Id} belongs to no instance.");
        var revision = await library.RevisionAsync(instance.Revision).ConfigureAwait(false);
        var parameters = await EffectiveParameters.WithinAsync(context.Db, revision, occurredOn, opened.Case.Township ?? opened.Case.County).ConfigureAwait(false);
        return new CaseStep(context.Db, opened.Case, instance, revision, parameters, vault.Open(opened.Case.Id, opened.WrappedKey), context.Actor, context.Now) { Known = opened.Contents, OccurredOn = occurredOn };
    }

    /// <summary>The step of a timer that was opened with all it needs.</summary>
    public async Task<CaseStep> StepAsync(CommandContext context, OpenedTimer opened)
    {
        var day = BureauTime.Day(context.Now);
        var revision = await library.RevisionAsync(opened.Instance.Revision).ConfigureAwait(false);
        var parameters = await EffectiveParameters.WithinAsync(context.Db, revision, day, opened.Case.Township ?? opened.Case.County).ConfigureAwait(false);
        return new CaseStep(context.Db, opened.Case, opened.Instance, revision, parameters, vault.Open(opened.Case.Id, opened.WrappedKey), context.Actor, context.Now) { Known = opened.Contents, OccurredOn = day };
    }

    /// <param name="version">As the sender read it; null: whatever it is.</param>
    /// <exception cref="StaleVersionException">The case went on meanwhile.</exception>
    public static void RequireVersion(Case @case, long? version)
    {
        if (version is { } read && read != @case.Version) throw new StaleVersionException(@case.ChangedBy ?? "", @case.ChangedAt);
    }

    /// <summary>What every decision leaves on the case's row.</summary>
    public static void Touch(Case @case, CommandContext context)
    {
        @case.Version++;
        (@case.ChangedById, @case.ChangedBy, @case.ChangedAt) = (context.Actor.AccountId, context.Actor.Name, context.Now);
    }
}
