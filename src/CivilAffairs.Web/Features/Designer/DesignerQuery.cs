using System.Collections.Concurrent;
using CivilAffairs.Web.Features.Designer.Changes;
using CivilAffairs.Web.Features.Designer.Drafts;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Designer;

/// <summary>Matters, their versions and drafts, as managers see them; nothing for everybody else.</summary>
public sealed class DesignerQuery(IReader reader, MatterLibrary library, MatterDrafts drafts, FolderOffers offers)
{
    /// <summary>A check costs up to a second; a draft's is kept for as long as it is not saved again.</summary>
    private const int MostKept = 64;
    private readonly ConcurrentDictionary<(string Matter, int Version, string Surroundings), Lazy<Task<LoadedMatter>>> checks = new();

    /// <summary>Every matter that is published or has a draft, in the order of names. A county has dozens.</summary>
    public async Task<IReadOnlyList<MatterLine>> ListAsync(Viewer viewer, CancellationToken cancel = default)
    {
        await using var db = reader.Open();
        var current = await db.Set<PublishedRevision>().InScope(viewer).Where(r => r.Current).Select(r => new { r.Matter, r.Hash, r.Number, r.PublishedAt, r.RetiredAt, By = db.Users.Where(a => a.Id == r.PublishedById).Select(a => a.DisplayName).FirstOrDefault() }).ToListAsync(cancel).ConfigureAwait(false);
        var open = await db.Set<MatterDraft>().InScope(viewer).ToListAsync(cancel).ConfigureAwait(false);
        var newer = await offers.ListAsync(viewer, cancel).ConfigureAwait(false);
        var lines = new List<MatterLine>();
        foreach (var id in current.Select(c => c.Matter).Union(open.Select(d => d.Matter)).Union(newer.Keys).Order(StringComparer.Ordinal))
        {
            var (row, draft) = (current.Find(c => c.Matter == id), open.Find(d => d.Matter == id));
            var check = draft is null ? null : await CheckAsync(draft).ConfigureAwait(false);
            var name = (row is null ? check?.Revision ?? newer.GetValueOrDefault(id) : await library.RevisionAsync(row.Hash, cancel).ConfigureAwait(false))?.Matter.Name ?? new Words { Zh = id, En = id };
            lines.Add(new MatterLine(id, name, row?.Number, row?.PublishedAt, row?.By, row?.RetiredAt, draft?.State, draft?.Version, draft?.EditedAt, check?.Faults.Count(f => f.IsError), newer.ContainsKey(id)));
        }
        return lines;
    }

    /// <summary>One matter with its versions, newest first, and its draft; null: there is none, or not for this viewer.</summary>
    public async Task<MatterLife?> FindAsync(Viewer viewer, string matter, CancellationToken cancel = default)
    {
        await using var db = reader.Open();
        var rows = await db.Set<PublishedRevision>().InScope(viewer).Where(r => r.Matter == matter).OrderByDescending(r => r.Number).Take(MatterLife.MostVersions).Select(r => new
        {
            r.Number, r.Hash, r.PublishedAt, r.PublishedById, r.SecondById, r.Comment, r.Origin, r.Current, r.RetiredAt, r.RetiredById, r.RetireComment,
        }).ToListAsync(cancel).ConfigureAwait(false);
        var draft = await db.Set<MatterDraft>().InScope(viewer).FirstOrDefaultAsync(d => d.Matter == matter, cancel).ConfigureAwait(false);
        var newer = await offers.FindAsync(viewer, matter, cancel).ConfigureAwait(false);
        if (rows.Count == 0 && draft is null && newer is null) return null;
        var people = rows.SelectMany(r => new[] { r.PublishedById, r.SecondById, r.RetiredById }).Append(draft?.EditedById).Append(draft?.SubmittedById).OfType<Guid>().Distinct().ToList();
        var names = await db.Users.Where(a => people.Contains(a.Id)).ToDictionaryAsync(a => a.Id, a => a.DisplayName, cancel).ConfigureAwait(false);
        var current = rows.Find(r => r.Current);
        var revision = current is null ? null : await library.RevisionAsync(current.Hash, cancel).ConfigureAwait(false);
        var check = draft is null ? null : await CheckAsync(draft).ConfigureAwait(false);
        string? Name(Guid? id) => id is { } known ? names.GetValueOrDefault(known) : null;
        return new MatterLife(matter, (revision ?? check?.Revision ?? newer)?.Matter.Name ?? new Words { Zh = matter, En = matter },
            [.. rows.Select(r => new MatterVersion(r.Number, r.Hash, r.PublishedAt, Name(r.PublishedById), Name(r.SecondById), r.Comment, r.Origin, r.Current, r.RetiredAt, Name(r.RetiredById), r.RetireComment))],
            draft is null ? null : new DraftLine(draft.Version, draft.State, draft.Origin, draft.EditedAt, Name(draft.EditedById), draft.SubmittedAt, Name(draft.SubmittedById), draft.SubmittedById == viewer.AccountId, draft.SubmitComment, draft.BasedOn == current?.Hash, check!.Faults, [.. MatterBundle.Read(draft.Bundle).Keys]),
            revision?.Matter.Publishing is { SecondPerson: true }, newer is not null, [.. (check?.Revision ?? revision)?.Matter.Workflows.Keys ?? []]);
    }

