using CivilAffairs.Web.Features.Designer.Drafts;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Designer.Papers;

/// <summary>A matter as an editor opens it: its draft, or the current version where there is none.</summary>
/// <param name="Version">What a save has to name; 0: there is no draft, and the save begins one.</param>
/// <param name="EditedBy">Who saved the draft last; null: there is none.</param>
/// <param name="Files">Path → text.</param>
internal sealed record OpenMatter(string Id, int Version, string? EditedBy, DateTimeOffset? EditedAt, SortedDictionary<string, string> Files)
{
    public bool IsDraft => Version > 0;

    /// <summary>Null where the files cannot be read as a matter: a draft may be anything.</summary>
    public MatterRevision? Revision { get; } = Read(Files);

    /// <summary>In both languages; the id where not even that can be read.</summary>
    public Words Name => Revision?.Matter.Name ?? new Words { Zh = Id, En = Id };

    private static MatterRevision? Read(SortedDictionary<string, string> files)
    {
        try
        {
            return MatterFolder.FromBundle(MatterBundle.Write(files)).Revision;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // JSON that is well formed and no matter: its pages must still open, and say so.
            return null;
        }
    }
}

/// <summary>Opens matters for editors, for managers of the county alone.</summary>
internal sealed class OpenMatters(IReader reader)
{
    /// <returns>Null: there is none, or not for this viewer.</returns>
    public async Task<OpenMatter?> FindAsync(Viewer viewer, string matter, CancellationToken cancel = default)
    {
        await using var db = reader.Open();
        // One statement, so that version and files are of one save.
        var draft = await db.Set<MatterDraft>().InScope(viewer).Where(d => d.Matter == matter)
            .Select(d => new { d.Version, d.Bundle, d.EditedAt, By = db.Users.Where(a => a.Id == d.EditedById).Select(a => a.DisplayName).FirstOrDefault() }).FirstOrDefaultAsync(cancel).ConfigureAwait(false);
        if (draft is not null) return new OpenMatter(matter, draft.Version, draft.By ?? "", draft.EditedAt, MatterBundle.Read(draft.Bundle));
        // A draft that begins right now makes the save of this one fail by its version.
        var bundle = await db.Set<PublishedRevision>().InScope(viewer).Where(r => r.Matter == matter && r.Current).OrderByDescending(r => r.Number).Select(r => r.Bundle).FirstOrDefaultAsync(cancel).ConfigureAwait(false);
        return bundle is null ? null : new OpenMatter(matter, 0, null, null, MatterBundle.Read(bundle));
    }
}
