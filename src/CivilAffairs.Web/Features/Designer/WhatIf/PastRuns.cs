using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using CivilAffairs.Engine.Port;
using CivilAffairs.Web.Features.Cases;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Cases.Steps;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using CivilAffairs.Web.Platform.Time;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Designer.WhatIf;

/// <summary>
/// The last ended cases of a matter where the viewer designs matters, read a few at a time, each a fixed number of queries:
/// however many are asked for, only those few are in memory. Writes nothing.
/// </summary>
internal sealed class PastRuns(IReader reader, CaseVault vault, MatterLibrary library)
{
    /// <summary>Cases of which the newest are looked for: filed within so many days.</summary>
    private const int WithinDays = 3 * 366;
    private const int AtOnce = 10;

    /// <summary>The cases, newest first.</summary>
    public async Task<IReadOnlyList<RecordedCase>> CasesAsync(Viewer viewer, string matter, int most, DateTimeOffset now, CancellationToken cancel)
    {
        var since = now.AddDays(-WithinDays);
        await using var db = reader.Open();
        return await db.Set<Case>().ManagedVisibleTo(db, viewer).Where(c => c.Matter == matter && c.ClosedAt != null && c.ErasedAt == null && c.SubmittedAt >= since)
            .OrderByDescending(c => c.SubmittedAt).ThenByDescending(c => c.Id).Take(most)
            .Select(c => new RecordedCase(c.Id, c.Number!, c.Status, c.SubmittedAt!.Value, c.County, c.Township, c.Village)).ToListAsync(cancel).ConfigureAwait(false);
    }

    /// <summary>Their ended runs, case by case; of a case whose contents were destroyed meanwhile none.</summary>
    /// <param name="cases">From <see cref="CasesAsync"/>.</param>
    public async IAsyncEnumerable<(RecordedCase Case, IReadOnlyList<RecordedRun> Runs)> ReadAsync(IReadOnlyList<RecordedCase> cases, [EnumeratorCancellation] CancellationToken cancel)
    {
        var parameters = new Dictionary<string, IReadOnlyDictionary<string, JsonNode?>>();
        foreach (var some in cases.Chunk(AtOnce))
        {
            await using var db = reader.Open();
            var ids = some.Select(c => c.Id).ToArray();
            var instances = await db.Set<WorkflowInstance>().Where(i => ids.Contains(i.CaseId) && i.Status == nameof(InstanceStatus.Finished)).ToListAsync(cancel).ConfigureAwait(false);
            var journal = (await db.Set<JournalRow>().Where(j => ids.Contains(j.CaseId)).ToListAsync(cancel).ConfigureAwait(false)).ToLookup(j => j.InstanceId);
            var contents = (await db.Set<CaseContent>().Where(c => ids.Contains(c.CaseId) && (c.Kind == ContentKind.Facts || c.Kind == ContentKind.Form)).ToListAsync(cancel).ConfigureAwait(false)).ToLookup(c => c.CaseId);
            var keys = await db.Set<CaseKey>().Where(k => ids.Contains(k.CaseId)).ToDictionaryAsync(k => k.CaseId, k => k.Wrapped, cancel).ConfigureAwait(false);
            var hashes = journal.SelectMany(g => g).Select(j => j.ParametersHash).Distinct().Where(h => !parameters.ContainsKey(h)).ToArray();
            foreach (var snapshot in await db.Set<ParameterSnapshot>().Where(p => hashes.Contains(p.Hash)).ToListAsync(cancel).ConfigureAwait(false))
                parameters[snapshot.Hash] = JsonNode.Parse(snapshot.Json)!.AsObject().ToDictionary(p => p.Key, p => p.Value?["value"]);
            foreach (var one in some)
            {
                if (!keys.TryGetValue(one.Id, out var wrapped)) continue;
                var runs = new List<RecordedRun>();
                var facts = Facts(vault.Open(one.Id, wrapped), contents[one.Id].ToList());
                foreach (var instance in instances.Where(i => i.CaseId == one.Id).OrderBy(i => i.Id))
                    if (Steps(journal[instance.Id].OrderBy(j => j.Step).ToList(), instance.Steps, facts, parameters) is { } steps)
                        runs.Add(new RecordedRun(one, await library.RevisionAsync(instance.Revision, cancel).ConfigureAwait(false), instance.Workflow, instance.Id.ToString("N"), steps));
                yield return (one, runs);
            }
        }
    }

    private static List<RecordedStep>? Steps(List<JournalRow> rows, int steps, Dictionary<Guid, RecordedFacts> facts, Dictionary<string, IReadOnlyDictionary<string, JsonNode?>> parameters) =>
        rows.Count == 0 || rows.Count != steps || rows.Exists(r => !facts.ContainsKey(r.FactsId) || !parameters.ContainsKey(r.ParametersHash)) ? null
            : [.. rows.Select(r => new RecordedStep(Journal.Read(r.Input), r.At, r.OccurredOn, facts[r.FactsId], parameters[r.ParametersHash]))];

    /// <summary>Each row of facts with the application it was computed from, which the row names.</summary>
    private static Dictionary<Guid, RecordedFacts> Facts(CaseCipher cipher, List<CaseContent> contents)
    {
        var forms = contents.Where(c => c.Kind == ContentKind.Form).ToDictionary(c => c.Id);
        var opened = new Dictionary<Guid, JsonObject>();
        var facts = new Dictionary<Guid, RecordedFacts>();
        foreach (var row in contents.Where(c => c.Kind == ContentKind.Facts))
        {
            var (of, values) = CaseContents.OpenFacts(cipher, row.Cipher);
            var form = of?.Split(' ') is [var id, ..] && Guid.TryParse(id, out var formId) && forms.TryGetValue(formId, out var stored) ? stored : null;
            if (form is not null && !opened.ContainsKey(form.Id)) opened[form.Id] = cipher.OpenJson(form.Cipher, CaseContents.Purpose(ContentKind.Form, null));
            var day = of?.Split(' ') is [.., var text] && DateOnly.TryParseExact(text, "yyyy-MM-dd", out var read) ? read : (DateOnly?)null;
            facts[row.Id] = new RecordedFacts(values.ToDictionary(f => f.Key, f => f.Value), form is null ? null : opened[form.Id], day);
        }
        return facts;
    }
}
