using System.Text.Json.Nodes;
using CivilAffairs.Engine.Port;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Cases.Steps;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Audit;
using CivilAffairs.Web.Platform.Commands;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Jobs;
using CivilAffairs.Web.Platform.Security;
using CivilAffairs.Web.Platform.Time;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Cases.Commands;

/// <summary>
/// Opens the case of each planned re-verification 定期复核 whose day has come: at most one of a plan, ever. Opening is one
/// transaction with settling the plan and the first step of the case: after a power failure either the plan still waits, or
/// the case is there with its first tasks. Several nodes may do this at once: the lock on the case that planned it, and the
/// plan's own state read under it, let only one open it.
/// </summary>
/// <remarks>
/// A benefit that has ended meanwhile needs no verification: its plan is settled without a case. While the decision on the
/// benefit is under review, or an earlier re-verification of it is still open, the plan waits.
/// </remarks>
public sealed class Reverifications
{
    /// <summary>The job's id, under which the page of jobs names what could not be opened.</summary>
    internal const string Job = "reverifications";
    private readonly IReader reader;
    private readonly IWriter writer;
    private readonly CommandRunner runner;
    private readonly CaseLoader loader;
    private readonly CaseOpening opening;
    private readonly CaseStepper stepper;
    private readonly MatterLibrary library;
    private readonly TimeProvider time;
    private readonly ILogger<Reverifications> log;

    internal Reverifications(IReader reader, IWriter writer, CommandRunner runner, CaseLoader loader, CaseOpening opening, CaseStepper stepper, MatterLibrary library, TimeProvider time, ILogger<Reverifications> log) =>
        (this.reader, this.writer, this.runner, this.loader, this.opening, this.stepper, this.library, this.time, this.log) = (reader, writer, runner, loader, opening, stepper, library, time, log);

    /// <summary>Looks once at everything that is due, in the order of its days; what cannot be opened today waits and holds up nothing.</summary>
    /// <param name="batch">Rows read at a time.</param>
    /// <param name="cancel">Between two cases.</param>
    /// <returns>How many cases were opened.</returns>
    public async Task<int> OpenDueAsync(int batch, CancellationToken cancel)
    {
        var today = time.Today();
        await using var db = reader.Open();
        // Those that have a day of their own, and whatever has none when the statutory day comes.
        var (waiting, failed) = (db.Set<PlannedReverification>().Where(p => p.SettledAt == null), new FailedItems(Job));
        var opened = await RoundAsync(waiting.Where(p => p.OpensOn != null && p.OpensOn <= today).Select(p => new Planned { On = p.OpensOn!.Value, Id = p.Id, CaseId = p.CaseId }), failed, batch, cancel).ConfigureAwait(false)
            + await RoundAsync(waiting.Where(p => p.DueOn <= today).Select(p => new Planned { On = p.DueOn, Id = p.Id, CaseId = p.CaseId }), failed, batch, cancel).ConfigureAwait(false);
        await failed.NoteAsync(reader, writer, time.GetUtcNow(), cancel).ConfigureAwait(false);
        return opened;
    }

    private async Task<int> RoundAsync(IQueryable<Planned> plans, FailedItems failed, int batch, CancellationToken cancel)
    {
        var (opened, day, id) = (0, DateOnly.MinValue, Guid.Empty);
        while (true)
        {
            var due = await plans.Where(p => p.On > day || (p.On == day && p.Id > id)).OrderBy(p => p.On).ThenBy(p => p.Id).Take(batch).ToListAsync(cancel).ConfigureAwait(false);
            foreach (var plan in due)
            {
                cancel.ThrowIfCancellationRequested();
                try
                {
                    if (await OpenAsync(plan.Id, cancel).ConfigureAwait(false)) opened++;
                }
                catch (Exception e) when (JobFaults.IsItsOwn(e))
                {
                    // One that cannot be opened must not stop the others; it stays due and is tried on every round.
                    failed.Add(plan.Id, plan.CaseId, e);
                    CaseLog.ReverificationFailed(log, e, plan.Id);
                }
            }
            if (due.Count < batch) return opened;
            (day, id) = (due[^1].On, due[^1].Id);
        }
    }

