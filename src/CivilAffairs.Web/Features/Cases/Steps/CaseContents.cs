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
        var pending = db.Tracked<CaseContent>().Where(c => c.CaseId == caseId && c.Kind == ContentKind.Form).MaxBy(c => c.Number);
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
        var last = step.Known is { } known && kind == ContentKind.Task && activity == known.ActivityId ? known.LastNumber
            : await step.Db.Set<CaseContent>().Where(c => c.CaseId == step.Case.Id && c.Kind == kind && c.ActivityId == activity)
                .MaxAsync(c => (int?)c.Number).ConfigureAwait(false) ?? 0;
        // Those added in this very decision and not yet saved.
        var pending = step.Db.Tracked<CaseContent>().Count(c => c.CaseId == step.Case.Id && c.Kind == kind && c.ActivityId == activity && c.Number > last);
        var row = new CaseContent
        {
            CaseId = step.Case.Id, Kind = kind, ActivityId = activity, Number = last + pending + 1, OccurredOn = step.OccurredOn, RecordedAt = step.Now, RecordedById = step.Actor.AccountId,
            Cipher = step.Cipher.SealJson(content, Purpose(kind, activity)),
        };
        step.Db.Add(row);
        return row;
    }

    /// <summary>
    /// The facts of the form as filed, and the row that keeps them for the journal. The row names what it was computed
    /// from; while that stands the facts do, and nothing is computed again.
    /// </summary>
    /// <exception cref="CaseFaultedException">A fact cannot be computed: the form's definition is at fault, since its answers were checked.</exception>
    /// <param name="anew">Whatever stands: the case goes on under another form.</param>
    public static async Task<(IReadOnlyDictionary<string, JsonNode?> Values, Guid ContentId)> FactsAsync(CaseStep step, bool anew = false)
    {
        // As of the day on which the application came in: ages and the like are those of that day.
        var day = step.Case.ReceivedOn ?? Platform.Time.BureauTime.Day(step.Case.SubmittedAt ?? step.Now);
        var form = await NewestFormAsync(step).ConfigureAwait(false);
        // A form that is filed is never edited: its id says all. A draft is, and is asked each time.
        var basis = form.Number == 0 ? null : $"{form.Id:N} {step.Parameters.Snapshot.Hash} {day:yyyy-MM-dd}";
        var last = Pending(step, ContentKind.Facts) ?? (step.Known is { } known ? known.Facts : await NewestAsync(step, ContentKind.Facts).ConfigureAwait(false));
        if (last is not null && basis is not null && !anew)
        {
            var (of, stored) = OpenFacts(step.Cipher, last.Cipher);
            if (of == basis) return (stored.ToDictionary(f => f.Key, f => f.Value), last.Id);
        }
        var answers = new FormAnswers(await FormAsync(step.Db, step.Case.Id, step.Cipher).ConfigureAwait(false), step.Parameters.Values, day);
        var facts = new FormEvaluator(step.Revision.Form).Facts(answers);
        if (facts.Faults.Count > 0)
            throw new CaseFaultedException([.. facts.Faults.Select(f => new Engine.Port.Incident(f.Path, f.En))]);
        var json = new JsonObject(facts.Values.OrderBy(f => f.Key, StringComparer.Ordinal).Select(f => KeyValuePair.Create(f.Key, f.Value?.DeepClone())));
        return (facts.Values, (await AddAsync(step, ContentKind.Facts, null, new JsonObject { ["of"] = basis, ["facts"] = json }).ConfigureAwait(false)).Id);
    }

    /// <summary>A stored row of facts: what they were computed from, and the facts by id.</summary>
    public static (string? Of, JsonObject Facts) OpenFacts(CaseCipher cipher, byte[] stored)
    {
        var row = cipher.OpenJson(stored, Purpose(ContentKind.Facts, null));
        return ((string?)row["of"], row["facts"]!.AsObject());
    }

    private static async Task<(Guid Id, int Number)> NewestFormAsync(CaseStep step)
    {
        if (Pending(step, ContentKind.Form) is { } pending) return (pending.Id, pending.Number);
        if (step.Known is { } known) return (known.FormId, known.FormNumber);
        var row = await NewestAsync(step, ContentKind.Form).ConfigureAwait(false);
        return row is null ? default : (row.Id, row.Number);
    }

    private static CaseContent? Pending(CaseStep step, ContentKind kind) =>
        step.Db.Tracked<CaseContent>().Where(c => c.CaseId == step.Case.Id && c.Kind == kind).MaxBy(c => c.Number);

    private static Task<CaseContent?> NewestAsync(CaseStep step, ContentKind kind) => step.Db.Set<CaseContent>().AsNoTracking()
        .Where(c => c.CaseId == step.Case.Id && c.Kind == kind).OrderByDescending(c => c.Number).FirstOrDefaultAsync();
}

/// <summary>What was read of a case's contents when it was opened for a decision on a task.</summary>
/// <param name="FormNumber">0: nothing is filed yet.</param>
/// <param name="Facts">The newest; null: none yet.</param>
/// <param name="ActivityId">The task's; <paramref name="LastNumber"/> counts what was written in it.</param>
internal sealed record KnownContents(Guid FormId, int FormNumber, CaseContent? Facts, string ActivityId, int LastNumber);
