using CivilAffairs.Web.Features.Designer.Drafts;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Designer;

/// <summary>The revisions of a matter that can be tried out and compared: its draft, and those published.</summary>
internal sealed class RevisionSource(MatterLibrary library, MatterDrafts drafts, IReader reader)
{
    /// <summary>What addresses call the draft.</summary>
    public const string Draft = "draft";
    private const int Most = 50;

    /// <summary>The draft first, then the newest; empty for who may not see definitions.</summary>
    public async Task<IReadOnlyList<KnownRevision>> ListAsync(Viewer viewer, string matter, CancellationToken cancel = default)
    {
        await using var db = reader.Open();
        var rows = await db.Set<PublishedRevision>().InScope(viewer).Where(r => r.Matter == matter).OrderByDescending(r => r.Number).Take(Most).Select(r => new KnownRevision(r.Hash, r.Number, r.Current, r.PublishedAt)).ToListAsync(cancel).ConfigureAwait(false);
        var draft = await db.Set<MatterDraft>().InScope(viewer).Where(d => d.Matter == matter).Select(d => (DateTimeOffset?)d.EditedAt).FirstOrDefaultAsync(cancel).ConfigureAwait(false);
        // One that was published again is known by its last number.
        var revisions = rows.DistinctBy(r => r.Of);
        return draft is { } changed ? [new KnownRevision(Draft, 0, false, changed), .. revisions] : [.. revisions];
    }

    /// <param name="of"><see cref="Draft"/>, or a published revision's hash; null: the one in force.</param>
    /// <returns>Null where the matter has no such revision, its draft cannot be read, or the viewer may not see definitions.</returns>
    public async Task<MatterRevision?> FindAsync(Viewer viewer, string matter, string? of, CancellationToken cancel = default)
    {
        if (!DesignerAccess.MayManage(viewer)) return null;
        if (of is null) return library.Find(matter);
        if (of == Draft) return await drafts.FindAsync(matter, cancel).ConfigureAwait(false) is { } draft ? (await drafts.CheckAsync(draft).ConfigureAwait(false)).Revision : null;
        try
        {
            return await library.RevisionAsync(of, cancel).ConfigureAwait(false) is { } revision && revision.Matter.Id == matter ? revision : null;
        }
        catch (KeyNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Keeps an example in the draft, under a name that is free.</summary>
    /// <param name="text">Of the example's file.</param>
    /// <returns>The file's name; null: there is no draft to keep it in.</returns>
    /// <exception cref="Cases.Commands.StaleVersionException">Somebody saved the draft meanwhile.</exception>
    public async Task<string?> KeepAsync(Viewer viewer, string matter, string text, string key, CancellationToken cancel = default)
    {
        if (await drafts.FindAsync(matter, cancel).ConfigureAwait(false) is not { } draft) return null;
        var files = MatterBundle.Read(draft.Bundle);
        var path = Enumerable.Range(1, files.Count + 1).Select(n => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"examples/tried-{n}.json")).First(p => !files.ContainsKey(p));
        await drafts.SaveFileAsync(viewer, matter, path, text, draft.Version, key, cancel).ConfigureAwait(false);
        return path;
    }
}

/// <param name="Of">What the address says: a hash.</param>
/// <param name="Number">As people call it: 1, 2, 3… of its matter; 0: the draft.</param>
/// <param name="Current">In force.</param>
/// <param name="At">When it was published; of the draft: changed.</param>
internal sealed record KnownRevision(string Of, int Number, bool Current, DateTimeOffset At)
{
    public bool IsDraft => Of == RevisionSource.Draft;
}
