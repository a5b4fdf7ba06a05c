using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Designer.Drafts;

/// <summary>
/// Folders that came with the product and are newer than anything the store has of their matter: offered to managers as a draft
/// and never published over their work. What was taken over once, as it is or changed, is not offered again.
/// </summary>
public sealed class FolderOffers(IReader reader)
{
    // They change only with the product itself, which then starts anew.
    private readonly Lazy<IReadOnlyDictionary<string, MatterRevision>> folders = new(() => MatterLibrary.ReadFolders(Path.Combine(AppContext.BaseDirectory, "workflows"))
        .Select(f => f.Matter.Revision).OfType<MatterRevision>().DistinctBy(r => r.Matter.Id).ToDictionary(r => r.Matter.Id));

    /// <summary>By matter; empty for who is no manager.</summary>
    public async Task<IReadOnlyDictionary<string, MatterRevision>> ListAsync(Viewer viewer, CancellationToken cancel = default)
    {
        if (!DesignerAccess.MayManage(viewer)) return new Dictionary<string, MatterRevision>();
        await using var db = reader.Open();
        var hashes = folders.Value.Values.Select(r => r.Hash).ToList();
        var known = await db.Set<PublishedRevision>().InScope(viewer).Where(r => hashes.Contains(r.Hash) || hashes.Contains(r.FolderHash!)).Select(r => new { r.Matter, r.Hash, r.FolderHash }).ToListAsync(cancel).ConfigureAwait(false);
        var drafted = await db.Set<MatterDraft>().InScope(viewer).Where(d => hashes.Contains(d.FolderHash!)).Select(d => d.FolderHash).ToListAsync(cancel).ConfigureAwait(false);
        var taken = known.SelectMany(r => new[] { r.Hash, r.FolderHash }).Concat(drafted).OfType<string>().ToHashSet();
        return folders.Value.Where(f => !taken.Contains(f.Value.Hash)).ToDictionary(f => f.Key, f => f.Value);
    }

    /// <summary>The product's folder of a matter, offered still or taken before, so that a repeated request finds it again; null: the product brings none, or not for this viewer.</summary>
    public MatterRevision? Shipped(Viewer viewer, string matter) => DesignerAccess.MayManage(viewer) ? folders.Value.GetValueOrDefault(matter) : null;

    /// <summary>One of them; null: there is none, or not for this viewer.</summary>
    public async Task<MatterRevision?> FindAsync(Viewer viewer, string matter, CancellationToken cancel = default) => (await ListAsync(viewer, cancel).ConfigureAwait(false)).GetValueOrDefault(matter);
}
