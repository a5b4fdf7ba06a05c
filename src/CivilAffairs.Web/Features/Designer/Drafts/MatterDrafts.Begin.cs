using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Features.Matters.Forms;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Designer.Drafts;

/// <summary>Drafts that do not begin from the current version: new matters, copies, archives, earlier versions, the product's folders.</summary>
public sealed partial class MatterDrafts
{
    /// <summary>Begins a new matter: a small one that works, or a copy of another.</summary>
    /// <param name="id">Letters, digits and hyphens, 2 to 40 characters.</param>
    /// <param name="copyOf">A published matter; null: the small one.</param>
    /// <exception cref="InvalidAnswersException">By field: <c>id</c>, <c>nameZh</c>, <c>nameEn</c>, <c>copyOf</c>, <c>family</c>, <c>whoZh</c>, <c>whoEn</c>, <c>office</c>.</exception>
    public Task<DraftSaved> NewAsync(Viewer by, string id, Words names, string? copyOf, NewMatterStart start, string key, CancellationToken cancel = default) =>
        runner.RunAsync(by, key, "matter.new", new { id, names, copyOf, start }, async context =>
        {
            DesignerAccess.Require(by);
            await MatterLibrary.HoldAsync(context.Db).ConfigureAwait(false);
            var faults = NewMatter.Check(id, names);
            faults.AddRange(NewMatter.Check(start, copyOf is not null));
            if (copyOf is not null && library.Find(copyOf) is null) faults.Add(DraftFaults.Of("copyOf", "copy.unknown"));
            var row = await context.Db.Set<MatterDraft>().FirstOrDefaultAsync(d => d.Matter == id).ConfigureAwait(false);
            if (row is { IsOpen: true } || await context.Db.Set<PublishedRevision>().AnyAsync(r => r.Matter == id).ConfigureAwait(false)) faults.Add(DraftFaults.Of("id", "id.taken"));
            Refuse(faults);
            var files = copyOf is null ? NewMatter.Empty(id, names) : NewMatter.Copy(library.Find(copyOf)!, id, names);
            row = Begin(context, row, id, null, DraftOrigin.Draft);
            Save(context, row, MatterBundle.Write(NewMatter.Started(files, start)));
            await AuditAsync(context, "draft.begun", new { matter = id, row.Version, copyOf }).ConfigureAwait(false);
            return new DraftSaved(id, row.Version);
        }, cancel);

    /// <summary>The same with nothing more said than its name.</summary>
    public Task<DraftSaved> NewAsync(Viewer by, string id, Words names, string? copyOf, string key, CancellationToken cancel = default) => NewAsync(by, id, names, copyOf, new NewMatterStart(), key, cancel);

    /// <summary>Takes an archive of a matter's folder as the draft of the matter that it says it is: a new one, or the next version of one that is there.</summary>
    /// <param name="zip">As <see cref="ExportAsync"/> writes it; not disposed of.</param>
    /// <param name="expected">Version of the open draft that it takes the place of; 0: there was none.</param>
    /// <exception cref="InvalidAnswersException">Not such an archive, by entry (<c>archive</c> as a whole).</exception>
    public async Task<DraftSaved> ImportAsync(Viewer by, Stream zip, int expected, string key, CancellationToken cancel = default)
    {
        DesignerAccess.Require(by);
        var (matter, files) = await MatterArchive.ReadAsync(zip, cancel).ConfigureAwait(false);
        return await ReplaceAsync(by, "matter.import", matter, files, DraftOrigin.Import, null, expected, key, cancel).ConfigureAwait(false);
    }

