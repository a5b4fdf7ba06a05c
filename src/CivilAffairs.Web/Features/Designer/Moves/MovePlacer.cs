using System.Globalization;
using System.Text.Json.Nodes;
using CivilAffairs.Engine.Port;
using CivilAffairs.Web.Features.Cases;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Cases.Steps;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Features.Matters.Forms;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Time;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Designer.Moves;

/// <summary>
/// Where cases would stand in another version of their matter: the engine places the workflow, the new form reads the old
/// answers. Changes nothing; the preview and the move itself ask the same.
/// </summary>
internal sealed class MovePlacer(IWorkflowEngine engine, MatterLibrary library, CaseVault vault, Calendars calendars)
{
    /// <summary>Reads what placing needs of some cases at once.</summary>
    public static async Task<MoveReading> ReadAsync(CivilAffairsDb db, IReadOnlyList<Case> cases, CancellationToken cancel = default)
    {
        var ids = cases.Select(c => c.Id).ToList();
        var instances = (await db.Set<WorkflowInstance>().Where(i => EF.Parameter(ids).Contains(i.CaseId) && i.Status == nameof(InstanceStatus.Suspended)).ToListAsync(cancel).ConfigureAwait(false)).ToLookup(i => i.CaseId);
        var tasks = (await db.Set<WorkTask>().Where(t => EF.Parameter(ids).Contains(t.CaseId) && t.State == TaskState.Open).OrderBy(t => t.Id).ToListAsync(cancel).ConfigureAwait(false)).ToLookup(t => t.CaseId);
        var keys = await db.Set<CaseKey>().AsNoTracking().Where(k => EF.Parameter(ids).Contains(k.CaseId)).ToDictionaryAsync(k => k.CaseId, k => k.Wrapped, cancel).ConfigureAwait(false);
        var forms = await db.Set<CaseContent>().AsNoTracking().Where(c => EF.Parameter(ids).Contains(c.CaseId) && c.Kind == ContentKind.Form
            && !db.Set<CaseContent>().Any(o => o.CaseId == c.CaseId && o.Kind == ContentKind.Form && o.Number > c.Number)).ToDictionaryAsync(c => c.CaseId, c => c.Cipher, cancel).ConfigureAwait(false);
        var slots = (await db.Set<CaseFile>().Where(f => EF.Parameter(ids).Contains(f.CaseId) && f.RemovedAt == null).Select(f => new { f.CaseId, f.Slot }).Distinct().ToListAsync(cancel).ConfigureAwait(false)).ToLookup(f => f.CaseId, f => f.Slot);
        return new MoveReading(instances, tasks, keys, forms, slots);
    }

    /// <param name="parameters">Of <paramref name="target"/>, in force on <paramref name="now"/>'s day in the case's place.</param>
    /// <param name="renamed">Workflow → old activity id → new one.</param>
    public async Task<PlacedCase> PlaceAsync(Case @case, MoveReading reading, MatterRevision target, EffectiveParameters parameters,
        IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> renamed, DateTimeOffset now)
    {
        if (@case.Revision == target.Hash) return PlacedCase.No(MoveNotes.SameVersion);
        if (reading.Instances[@case.Id].ToList() is not [var instance]) return PlacedCase.No(MoveNotes.NotRunning);
        if (!target.Workflows.ContainsKey(instance.Workflow)) return PlacedCase.No(MoveNotes.NoWorkflow);
        var from = await library.RevisionAsync(instance.Revision).ConfigureAwait(false);
        var (faults, remarks, facts) = Form(@case, reading, from, target, parameters);
        if (facts is null) return new PlacedCase(null, null, faults, remarks);
        var names = renamed.GetValueOrDefault(instance.Workflow) ?? new Dictionary<string, string>();
        var input = new StepInput(new MoveTrigger(instance.Revision, target.Hash, names), now, string.Create(CultureInfo.InvariantCulture, $"{instance.Id:N}-{instance.Steps + 1}"))
        {
            InstanceId = instance.Id.ToString("N"), Parameters = parameters.Values, Facts = facts, Calendar = calendars.Working,
        };
        var since = reading.Tasks[@case.Id].Where(t => t.InstanceId == instance.Id).GroupBy(t => t.BookmarkId).ToDictionary(g => g.Key, g => g.First().CountedFrom ?? g.First().OpenedOn);
        var placement = engine.Place(library.Definition(from, instance.Workflow), new WorkflowState(instance.State), library.Definition(target, instance.Workflow), input, since);
        faults.AddRange(placement.Faults.Select(Note));
        remarks.AddRange(placement.Remarks.Select(Note));
        return new PlacedCase(instance, placement, faults, remarks);
    }

    // A message of an expression may tell of the case: managers see none of its contents.
    private static MoveNote Note(PlacementNote note) =>
        new(note.Code.ToString(), note.Activity.Title.Zh, note.Activity.Title.En.Length > 0 ? note.Activity.Title.En : note.Activity.Title.Zh, note.Code == PlacementCode.CannotEvaluate ? "" : note.Detail);

