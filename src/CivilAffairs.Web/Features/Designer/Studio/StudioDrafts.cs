using System.Collections.Concurrent;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Designer.Drafts;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Pages;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Designer.Studio;

/// <param name="By">Who saved last.</param>
internal sealed record StudioDraft(MatterRevision Revision, int Version, string By, DateTimeOffset At);

/// <summary>The drafts as the Studio reads them: after every save it asks for everything anew, so each version is read once.</summary>
internal sealed class StudioDrafts(MatterDrafts drafts, IReader reader)
{
    private readonly ConcurrentDictionary<string, (int Version, MatterRevision? Revision)> known = new();

    /// <returns>By matter; without those whose files name none.</returns>
    /// <param name="matter">Null: all that the viewer may see.</param>
    public async Task<IReadOnlyDictionary<string, StudioDraft>> ReadAsync(Viewer viewer, string? matter, CancellationToken cancel)
    {
        await using var db = reader.Open();
        var open = db.Set<MatterDraft>().AsNoTracking().InScope(viewer).Where(d => matter == null || d.Matter == matter);
        var rows = await open.Select(d => new { d.Matter, d.Version, d.EditedAt, By = db.Users.Where(a => a.Id == d.EditedById).Select(a => a.DisplayName).FirstOrDefault() }).OrderBy(d => d.Matter).Take(1000).ToListAsync(cancel).ConfigureAwait(false);
        var unread = rows.Where(r => !known.TryGetValue(r.Matter, out var read) || read.Version != r.Version).Select(r => r.Matter).ToList();
        if (unread.Count > 0)
            foreach (var stored in await open.Where(d => unread.Contains(d.Matter)).Select(d => new { d.Matter, d.Version, d.Bundle }).ToListAsync(cancel).ConfigureAwait(false))
                known[stored.Matter] = (stored.Version, MatterFolder.FromBundle(stored.Bundle).Revision);
        return rows.Where(r => known.TryGetValue(r.Matter, out var read) && read.Revision is not null)
            .ToDictionary(r => r.Matter, r => new StudioDraft(known[r.Matter].Revision!, known[r.Matter].Version, r.By ?? "", r.EditedAt));
    }

    /// <summary>What the check finds, in the reader's language; empty: it may be published.</summary>
    public async Task<IReadOnlyList<string>> CheckAsync(string matter, CancellationToken cancel) =>
        await drafts.FindAsync(matter, cancel).ConfigureAwait(false) is not { } draft ? []
            : [.. DraftFaults.Errors(drafts.Check(draft)).Select(f => Languages.IsEnglish ? f.En : f.Zh).Distinct()];

    /// <summary>Stores one file of the draft, which begins with what is in force where there is none.</summary>
    /// <param name="expected">The draft's version that the editor showed; 0: there was none.</param>
    /// <param name="key">The same save sent twice is stored once.</param>
    /// <exception cref="StaleVersionException">Somebody saved in between; says who and when.</exception>
    public async Task<int> SaveAsync(Viewer viewer, string matter, string path, string text, int expected, string key, CancellationToken cancel) =>
        (await drafts.SaveFileAsync(viewer, matter, path, text, expected, key, cancel).ConfigureAwait(false)).Version;
}