    /// <summary>What the check finds in the open draft; empty: nothing, or there is no draft for this viewer.</summary>
    public async Task<IReadOnlyList<MatterFault>> FindingsAsync(Viewer viewer, string matter, CancellationToken cancel = default)
    {
        await using var db = reader.Open();
        return await db.Set<MatterDraft>().InScope(viewer).FirstOrDefaultAsync(d => d.Matter == matter, cancel).ConfigureAwait(false) is { } draft ? (await CheckAsync(draft).ConfigureAwait(false)).Faults : [];
    }

    /// <summary>What changed between two versions of a matter.</summary>
    /// <param name="from">A number; <c>folder</c>: the newer folder that came with the product.</param>
    /// <param name="to">A number, <c>folder</c>, or <c>draft</c>.</param>
    /// <returns>Null: one of them is not there, or not for this viewer.</returns>
    public async Task<IReadOnlyList<MatterChange>?> CompareAsync(Viewer viewer, string matter, string from, string to, CancellationToken cancel = default) =>
        await BothAsync(viewer, matter, from, to, cancel).ConfigureAwait(false) is { } both ? MatterChanges.Compare(both.Before, both.After) : null;

    /// <summary>All files of two versions; null: one of them is not there, or not for this viewer.</summary>
    public async Task<(SortedDictionary<string, string> Before, SortedDictionary<string, string> After)?> BothAsync(Viewer viewer, string matter, string from, string to, CancellationToken cancel = default) =>
        await FilesAsync(viewer, matter, from, cancel).ConfigureAwait(false) is { } before && await FilesAsync(viewer, matter, to, cancel).ConfigureAwait(false) is { } after ? (before, after) : null;

    /// <summary>All files of a version; null: it is not there, or not for this viewer.</summary>
    /// <param name="version">A number, <c>draft</c> or <c>folder</c>.</param>
    public async Task<SortedDictionary<string, string>?> FilesAsync(Viewer viewer, string matter, string version, CancellationToken cancel = default)
    {
        await using var db = reader.Open();
        var bundle = version switch
        {
            "draft" => await db.Set<MatterDraft>().InScope(viewer).Where(d => d.Matter == matter).Select(d => d.Bundle).FirstOrDefaultAsync(cancel).ConfigureAwait(false),
            "folder" => (await offers.FindAsync(viewer, matter, cancel).ConfigureAwait(false))?.Bundle,
            _ when int.TryParse(version, out var number) => await db.Set<PublishedRevision>().InScope(viewer).Where(r => r.Matter == matter && r.Number == number).Select(r => r.Bundle).FirstOrDefaultAsync(cancel).ConfigureAwait(false),
            _ => null,
        };
        return bundle is null ? null : MatterBundle.Read(bundle);
    }

    /// <summary>The hash of a publication; null: it is not there, or not for this viewer.</summary>
    public async Task<string?> HashAsync(Viewer viewer, string matter, int number, CancellationToken cancel = default)
    {
        await using var db = reader.Open();
        return await db.Set<PublishedRevision>().InScope(viewer).Where(r => r.Matter == matter && r.Number == number).Select(r => r.Hash).FirstOrDefaultAsync(cancel).ConfigureAwait(false);
    }

    private Task<LoadedMatter> CheckAsync(MatterDraft draft)
    {
        if (checks.Count > MostKept) checks.Clear();
        // What other matters are decides as well. Pages of several managers that ask at once wait for one check.
        return checks.GetOrAdd((draft.Matter, draft.Version, string.Join(' ', library.Current.Select(r => r.Hash))), _ => new Lazy<Task<LoadedMatter>>(() => drafts.CheckAsync(draft))).Value;
    }
}

/// <param name="Number">Null: never published.</param>
/// <param name="PublishedBy">Null: it came with the product.</param>
/// <param name="Draft">Null: there is none.</param>
/// <param name="Errors">Of the draft's check.</param>
/// <param name="FolderIsNewer">The product brought a version that nobody has looked at.</param>
public sealed record MatterLine(string Id, Words Name, int? Number, DateTimeOffset? PublishedAt, string? PublishedBy, DateTimeOffset? RetiredAt, DraftState? Draft, int? DraftVersion, DateTimeOffset? EditedAt, int? Errors, bool FolderIsNewer);

/// <param name="Versions">Newest first, at most <see cref="MostVersions"/>.</param>
/// <param name="SecondPerson">The published version asks for two persons.</param>
/// <param name="Workflows">Keys, of the draft where there is one.</param>
public sealed record MatterLife(string Id, Words Name, IReadOnlyList<MatterVersion> Versions, DraftLine? Draft, bool SecondPerson, bool FolderIsNewer, IReadOnlyList<string> Workflows)
{
    public const int MostVersions = 200;

    public MatterVersion? Current => Versions.FirstOrDefault(v => v.Current);
}

/// <param name="By">Null: it came with the product.</param>
/// <param name="Second">Who submitted it, where another published.</param>
/// <param name="Comment">Why; null: it came with the product.</param>
public sealed record MatterVersion(int Number, string Hash, DateTimeOffset PublishedAt, string? By, string? Second, string? Comment, RevisionOrigin Origin, bool Current, DateTimeOffset? RetiredAt, string? RetiredBy, string? RetireComment);

/// <param name="Mine">The viewer submitted it.</param>
/// <param name="FollowsCurrent">False: another version was published since it began.</param>
/// <param name="Files">Paths.</param>
public sealed record DraftLine(int Version, DraftState State, DraftOrigin Origin, DateTimeOffset EditedAt, string? EditedBy, DateTimeOffset? SubmittedAt, string? SubmittedBy, bool Mine, string? SubmitComment, bool FollowsCurrent, IReadOnlyList<MatterFault> Faults, IReadOnlyList<string> Files);
