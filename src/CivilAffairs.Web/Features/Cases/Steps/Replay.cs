using System.Text.Json.Nodes;
using CivilAffairs.Engine.Port;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Time;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Cases.Steps;

/// <summary>
/// Runs an instance again from its journal alone: each row's trigger, instant and day, the facts and the parameter values that
/// the step could read; where it was moved to another version, it is placed there again. Since a step is a pure function, the result must be the stored state, letter by letter.
/// </summary>
/// <remarks>Working days come from the calendars loaded now: a year that was unknown then and is loaded since may make a difference.</remarks>
internal sealed class Replay(IWorkflowEngine runtime, MatterLibrary library, CaseVault vault, Calendars calendars)
{
    /// <returns>What came out, with one line for everything that does not fit.</returns>
    public async Task<Replayed> RunAsync(CivilAffairsDb db, WorkflowInstance instance, CancellationToken cancel)
    {
        var engine = instance.State.Length == 0 ? runtime : runtime.WriterOf(new WorkflowState(instance.State));
        var rows = await db.Set<JournalRow>().AsNoTracking().Where(j => j.InstanceId == instance.Id).OrderBy(j => j.Step).ToListAsync(cancel).ConfigureAwait(false);
        if (!rows.Select(r => r.Step).SequenceEqual(Enumerable.Range(1, instance.Steps)))
            return Fault($"the journal has steps {string.Join(',', rows.Select(r => r.Step))} of {instance.Steps}");
        CaseCipher cipher;
        try
        {
            cipher = await vault.OpenAsync(db, instance.CaseId, cancel).ConfigureAwait(false);
        }
        catch (CaseErasedException)
        {
            // Its facts went with its key: nothing is left to compute with, and nothing to compare.
            return new Replayed([], null, []);
        }
        var triggers = rows.ConvertAll(r => Journal.Read(r.Input));
        // It began under the version from which it was moved first.
        var revision = triggers.OfType<MoveTrigger>().FirstOrDefault()?.From ?? instance.Revision;
        var definition = await DefinitionAsync(revision, instance.Workflow, cancel).ConfigureAwait(false);
        var moved = new Dictionary<int, (string Revision, Standing Last)>();
        var facts = new Dictionary<Guid, IReadOnlyDictionary<string, JsonNode?>>();
        var parameters = new Dictionary<string, IReadOnlyDictionary<string, JsonNode?>>();
        Standing? last = null;
        var effects = new List<Effect>();
        foreach (var (row, trigger) in rows.Zip(triggers))
        {
            if (!facts.TryGetValue(row.FactsId, out var known))
            {
                var content = await db.Set<CaseContent>().AsNoTracking().FirstOrDefaultAsync(c => c.Id == row.FactsId && c.CaseId == instance.CaseId, cancel).ConfigureAwait(false);
                if (content is null) return Fault($"step {row.Step}: its facts are missing");
                known = facts[row.FactsId] = CaseContents.OpenFacts(cipher, content.Cipher).Facts.ToDictionary(f => f.Key, f => f.Value);
            }
            if (!parameters.TryGetValue(row.ParametersHash, out var values))
            {
                var snapshot = await db.Set<ParameterSnapshot>().AsNoTracking().FirstOrDefaultAsync(p => p.Hash == row.ParametersHash, cancel).ConfigureAwait(false);
                if (snapshot is null) return Fault($"step {row.Step}: its parameter values are missing");
                values = parameters[row.ParametersHash] = JsonNode.Parse(snapshot.Json)!.AsObject().ToDictionary(p => p.Key, p => p.Value?["value"]);
            }
            var input = new StepInput(trigger, row.At, $"{instance.Id:N}-{row.Step}")
            {
                OccurredOn = row.OccurredOn,
                InstanceId = instance.Id.ToString("N"), Parameters = values, Facts = known, Calendar = calendars.Working,
            };
            try
            {
                switch (trigger)
                {
                    case MoveTrigger move:
                        if (last is null || move.From != revision) return Fault($"step {row.Step}: it was moved from where it was not");
                        moved[row.Step] = (revision, last);
                        var target = await DefinitionAsync(move.To, instance.Workflow, cancel).ConfigureAwait(false);
                        var placed = engine.Place(definition, last.State, target, input);
                        if (placed.State is null) return Fault($"step {row.Step}: it was moved to where it has no place ({string.Join(", ", placed.Faults.Select(f => f.Code))})");
                        (revision, definition) = (move.To, target);
                        last = last with { State = placed.State, Bookmarks = [.. placed.Waits.Select(w => new Bookmark(w.BookmarkId, w.Next!.Id, w.Kind))] };
                        break;
                    case MoveBackTrigger back:
                        if (!moved.TryGetValue(back.Step, out var before) || back.Step != row.Step - 1) return Fault($"step {row.Step}: it was moved back to where it was not");
                        (revision, last) = before;
                        definition = await DefinitionAsync(revision, instance.Workflow, cancel).ConfigureAwait(false);
                        break;
                    default:
                        var result = engine.Step(definition, last?.State, input);
                        last = new Standing(result.State, result.Status, result.Bookmarks);
                        effects.AddRange(result.Effects);
                        break;
                }
            }
            catch (StepRefusedException e)
            {
                return Fault($"step {row.Step}: {e.Message}");
            }
        }
        if (last is null) return Fault("it has no step");
        var faults = new List<string>();
        if (revision != instance.Revision) faults.Add("its journal leads to another version than the stored one");
        if (last.State.Json != instance.State) faults.Add("its journal leads to another state than the stored one");
        if (last.Status.ToString() != instance.Status) faults.Add($"its journal leads to {last.Status}, stored is {instance.Status}");
        return new Replayed(faults, last.Bookmarks, effects);
    }

    private async Task<IWorkflowDefinition> DefinitionAsync(string revision, string workflow, CancellationToken cancel) =>
        library.Definition(await library.RevisionAsync(revision, cancel).ConfigureAwait(false), workflow);

    /// <summary>Where an instance stands between two steps.</summary>
    private sealed record Standing(WorkflowState State, InstanceStatus Status, IReadOnlyList<Bookmark> Bookmarks);

    private static Replayed Fault(string text) => new([text], null, []);
}

/// <param name="Faults">Empty: the journal leads to the stored state.</param>
/// <param name="Pending">Where the instance waits; null where it could not be replayed.</param>
/// <param name="Effects">All that its steps brought about, in order.</param>
internal sealed record Replayed(IReadOnlyList<string> Faults, IReadOnlyList<Bookmark>? Pending, IReadOnlyList<Effect> Effects);
