using CivilAffairs.Web.Features.Designer.Drafts;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Designer;

/// <summary>A matter as an editor opens it: its draft, or the current version where there is none, or a version to look at.</summary>
/// <param name="Files">Path → text.</param>
/// <param name="Draft">Version of the open draft, which the next save expects; 0: there is none, and a save begins one.</param>
/// <param name="Number">Of the publication that is shown; null: the draft, or what it would begin with.</param>
/// <param name="Current">Number of the publication in force; null: the matter was never published.</param>
/// <param name="By">Who saved the draft last; null: there is none.</param>
/// <param name="At">When the draft was saved, or the version published.</param>
public sealed record OpenMatter(string Id, SortedDictionary<string, string> Files, int Draft, int? Number, int? Current, string? By, DateTimeOffset At)
{
    private readonly Lazy<MatterRevision?> revision = new(() => Read(Files));

    public bool IsDraft => Draft > 0;

    /// <summary>A published version is never edited: a change of it begins a draft.</summary>
    public bool MayEdit => Number is null;

    /// <summary>Null where the files cannot be read as a matter: a draft may be anything.</summary>
    public MatterRevision? Revision => revision.Value;

    /// <summary>In both languages; the id where not even that can be read.</summary>
    public Words Name => JsonFile.Read(Files.GetValueOrDefault(JsonFile.Matter)).Root.In("name") is { } name && name.In("zh").Text() is { } zh ? new Words { Zh = zh, En = name.In("en").Text() ?? zh } : new Words { Zh = Id, En = Id };

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
public sealed class OpenMatters(IReader reader)
{
    /// <param name="number">A publication; null: the draft where there is one, else what is in force.</param>
    /// <returns>Null: there is none, or not for this viewer.</returns>
    public async Task<OpenMatter?> FindAsync(Viewer viewer, string matter, int? number = null, CancellationToken cancel = default)
    {
        await using var db = reader.Open();
        var published = db.Set<PublishedRevision>().InScope(viewer).Where(r => r.Matter == matter);
        var current = await published.Where(r => r.Current).Select(r => (int?)r.Number).FirstOrDefaultAsync(cancel).ConfigureAwait(false);
        // One statement, so that version and files are of one save. A draft that begins right now makes the save of this one fail by its version.
        if (number is null && await db.Set<MatterDraft>().InScope(viewer).Where(d => d.Matter == matter)
            .Select(d => new { d.Version, d.Bundle, d.EditedAt, By = db.Users.Where(a => a.Id == d.EditedById).Select(a => a.DisplayName).FirstOrDefault() }).FirstOrDefaultAsync(cancel).ConfigureAwait(false) is { } draft)
            return new OpenMatter(matter, MatterBundle.Read(draft.Bundle), draft.Version, null, current, draft.By ?? "", draft.EditedAt);
        return await published.Where(r => number == null ? r.Current : r.Number == number).OrderByDescending(r => r.Number).Select(r => new { r.Bundle, r.PublishedAt }).FirstOrDefaultAsync(cancel).ConfigureAwait(false) is { } row
            ? new OpenMatter(matter, MatterBundle.Read(row.Bundle), 0, number, current, null, row.PublishedAt) : null;
    }
}
