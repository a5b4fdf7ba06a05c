using System.Text.Json;
using CivilAffairs.Engine.Port;
using CivilAffairs.Web.Features.Cases;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Cases.Steps;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Audit;
using CivilAffairs.Web.Platform.Commands;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Jobs;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Designer.Moves;

/// <summary>
/// Carries out a move, or takes it back, case by case: each is one transaction with the line that says so, so that after a
/// power failure each case is either moved and said to be, or waits; the next run deals with the rest and none twice. Several
/// may run at once: the case's lock and the line's state let only one do it.
/// </summary>
internal sealed partial class MoveRunner(IReader reader, CommandRunner runner, MatterLibrary library, MovePlacer placer, CaseVault vault, ParameterSnapshots snapshots, IViewerSource viewers, ILogger<MoveRunner> log)
{
    private const int Batch = 50;

    /// <param name="progress">Told after each case.</param>
    /// <param name="cancel">Between two cases.</param>
    /// <returns>How many cases were dealt with.</returns>
    public async Task<int> RunAsync(Guid moveId, Func<Task>? progress, CancellationToken cancel)
    {
        await using var db = reader.Open();
        if (await db.Set<CaseMove>().FirstOrDefaultAsync(m => m.Id == moveId, cancel).ConfigureAwait(false) is not { State: MoveState.Moving or MoveState.Undoing } move) return 0;
        var undo = move.State == MoveState.Undoing;
        var wanted = undo ? MoveEntryState.Moved : MoveEntryState.Waiting;
        // Postings of now: who is manager no more moves nothing more.
        var who = (undo ? move.UndoneById : move.RecordedById) ?? move.RecordedById;
        var actor = await viewers.FindAsync(who, cancel).ConfigureAwait(false) ?? new Viewer(who, "", AccountKind.Officer, []);
        var (dealt, left, last) = (0, false, Guid.Empty);
        while (true)
        {
            var after = last;
            var page = await db.Set<CaseMoveEntry>().Where(e => e.MoveId == moveId && e.State == wanted && e.CaseId > after).OrderBy(e => e.CaseId).Select(e => e.CaseId).Take(Batch).ToListAsync(cancel).ConfigureAwait(false);
            if (page.Count == 0) break;
            foreach (var caseId in page)
            {
                cancel.ThrowIfCancellationRequested();
                if (await TryAsync(actor, move, caseId, undo).ConfigureAwait(false)) dealt++;
                else left = true;
                if (progress is not null) await progress().ConfigureAwait(false);
            }
            last = page[^1];
        }
        if (!left) await EndAsync(moveId, undo ? MoveState.Undoing : MoveState.Moving, wanted, cancel).ConfigureAwait(false);
        return dealt;
    }

    private Task<int> EndAsync(Guid moveId, MoveState running, MoveEntryState wanted, CancellationToken cancel) => runner.RunAsync(Viewer.System, null, "move.end", moveId, async context =>
    {
        var move = await context.Db.Set<CaseMove>().FirstAsync(m => m.Id == moveId).ConfigureAwait(false);
        // Another run may have left some, or ended it.
        if (move.State != running || await context.Db.Set<CaseMoveEntry>().AnyAsync(e => e.MoveId == moveId && e.State == wanted).ConfigureAwait(false)) return 0;
        move.State = running == MoveState.Undoing ? MoveState.Undone : MoveState.Done;
        move.EndedAt = context.Now;
        return 1;
    }, cancel);

    private async Task<bool> TryAsync(Viewer actor, CaseMove move, Guid caseId, bool undo)
    {
        try
        {
            await (undo ? UndoAsync(actor, move, caseId) : MoveAsync(actor, move, caseId)).ConfigureAwait(false);
            return true;
        }
        catch (Exception e) when (JobFaults.IsItsOwn(e))
        {
            // One that cannot be dealt with holds up none of the others.
            Failed(log, e, caseId, move.Id);
            await runner.RunAsync(actor, null, "move.failed", new { move.Id, caseId }, async context =>
            {
                if (await EntryAsync(context.Db, move.Id, caseId).ConfigureAwait(false) is { State: MoveEntryState.Waiting or MoveEntryState.Moved } entry)
                    Close(entry, undo ? MoveEntryState.Kept : MoveEntryState.Stayed, [new MoveNote(MoveNotes.Failed)], context.Now);
                return 0;
            }, CancellationToken.None).ConfigureAwait(false);
            return true;
        }
        catch (BusyException)
        {
            return false; // the next run
        }
    }