    /// <summary>Makes an earlier version the draft, to be changed or to be published once more by a second person.</summary>
    public async Task<DraftSaved> RestoreAsync(Viewer by, string matter, string hash, int expected, string key, CancellationToken cancel = default)
    {
        DesignerAccess.Require(by);
        await using var db = reader.Open();
        var earlier = await db.Set<PublishedRevision>().Where(r => r.Matter == matter && r.Hash == hash).OrderByDescending(r => r.Number).Select(r => new { r.Bundle, r.FolderHash }).FirstOrDefaultAsync(cancel).ConfigureAwait(false) ?? throw new UnknownCaseException();
        return await ReplaceAsync(by, "matter.restore", matter, MatterBundle.Read(earlier.Bundle), DraftOrigin.Rollback, earlier.FolderHash, expected, key, cancel).ConfigureAwait(false);
    }

    /// <summary>Makes the newer folder that came with the product the draft.</summary>
    public Task<DraftSaved> TakeFolderAsync(Viewer by, string matter, MatterRevision folder, int expected, string key, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(folder);
        return ReplaceAsync(by, "matter.folder", matter, MatterBundle.Read(folder.Bundle), DraftOrigin.Draft, folder.Hash, expected, key, cancel);
    }

    /// <summary>Says that the draft was compared with what was published meanwhile, and is meant to take its place.</summary>
    public Task<DraftSaved> RebaseAsync(Viewer by, string matter, int expected, string key, CancellationToken cancel = default) => runner.RunAsync(by, key, "matter.rebase", new { matter, expected }, async context =>
    {
        var row = await OpenAsync(context, matter, expected).ConfigureAwait(false);
        row.BasedOn = (await CurrentAsync(context.Db, matter).ConfigureAwait(false))?.Hash;
        // What was vouched for was another comparison.
        Save(context, row, row.Bundle);
        await AuditAsync(context, "draft.compared", new { matter, row.Version, row.BasedOn }).ConfigureAwait(false);
        return new DraftSaved(matter, row.Version);
    }, cancel);

    /// <summary>The whole folder as an archive: of the draft, or of a publication.</summary>
    /// <param name="hash">Null: the open draft.</param>
    /// <exception cref="UnknownCaseException">There is none, or not for this viewer.</exception>
    public async Task<byte[]> ExportAsync(Viewer by, string matter, string? hash, CancellationToken cancel = default)
    {
        await using var db = reader.Open();
        var bundle = hash is null ? await db.Set<MatterDraft>().InScope(by).Where(d => d.Matter == matter).Select(d => d.Bundle).FirstOrDefaultAsync(cancel).ConfigureAwait(false)
            : await db.Set<PublishedRevision>().InScope(by).Where(r => r.Matter == matter && r.Hash == hash).OrderByDescending(r => r.Number).Select(r => r.Bundle).FirstOrDefaultAsync(cancel).ConfigureAwait(false);
        return MatterArchive.Write(matter, MatterBundle.Read(bundle ?? throw new UnknownCaseException()), time.GetUtcNow());
    }

    private Task<DraftSaved> ReplaceAsync(Viewer by, string name, string matter, SortedDictionary<string, string> files, DraftOrigin origin, string? folderHash, int expected, string key, CancellationToken cancel)
    {
        var bundle = MatterBundle.Write(files);
        return runner.RunAsync(by, key, name, new { matter, bundle, expected }, async context =>
        {
            DesignerAccess.Require(by);
            await MatterLibrary.HoldAsync(context.Db).ConfigureAwait(false);
            var row = await RowAsync(context.Db, matter, expected).ConfigureAwait(false);
            row = Begin(context, row, matter, (await CurrentAsync(context.Db, matter).ConfigureAwait(false))?.Hash, origin, folderHash);
            // An archive is mostly the draft itself, changed outside; an earlier version knows no newer folder than it knew then.
            (row.Origin, row.FolderHash) = (origin, origin == DraftOrigin.Import ? row.FolderHash : folderHash);
            Save(context, row, bundle);
            await AuditAsync(context, "draft.replaced", new { matter, row.Version, origin = origin.ToString() }).ConfigureAwait(false);
            return new DraftSaved(matter, row.Version);
        }, cancel);
    }
}
