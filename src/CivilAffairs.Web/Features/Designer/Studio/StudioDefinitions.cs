using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Designer.Studio;

/// <summary>A workflow of a matter as the Studio opens it: one published revision's, or the draft's.</summary>
/// <param name="Version">From 1 in the order of publishing; a draft's is one more.</param>
/// <param name="DraftVersion">Of the draft, which the next save expects; 0: there is none yet.</param>
/// <param name="By">Who saved the draft or published it; null: the product did.</param>
/// <param name="MayEdit">The viewer may change it: what stands in its <c>links</c>.</param>
internal sealed record StudioDefinition(MatterRevision Revision, string Workflow, string Text, int Version, bool IsDraft, bool IsLatest, bool IsCurrent, bool MayEdit, int DraftVersion, string? By, DateTimeOffset At)
{
    public string Id => IdOf(Revision.Matter.Id, Workflow);
    public string VersionId => IsDraft ? $"{Id}.draft" : $"{Id}.{Revision.Hash}";

    public static string IdOf(string matter, string workflow) => $"{matter}.{workflow}";
}

/// <summary>
/// Which definitions a person may open: officers what is published, which tells nothing of anybody; managers of the county the drafts
/// too, and they change them.
/// </summary>
internal sealed class StudioDefinitions(IReader reader, MatterLibrary library, StudioDrafts drafts)
{
    /// <summary>The draft where the viewer may see one, else what is in force.</summary>
    /// <param name="id">Of the Studio: matter and workflow.</param>
    /// <returns>Null: no such workflow for this viewer.</returns>
    public async Task<StudioDefinition?> LatestAsync(Viewer viewer, string id, CancellationToken cancel)
    {
        var (matter, workflow) = Split(id);
        var draft = (await drafts.ReadAsync(viewer, matter, cancel).ConfigureAwait(false)).GetValueOrDefault(matter);
        var published = (await PublishedAsync(matter, cancel).ConfigureAwait(false)).FirstOrDefault(p => p.Current);
        // Of the database and not of memory: a save is put over it, and another process may have published.
        return Latest(viewer, workflow, draft, published, published is null ? null : await library.RevisionAsync(published.Hash, cancel).ConfigureAwait(false));
    }

    private static StudioDefinition? Latest(Viewer viewer, string workflow, StudioDraft? draft, Publication? published, MatterRevision? current)
    {
        var may = DesignerAccess.MayManage(viewer);
        if (draft is not null && draft.Revision.Workflows.TryGetValue(workflow, out var drawn))
            return new(draft.Revision, workflow, drawn, (published?.Number ?? 0) + 1, true, true, false, may, draft.Version, draft.By, draft.At);
        return published is null || current is null || !current.Workflows.TryGetValue(workflow, out var text) ? null
            : new(current, workflow, text, published.Number, false, true, true, may, draft?.Version ?? 0, published.By, published.At);
    }

    /// <param name="versionId">Of the Studio: matter, workflow and hash, or <c>draft</c>.</param>
    public async Task<StudioDefinition?> VersionAsync(Viewer viewer, string versionId, CancellationToken cancel)
    {
        var cut = versionId.LastIndexOf('.');
        if (cut < 0) return null;
        var (id, version) = (versionId[..cut], versionId[(cut + 1)..]);
        var latest = await LatestAsync(viewer, id, cancel).ConfigureAwait(false);
        if (version == "draft" || latest?.VersionId == versionId) return latest;
        var (matter, workflow) = Split(id);
        var published = await PublishedAsync(matter, cancel).ConfigureAwait(false);
        return published.FirstOrDefault(p => p.Hash == version) is { } row ? await OfAsync(row, workflow, latest, cancel).ConfigureAwait(false) : null;
    }

    /// <summary>All versions of one definition, newest first.</summary>
    public async Task<IReadOnlyList<StudioDefinition>> VersionsAsync(Viewer viewer, string id, CancellationToken cancel)
    {
        var (matter, workflow) = Split(id);
        var latest = await LatestAsync(viewer, id, cancel).ConfigureAwait(false);
        var versions = new List<StudioDefinition>();
        if (latest is { IsDraft: true }) versions.Add(latest);
        var published = await PublishedAsync(matter, cancel).ConfigureAwait(false);
        foreach (var row in published)
            if (await OfAsync(row, workflow, latest, cancel).ConfigureAwait(false) is { } found) versions.Add(found);
        return versions;
    }

    /// <summary>The latest of every definition, in the order of matters.</summary>
    public async Task<IReadOnlyList<StudioDefinition>> ListAsync(Viewer viewer, CancellationToken cancel)
    {
        var drawn = await drafts.ReadAsync(viewer, null, cancel).ConfigureAwait(false);
        var published = (await PublishedAsync(null, cancel).ConfigureAwait(false)).ToDictionary(p => p.Matter);
        return
        [
            .. library.Current.Select(r => r.Matter.Id).Concat(drawn.Keys).Distinct().Order(StringComparer.Ordinal)
                .SelectMany(matter => ((drawn.GetValueOrDefault(matter)?.Revision ?? library.Find(matter))?.Workflows.Keys ?? [])
                    .Select(workflow => Latest(viewer, workflow, drawn.GetValueOrDefault(matter), published.GetValueOrDefault(matter), library.Find(matter)))).OfType<StudioDefinition>(),
        ];
    }

    private async Task<StudioDefinition?> OfAsync(Publication row, string workflow, StudioDefinition? latest, CancellationToken cancel)
    {
        var revision = await library.RevisionAsync(row.Hash, cancel).ConfigureAwait(false);
        return !revision.Workflows.TryGetValue(workflow, out var text) ? null
            : new(revision, workflow, text, row.Number, false, latest is { IsDraft: false } && latest.Revision.Hash == row.Hash, row.Current, latest?.MayEdit ?? false, latest?.DraftVersion ?? 0, row.By, row.At);
    }

    private sealed record Publication(string Matter, string Hash, int Number, bool Current, DateTimeOffset At, string? By);

    /// <summary>Newest first; a text that was published again stands where it was last.</summary>
    /// <param name="matter">Null: what is in force of every matter.</param>
    private async Task<List<Publication>> PublishedAsync(string? matter, CancellationToken cancel)
    {
        await using var db = reader.Open();
        var rows = await db.Set<PublishedRevision>().AsNoTracking().Where(r => matter == null ? r.Current : r.Matter == matter).OrderByDescending(r => r.Number).Take(matter is null ? 1000 : 200)
            .Select(r => new Publication(r.Matter, r.Hash, r.Number, r.Current, r.PublishedAt, db.Users.Where(a => a.Id == r.PublishedById).Select(a => a.DisplayName).FirstOrDefault())).ToListAsync(cancel).ConfigureAwait(false);
        return [.. rows.DistinctBy(r => (r.Matter, r.Hash))];
    }

    private static (string Matter, string Workflow) Split(string id) => id.IndexOf('.', StringComparison.Ordinal) is > 0 and var dot ? (id[..dot], id[(dot + 1)..]) : (id, "");
}