    private Task<bool> MoveAsync(Viewer actor, CaseMove move, Guid caseId) => runner.RunAsync(actor, null, "move.case", new { move.Id, caseId }, async context =>
    {
        var db = context.Db;
        var @case = await CaseLoader.LockAsync(db, caseId).ConfigureAwait(false);
        if (await EntryAsync(db, move.Id, caseId).ConfigureAwait(false) is not { State: MoveEntryState.Waiting } entry) return false;
        if (!await db.Set<Case>().Where(c => c.Id == caseId).InScope(db, actor).AnyAsync().ConfigureAwait(false)) return Stay(MoveNotes.OutOfScope);
        if (@case.Version != entry.Version || @case.ClosedAt is not null) return Stay(MoveNotes.Changed);
        var target = await library.RevisionAsync(move.To).ConfigureAwait(false);
        var parameters = await EffectiveParameters.OnAsync(db, target, Platform.Time.BureauTime.Day(context.Now), @case.Township ?? @case.County).ConfigureAwait(false);
        var reading = await MovePlacer.ReadAsync(db, [@case]).ConfigureAwait(false);
        var renamed = Renames(move);
        var placed = await placer.PlaceAsync(@case, reading, target, parameters, renamed, context.Now).ConfigureAwait(false);
        if (placed is not { Faults.Count: 0, Instance: { } instance, Placement: { State: { } state } placement })
        {
            Close(entry, MoveEntryState.Stayed, placed.Faults, context.Now);
            return false;
        }
        var before = new MoveBefore(instance.State, instance.Revision, @case.Revision, [], []);
        var cipher = await vault.OpenAsync(db, caseId).ConfigureAwait(false);
        var trigger = new MoveTrigger(instance.Revision, move.To, renamed.GetValueOrDefault(instance.Workflow) ?? new Dictionary<string, string>());
        (instance.State, instance.Revision, @case.Revision) = (state.Json, move.To, move.To);
        var step = new CaseStep(db, @case, instance, target, parameters, cipher, context.Actor, context.Now);
        await MovedRows.ApplyAsync(step, placement, reading.Tasks[caseId], move.NewLimits, before).ConfigureAwait(false);
        await JournalAsync(step, trigger, "Moved").ConfigureAwait(false);
        CaseLoader.Touch(@case, context);
        await db.AppendAsync(caseId.ToString(), actor.AccountId, "case.moved", new { moveId = move.Id, trigger.From, trigger.To, step = instance.Steps, @case.Version }, context.Now).ConfigureAwait(false);
        (entry.InstanceId, entry.Step, entry.MovedVersion, entry.Before) = (instance.Id, instance.Steps, @case.Version, JsonSerializer.Serialize(before, JsonSerializerOptions.Web));
        Close(entry, MoveEntryState.Moved, placed.Remarks, context.Now);
        return true;

        bool Stay(string why)
        {
            Close(entry, MoveEntryState.Stayed, [new MoveNote(why)], context.Now);
            return false;
        }
    }, CancellationToken.None);

