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
/// the step could read. Since a step is a pure function, the result must be the stored state, letter by letter.
/// </summary>
/// <remarks>Working days come from the calendars loaded now: a year that was unknown then and is loaded since may make a difference.</remarks>
internal sealed class Replay(IWorkflowEngine engine, MatterLibrary library, CaseVault vault, Calendars calendars)
{
    /// <returns>What came out, with one line for everything that does not fit.</returns>
    public async Task<Replayed> RunAsync(CivilAffairsDb db, WorkflowInstance instance, CancellationToken cancel)
    {
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
        var revision = await library.RevisionAsync(instance.Revision, cancel).ConfigureAwait(false);
        var definition = library.Definition(revision, instance.Workflow);
        var facts = new Dictionary<Guid, IReadOnlyDictionary<string, JsonNode?>>();
        var parameters = new Dictionary<string, IReadOnlyDictionary<string, JsonNode?>>();
        StepResult? last = null;
        var effects = new List<Effect>();
        foreach (var row in rows)
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
            var input = new StepInput(Journal.Read(row.Input), row.At, $"{instance.Id:N}-{row.Step}")
            {
                OccurredOn = row.OccurredOn,
                InstanceId = instance.Id.ToString("N"), Parameters = values, Facts = known, Calendar = calendars.Working,
            };
            try
            {
                last = engine.Step(definition, last?.State, input);
            }
            catch (StepRefusedException e)
            {
                return Fault($"step {row.Step}: {e.Message}");
            }
            effects.AddRange(last.Effects);
        }
        if (last is null) return Fault("it has no step");
        var faults = new List<string>();
        if (last.State.Json != instance.State) faults.Add("its journal leads to another state than the stored one");
        if (last.Status.ToString() != instance.Status) faults.Add($"its journal leads to {last.Status}, stored is {instance.Status}");
        return new Replayed(faults, last.Bookmarks, effects);
    }

    private static Replayed Fault(string text) => new([text], null, []);
}

/// <param name="Faults">Empty: the journal leads to the stored state.</param>
/// <param name="Pending">Where the instance waits; null where it could not be replayed.</param>
/// <param name="Effects">All that its steps brought about, in order.</param>
internal sealed record Replayed(IReadOnlyList<string> Faults, IReadOnlyList<Bookmark>? Pending, IReadOnlyList<Effect> Effects);
