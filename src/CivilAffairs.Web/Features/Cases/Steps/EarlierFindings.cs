using System.Text.Json.Nodes;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Data;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Cases.Steps;

/// <summary>
/// What was found last time, for a case that comes of another in the same matter: activity id → fields. Only what steered
/// the flow, figures and codes, and never what somebody wrote. It lies under the new case's own key and is never edited:
/// the case it comes of may be destroyed before this one.
/// </summary>
internal static class EarlierFindings
{
    /// <summary>Those of a case to be handed on: its own, and where it did not ask, those it was handed itself.</summary>
    public static async Task<JsonObject> OfAsync(CaseStep from)
    {
        var found = await ReadAsync(from.Db, from.Case.Id, from.Cipher).ConfigureAwait(false);
        var forms = await from.Db.Set<WorkTask>().Where(t => t.CaseId == from.Case.Id && t.Form != null).Select(t => new { t.ActivityId, t.Form }).Distinct().ToListAsync().ConfigureAwait(false);
        foreach (var (activity, written) in await CaseContents.TasksAsync(from.Db, from.Case.Id, from.Cipher).ConfigureAwait(false))
        {
            if (written is not JsonObject fields || forms.Find(f => f.ActivityId == activity)?.Form is not { } form || !from.Revision.Form.TaskForms.TryGetValue(form, out var asked)) continue;
            var kept = Flowing(asked, fields);
            if (kept.Count == 0) continue;
            // Field by field: an opinion that found no change was not asked for the figures, and those before it hold on.
            if (found[activity] is not JsonObject handed) found[activity] = kept;
            else foreach (var (field, value) in kept) handed[field] = value?.DeepClone();
        }
        return found;
    }

    /// <summary>What steered the flow of what was written in a task.</summary>
    public static JsonObject Flowing(TaskForm asked, JsonObject written)
    {
        ArgumentNullException.ThrowIfNull(asked);
        ArgumentNullException.ThrowIfNull(written);
        return new JsonObject(asked.Fields.Where(f => f.Flow && written[f.Id] is not null).Select(f => KeyValuePair.Create(f.Id, written[f.Id]?.DeepClone())));
    }

    /// <returns>Empty for a case that comes of none.</returns>
    public static async Task<JsonObject> ReadAsync(CivilAffairsDb db, Guid caseId, CaseCipher cipher, CancellationToken cancel = default)
    {
        var row = await db.Set<CaseContent>().AsNoTracking().Where(c => c.CaseId == caseId && c.Kind == ContentKind.Earlier).OrderByDescending(c => c.Number).FirstOrDefaultAsync(cancel).ConfigureAwait(false);
        return row is null ? [] : cipher.OpenJson(row.Cipher, CaseContents.Purpose(ContentKind.Earlier, null));
    }
}