    /// <summary>Only while nothing was done in it since: nobody's decision is taken back by this.</summary>
    private Task<bool> UndoAsync(Viewer actor, CaseMove move, Guid caseId) => runner.RunAsync(actor, null, "move.case.undo", new { move.Id, caseId }, async context =>
    {
        var db = context.Db;
        var @case = await CaseLoader.LockAsync(db, caseId).ConfigureAwait(false);
        if (await EntryAsync(db, move.Id, caseId).ConfigureAwait(false) is not { State: MoveEntryState.Moved } entry) return false;
        var inScope = await db.Set<Case>().Where(c => c.Id == caseId).InScope(db, actor).AnyAsync().ConfigureAwait(false);
        var before = entry.Before is null ? null : JsonSerializer.Deserialize<MoveBefore>(entry.Before, JsonSerializerOptions.Web);
        var instance = await db.Set<WorkflowInstance>().FirstOrDefaultAsync(i => i.Id == entry.InstanceId).ConfigureAwait(false);
        var tasks = await db.Set<WorkTask>().Where(t => t.InstanceId == entry.InstanceId && t.State == TaskState.Open).ToListAsync().ConfigureAwait(false);
        if (!inScope || before is null || instance is null || @case.Version != entry.MovedVersion || instance.Steps != entry.Step || !MovedRows.Untouched(before, tasks))
        {
            Close(entry, MoveEntryState.Kept, [new MoveNote(inScope ? MoveNotes.WentOn : MoveNotes.OutOfScope)], context.Now);
            return false;
        }
        var revision = await library.RevisionAsync(before.Revision).ConfigureAwait(false);
        var parameters = await EffectiveParameters.OnAsync(db, revision, Platform.Time.BureauTime.Day(context.Now), @case.Township ?? @case.County).ConfigureAwait(false);
        (instance.State, instance.Revision, @case.Revision) = (before.State, before.Revision, before.CaseRevision);
        var step = new CaseStep(db, @case, instance, revision, parameters, await vault.OpenAsync(db, caseId).ConfigureAwait(false), context.Actor, context.Now);
        await MovedRows.RestoreAsync(step, before, tasks).ConfigureAwait(false);
        await JournalAsync(step, new MoveBackTrigger(entry.Step!.Value), "MovedBack").ConfigureAwait(false);
        CaseLoader.Touch(@case, context);
        await db.AppendAsync(caseId.ToString(), actor.AccountId, "case.movedBack", new { moveId = move.Id, to = before.Revision, step = instance.Steps, @case.Version }, context.Now).ConfigureAwait(false);
        Close(entry, MoveEntryState.Undone, [], context.Now);
        return true;
    }, CancellationToken.None);

    /// <summary>A step of the journal that ran nothing. The facts are computed anew: another form may have others.</summary>
    private async Task JournalAsync(CaseStep step, StepTrigger trigger, string happened)
    {
        var facts = await CaseContents.FactsAsync(step, anew: true).ConfigureAwait(false);
        step.Db.Append(new JournalRow
        {
            InstanceId = step.Instance.Id, Step = ++step.Instance.Steps, CaseId = step.Case.Id, At = step.Now, OccurredOn = step.OccurredOn, ActorId = step.Actor.AccountId,
            Input = Journal.Write(trigger), FactsId = facts.ContentId, ParametersHash = await snapshots.KeepAsync(step).ConfigureAwait(false),
            Events = JsonSerializer.Serialize<JournalEvent[]>([new JournalEvent("", happened)], JsonSerializerOptions.Web),
        });
    }

    internal static IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Renames(CaseMove move) =>
        JsonSerializer.Deserialize<Dictionary<string, Dictionary<string, string>>>(move.Renamed)!.ToDictionary(r => r.Key, r => (IReadOnlyDictionary<string, string>)r.Value);

    private static Task<CaseMoveEntry?> EntryAsync(CivilAffairsDb db, Guid moveId, Guid caseId) => db.Set<CaseMoveEntry>().FirstOrDefaultAsync(e => e.MoveId == moveId && e.CaseId == caseId);

    private static void Close(CaseMoveEntry entry, MoveEntryState state, IReadOnlyList<MoveNote> notes, DateTimeOffset at) =>
        (entry.State, entry.Notes, entry.At) = (state, JsonSerializer.Serialize(notes), at);

    [LoggerMessage(EventId = 2300, Level = LogLevel.Error, Message = "The case {CaseId} could not be dealt with in the move {MoveId}")]
    private static partial void Failed(ILogger log, Exception e, Guid caseId, Guid moveId);
}
