using System.Text.Json;
using System.Text.Json.Nodes;
using CivilAffairs.Engine.Port;
using CivilAffairs.Web.Features.Designer.Changes;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Audit;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Designer.Drafts;

/// <summary>
/// Who did what to a matter's open draft since it began, from the audit. The audit says which files were saved and not what stood in them: what
/// was saved before cannot be brought back from it.
/// </summary>
public sealed class DraftHistory(IReader reader)
{
    /// <summary>Lines of the audit that are read; who saves by the minute fills them in a day.</summary>
    public const int Most = 500;

    // The Studio saves after every stroke: one sitting is one line.
    private static readonly TimeSpan Sitting = TimeSpan.FromMinutes(30);

    /// <returns>The newest first; empty: there is no draft. Null: no such matter, or not for this viewer.</returns>
    public async Task<IReadOnlyList<DraftStep>?> ReadAsync(Viewer viewer, string matter, CancellationToken cancel = default)
    {
        await using var db = reader.Open();
        if (await db.Set<MatterDraft>().InScope(viewer).Where(d => d.Matter == matter).Select(d => new { d.CreatedAt, d.Bundle }).FirstOrDefaultAsync(cancel).ConfigureAwait(false) is not { } draft)
            return await db.Set<PublishedRevision>().InScope(viewer).AnyAsync(r => r.Matter == matter, cancel).ConfigureAwait(false) ? [] : null;
        // The chain is that of all matters; each of its lines begins with the one that it is about.
        var mark = $$"""{"matter":"{{matter}}",""";
        var rows = await db.Set<AuditEntry>().Where(a => a.Chain == AuditTrail.Matters && a.At >= draft.CreatedAt && a.Details.StartsWith(mark)).OrderByDescending(a => a.Sequence).Take(Most)
            .Select(a => new { a.At, a.ActorId, a.Action, a.Details }).ToListAsync(cancel).ConfigureAwait(false);
        var people = rows.Select(r => r.ActorId).Distinct().ToList();
        var names = await db.Users.Where(a => people.Contains(a.Id)).ToDictionaryAsync(a => a.Id, a => a.DisplayName, cancel).ConfigureAwait(false);
        var files = MatterBundle.Read(draft.Bundle);
        var called = new ChangeNames(files, files);
        var steps = new List<DraftStep>();
        foreach (var row in rows)
        {
            var details = JsonNode.Parse(row.Details)!.AsObject();
            var paths = (details["files"] as JsonArray ?? []).Select(f => f.Text()).OfType<string>().ToList();
            var step = new DraftStep(What(row.Action, details), names.GetValueOrDefault(row.ActorId) ?? "", row.At, row.At, 1, paths, [.. paths.Select(called.File)]);
            if (steps.LastOrDefault() is { } later && later.What == step.What && step.What == "saved" && later.By == step.By && later.Since - step.At <= Sitting && later.Files.SequenceEqual(step.Files)) steps[^1] = later with { Since = step.At, Times = later.Times + 1 };
            else steps.Add(step);
        }
        return steps;
    }

    private static string What(string action, JsonObject details) => (action, details["origin"].Text()) switch
    {
        ("draft.begun", _) => details["copyOf"].Text() is { Length: > 0 } ? "copied" : "begun",
        ("draft.replaced", nameof(DraftOrigin.Rollback)) => "restored",
        ("draft.replaced", nameof(DraftOrigin.Import)) => "imported",
        ("draft.replaced", _) => "folder",
        ("draft.saved", _) => "saved",
        ("draft.submitted", _) => "submitted",
        ("draft.compared", _) => "compared",
        _ => "other",
    };
}

/// <param name="What"><c>begun</c>, <c>copied</c>, <c>saved</c>, <c>imported</c>, <c>restored</c>, <c>folder</c>, <c>compared</c>, <c>submitted</c>, or <c>other</c>.</param>
/// <param name="By">Empty: the product.</param>
/// <param name="At">The last save of the sitting.</param>
/// <param name="Since">The first.</param>
/// <param name="Times">Saves of the same files in one sitting.</param>
/// <param name="Files">Paths that were saved; empty where all of it was.</param>
/// <param name="Parts">The same in words.</param>
public sealed record DraftStep(string What, string By, DateTimeOffset At, DateTimeOffset Since, int Times, IReadOnlyList<string> Files, IReadOnlyList<LocalText> Parts);
