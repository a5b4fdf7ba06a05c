using System.Text.Json.Nodes;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Matters.Forms;
using CivilAffairs.Web.Platform.Data;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Cases.Steps;

/// <summary>Reads and writes what is personal in a case.</summary>
internal static class CaseContents
{
    public static string Purpose(ContentKind kind, string? activity) => $"content.{kind}.{activity}";

    /// <summary>The newest form as filed; a draft's where nothing is filed.</summary>
    public static async Task<JsonObject> FormAsync(CivilAffairsDb db, Guid caseId, CaseCipher cipher, CancellationToken cancel = default)
    {
        var pending = db.Set<CaseContent>().Local.Where(c => c.CaseId == caseId && c.Kind == ContentKind.Form).MaxBy(c => c.Number);
        var row = pending ?? await db.Set<CaseContent>().AsNoTracking().Where(c => c.CaseId == caseId && c.Kind == ContentKind.Form)
            .OrderByDescending(c => c.Number).FirstOrDefaultAsync(cancel).ConfigureAwait(false);
        return row is null ? [] : cipher.OpenJson(row.Cipher, Purpose(ContentKind.Form, null));
    }

    /// <summary>What was written in tasks: activity id → the last entry, with its <c>outcome</c>.</summary>
    public static async Task<JsonObject> TasksAsync(CivilAffairsDb db, Guid caseId, CaseCipher cipher, CancellationToken cancel = default)
    {
        var stored = await db.Set<CaseContent>().AsNoTracking().Where(c => c.CaseId == caseId && c.Kind == ContentKind.Task).ToListAsync(cancel).ConfigureAwait(false);
        var rows = stored.Concat(db.Set<CaseContent>().Local.Where(c => c.CaseId == caseId && c.Kind == ContentKind.Task && stored.All(s => s.Id != c.Id)));
        var tasks = new JsonObject();
        foreach (var row in rows.OrderBy(r => r.RecordedAt).ThenBy(r => r.Number))
            tasks[row.ActivityId!] = cipher.OpenJson(row.Cipher, Purpose(ContentKind.Task, row.ActivityId));
        return tasks;
    }

    public static async Task<CaseContent> AddAsync(CaseStep step, ContentKind kind, string? activity, JsonNode content)
    {
        var last = await step.Db.Set<CaseContent>().Where(c => c.CaseId == step.Case.Id && c.Kind == kind && c.ActivityId == activity)
            .MaxAsync(c => (int?)c.Number).ConfigureAwait(false) ?? 0;
        var pending = step.Db.Set<CaseContent>().Local.Count(c => c.CaseId == step.Case.Id && c.Kind == kind && c.ActivityId == activity && step.Db.Entry(c).State == EntityState.Added);
        var row = new CaseContent
        {
            CaseId = step.Case.Id, Kind = kind, ActivityId = activity, Number = last + pending + 1, RecordedAt = step.Now, RecordedById = step.Actor.AccountId,
            Cipher = step.Cipher.SealJson(content, Purpose(kind, activity)),
        };
        step.Db.Add(row);
        return row;
    }

    /// <summary>The facts of the form as filed, and the row that keeps them for the journal (a new one only where they changed).</summary>
    /// <exception cref="CaseFaultedException">A fact cannot be computed: the form's definition is at fault, since its answers were checked.</exception>
    public static async Task<(IReadOnlyDictionary<string, JsonNode?> Values, Guid ContentId)> FactsAsync(CaseStep step)
    {
        var form = await FormAsync(step.Db, step.Case.Id, step.Cipher).ConfigureAwait(false);
        var day = Platform.Time.BureauTime.Day(step.Case.SubmittedAt ?? step.Now);
        var facts = new FormEvaluator(step.Revision.Form).Facts(new FormAnswers(form, step.Parameters.Values, day));
        if (facts.Faults.Count > 0)
            throw new CaseFaultedException([.. facts.Faults.Select(f => new Engine.Port.Incident(f.Path, f.En))]);
        var json = new JsonObject(facts.Values.OrderBy(f => f.Key, StringComparer.Ordinal).Select(f => KeyValuePair.Create(f.Key, f.Value?.DeepClone())));
        var last = step.Db.Set<CaseContent>().Local.Where(c => c.CaseId == step.Case.Id && c.Kind == ContentKind.Facts).MaxBy(c => c.Number)
            ?? await step.Db.Set<CaseContent>().Where(c => c.CaseId == step.Case.Id && c.Kind == ContentKind.Facts).OrderByDescending(c => c.Number).FirstOrDefaultAsync().ConfigureAwait(false);
        if (last is not null && JsonNode.DeepEquals(step.Cipher.OpenJson(last.Cipher, Purpose(ContentKind.Facts, null)), json)) return (facts.Values, last.Id);
        return (facts.Values, (await AddAsync(step, ContentKind.Facts, null, json).ConfigureAwait(false)).Id);
    }
}