    /// <summary>
    /// What the new form says of the filed answers. It was accepted under the form of its day, so nobody is asked anew: what
    /// it lacks is told. But what it could not show any more would be lost to those who decide.
    /// </summary>
    private (List<MoveNote> Faults, List<MoveNote> Remarks, IReadOnlyDictionary<string, JsonNode?>? Facts) Form(Case @case, MoveReading reading, MatterRevision from, MatterRevision target, EffectiveParameters parameters)
    {
        var (faults, remarks) = (new List<MoveNote>(), new List<MoveNote>());
        var cipher = vault.Open(@case.Id, reading.Keys.GetValueOrDefault(@case.Id));
        var data = reading.Forms.TryGetValue(@case.Id, out var sealedForm) ? cipher.OpenJson(sealedForm, CaseContents.Purpose(ContentKind.Form, null)) : [];
        var answers = new FormAnswers(data, parameters.Values, @case.ReceivedOn ?? BureauTime.Day(@case.SubmittedAt ?? @case.CreatedAt));
        var evaluator = new FormEvaluator(target.Form);
        try
        {
            foreach (var path in Unknown(data, target.Form)) faults.Add(Field(MoveNotes.FormLoses, from.Form, path));
            if (data.Count > 0 && faults.Count == 0)
            {
                var known = target.Form.Sections.Count == 0 ? [] : evaluator.Validate(answers).Select(f => f.Path).Distinct();
                var before = Before(from, answers);
                remarks.AddRange(known.Where(p => !before.Contains(p)).Select(p => Field(MoveNotes.FormRefuses, target.Form, p)));
                var here = reading.Slots[@case.Id].ToHashSet();
                var asked = from.Form.Attachments.Select(a => a.Id).ToHashSet();
                remarks.AddRange(evaluator.Attachments(answers).Where(a => a.Required && !asked.Contains(a.Attachment.Id) && !here.Contains(a.Attachment.Id))
                    .Select(a => new MoveNote(MoveNotes.AttachmentMissing, a.Attachment.Label.Zh, a.Attachment.Label.En)));
            }
            var facts = evaluator.Facts(answers);
            if (facts.Faults.Count == 0) return (faults, remarks, facts.Values);
            faults.AddRange(facts.Faults.Select(f => new MoveNote(MoveNotes.FormFault, f.Path, f.Path)));
        }
        catch (FormScriptException)
        {
            faults.Add(new MoveNote(MoveNotes.FormFault));
        }
        return (faults, remarks, null);
    }

    private static HashSet<string> Before(MatterRevision from, FormAnswers answers)
    {
        try
        {
            return [.. new FormEvaluator(from.Form).Validate(answers).Select(f => f.Path)];
        }
        catch (FormScriptException)
        {
            return [];
        }
    }

    /// <summary>Answers that the form has no place for, as <c>section.field</c>.</summary>
    private static IEnumerable<string> Unknown(JsonObject data, Matters.FormFile form)
    {
        foreach (var (id, node) in data)
        {
            if (node is null) continue;
            if (form.Sections.FirstOrDefault(s => s.Id == id) is not { } section || (section.Repeat is null ? node is not JsonObject : node is not JsonArray))
            {
                yield return id;
                continue;
            }
            var rows = node is JsonArray list ? list.OfType<JsonObject>() : [(JsonObject)node];
            foreach (var name in rows.SelectMany(r => r.Where(p => p.Value is not null).Select(p => p.Key)).Distinct().Where(n => section.Fields.All(f => f.Id != n))) yield return $"{id}.{name}";
        }
    }

    private static MoveNote Field(string code, Matters.FormFile form, string path)
    {
        var (section, field) = path.Split('.') is [var s, var f] ? (s.Split('[')[0], f) : (path.Split('[')[0], "");
        var found = form.Sections.FirstOrDefault(x => x.Id == section);
        var label = found?.Fields.FirstOrDefault(x => x.Id == field)?.Label ?? found?.Title;
        return new MoveNote(code, label?.Zh ?? path, label?.En ?? path);
    }
}

/// <summary>What was read of some cases, by case.</summary>
internal sealed record MoveReading(ILookup<Guid, WorkflowInstance> Instances, ILookup<Guid, WorkTask> Tasks, IReadOnlyDictionary<Guid, string> Keys,
    IReadOnlyDictionary<Guid, byte[]> Forms, ILookup<Guid, string> Slots);

/// <param name="Instance">What runs; null where nothing could be placed.</param>
/// <param name="Faults">Why it stays; empty: it may be moved.</param>
internal sealed record PlacedCase(WorkflowInstance? Instance, PlacementResult? Placement, IReadOnlyList<MoveNote> Faults, IReadOnlyList<MoveNote> Remarks)
{
    public static PlacedCase No(string code) => new(null, null, [new MoveNote(code)], []);
}