    /// <returns>False where it is not to be opened, or not yet, or somebody else opened it.</returns>
    internal Task<bool> OpenAsync(Guid planId, CancellationToken cancel) => runner.RunAsync(Viewer.System, null, "reverification.open", planId, async context =>
    {
        var (db, today) = (context.Db, BureauTime.Day(context.Now));
        var caseId = await db.Set<PlannedReverification>().Where(p => p.Id == planId).Select(p => (Guid?)p.CaseId).FirstOrDefaultAsync().ConfigureAwait(false);
        if (caseId is null) return false; // Destroyed with its case since it was read.
        var origin = await CaseLoader.LockAsync(db, caseId.Value).ConfigureAwait(false);
        var plan = await db.Set<PlannedReverification>().FirstAsync(p => p.Id == planId).ConfigureAwait(false);
        if (plan.SettledAt is not null || (plan.DueOn > today && !(plan.OpensOn <= today)) || origin.DecidedAt is null) return false;

        var grantId = await GrantIdAsync(db, plan).ConfigureAwait(false);
        // Another case's plan may be about the same grant: who comes second sees the case that the first one opened.
        if (grantId is { } id) await GrantFinder.LockAsync(db, id).ConfigureAwait(false);
        var grant = await db.Set<Grant>().AsNoTracking().FirstOrDefaultAsync(g => g.Id == grantId).ConfigureAwait(false);
        if (grant is null || grant.LastMonth < new DateOnly(today.Year, today.Month, 1))
        {
            plan.SettledAt = context.Now;
            await db.AppendAsync(origin.Id.ToString(), Guid.Empty, "reverification.notNeeded", new { planId, grantId = grant?.Id }, context.Now).ConfigureAwait(false);
            return false;
        }
        if (await db.Set<Case>().AnyAsync(c => c.GrantId == grant.Id && c.DecidedAt == null).ConfigureAwait(false)) return false;

        var revision = library.Find(origin.Matter) ?? throw new KeyNotFoundException($"There is no matter {origin.Matter}.");
        if (!revision.Matter.Workflows.ContainsKey(plan.Workflow)) throw new KeyNotFoundException($"The matter {origin.Matter} has no workflow {plan.Workflow}.");
        var from = await loader.StepAsync(context, origin, await LastInstanceAsync(db, origin.Id).ConfigureAwait(false)).ConfigureAwait(false);
        // Those of Reverification.Inputs: what a new amount is compared with is paid from the month after the decision.
        var month = new DateOnly(today.Year, today.Month, 1).AddMonths(1);
        var inputs = new JsonObject { ["grantId"] = grant.Id.ToString(), ["amountFen"] = (await GrantStates.InAsync(db, [grant], month, cancel).ConfigureAwait(false))[grant.Id].AmountFen };
        var (step, start) = await opening.OpenAsync(from, revision, plan.Workflow, grant.Id, inputs).ConfigureAwait(false);
        (plan.SettledAt, plan.OpenedCaseId) = (context.Now, step.Case.Id);
        await db.AppendAsync(origin.Id.ToString(), Guid.Empty, "reverification.opened", new { planId, caseId = step.Case.Id, step.Case.Number }, context.Now).ConfigureAwait(false);
        // Its parties and contents are looked up by the steps that follow.
        await db.SaveChangesAsync(cancel).ConfigureAwait(false);
        await stepper.RunAsync(step, start).ConfigureAwait(false);
        return true;
    }, cancel);

    /// <summary>The grant that was planned for; of a plan made before grants were named, the last of its case.</summary>
    private static async Task<Guid?> GrantIdAsync(CivilAffairsDb db, PlannedReverification plan) => plan.GrantId
        ?? await db.Set<Grant>().Where(g => g.CaseId == plan.CaseId && g.Benefit == plan.Benefit).OrderByDescending(g => g.RecordedAt).Select(g => (Guid?)g.Id).FirstOrDefaultAsync().ConfigureAwait(false);

    private static async Task<Guid> LastInstanceAsync(CivilAffairsDb db, Guid caseId) =>
        await db.Set<WorkflowInstance>().Where(i => i.CaseId == caseId).OrderByDescending(i => i.Id).Select(i => i.Id).FirstAsync().ConfigureAwait(false);

    private sealed record Planned
    {
        public DateOnly On { get; init; }
        public Guid Id { get; init; }
        public Guid CaseId { get; init; }
    }
}
