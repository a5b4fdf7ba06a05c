using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Features.Matters.Forms;
using CivilAffairs.Web.Platform.Audit;
using CivilAffairs.Web.Platform.Commands;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Designer.Drafts;

/// <param name="Version">Of the draft after the save; 0: nothing was different, and no draft was begun.</param>
public sealed record DraftSaved(string Matter, int Version);

/// <summary>
/// The life of a definition: draft, check, publish, retire. Each command is one transaction with its line in the audit: after a
/// power failure all of it is there or nothing, and the same request under the same key gives the same answer. Drafts are kept
/// in <see cref="MatterDraft"/>; a save names the version that its sender saw, so that nobody writes over a colleague's work.
/// </summary>
public sealed partial class MatterDrafts(CommandRunner runner, IReader reader, MatterLibrary library, TimeProvider time)
{
    /// <summary>The matter's open draft; null: there is none. Not narrowed: who shows it asks <see cref="DesignerAccess"/>.</summary>
    public async Task<MatterDraft?> FindAsync(string matter, CancellationToken cancel = default)
    {
        await using var db = reader.Open();
        return await db.Set<MatterDraft>().FirstOrDefaultAsync(d => d.Matter == matter && d.State != DraftState.Closed, cancel).ConfigureAwait(false);
    }

    /// <summary>Saves one file; see <see cref="SaveFilesAsync"/>.</summary>
    /// <param name="text">Null: the file goes.</param>
    public Task<DraftSaved> SaveFileAsync(Viewer by, string matter, string path, string? text, int expected, string key, CancellationToken cancel = default) =>
        SaveFilesAsync(by, matter, new Dictionary<string, string?> { [path] = text }, expected, key, cancel);

    /// <summary>Saves files of a draft, which begins with the current revision where there is none. A submitted draft is open again.</summary>
    /// <param name="changes">Path → text; null: the file goes. What is not named stays.</param>
    /// <param name="expected">The draft's version as the sender saw it; 0: there was none.</param>
    /// <param name="key">Idempotency key.</param>
    /// <exception cref="NotAllowedException">Not a manager of the county.</exception>
    /// <exception cref="StaleVersionException">Somebody saved, published or discarded it meanwhile; says who and when. Nothing is stored.</exception>
    /// <exception cref="InvalidAnswersException">A path or text that no matter has, by its path.</exception>
    /// <exception cref="UnknownCaseException">There is no such matter.</exception>
    public Task<DraftSaved> SaveFilesAsync(Viewer by, string matter, IReadOnlyDictionary<string, string?> changes, int expected, string key, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(changes);
        return runner.RunAsync(by, key, "matter.save", new { matter, changes = changes.OrderBy(c => c.Key, StringComparer.Ordinal), expected }, context => StoreAsync(context, matter, _ => changes, expected), cancel);
    }

    /// <summary>Saves what a part of the designer makes of the files as they stand, within the transaction that compared the version: see <see cref="SaveFilesAsync"/>.</summary>
    /// <param name="name">Of the command, for the idempotency key: the same key with another name or request is refused.</param>
    /// <param name="request">What was asked for, as JSON tells it apart.</param>
    /// <param name="change">Path → text of the draft → what changes; null: the file goes. May refuse as the command does.</param>
    public Task<DraftSaved> EditAsync(Viewer by, string matter, string name, object request, Func<IReadOnlyDictionary<string, string>, IReadOnlyDictionary<string, string?>> change, int expected, string key, CancellationToken cancel = default) =>
        runner.RunAsync(by, key, name, new { matter, request, expected }, context => StoreAsync(context, matter, change, expected), cancel);

    private static async Task<DraftSaved> StoreAsync(CommandContext context, string matter, Func<IReadOnlyDictionary<string, string>, IReadOnlyDictionary<string, string?>> change, int expected)
    {
        DesignerAccess.Require(context.Actor);
        await MatterLibrary.HoldAsync(context.Db).ConfigureAwait(false);
        var row = await RowAsync(context.Db, matter, expected).ConfigureAwait(false);
        var current = await CurrentAsync(context.Db, matter).ConfigureAwait(false);
        var before = row is { IsOpen: true } ? row.Bundle : current is null ? throw new UnknownCaseException() : await BundleAsync(context.Db, current.Hash).ConfigureAwait(false);
        var files = MatterBundle.Read(before);
        var changes = change(files);
        var after = MatterBundle.Write(Apply(files, changes));
        if (after == before) return new DraftSaved(matter, row is { IsOpen: true } ? row.Version : 0);
        row = Begin(context, row, matter, row is { IsOpen: true } ? row.BasedOn : current!.Hash, DraftOrigin.Draft);
        Save(context, row, after);
        await AuditAsync(context, "draft.saved", new { matter, row.Version, files = changes.Keys.Order(StringComparer.Ordinal) }).ConfigureAwait(false);
        return new DraftSaved(matter, row.Version);
    }

    /// <summary>Throws the draft away; the published version stays as it is.</summary>
    /// <exception cref="StaleVersionException">It was saved meanwhile.</exception>
    public Task<DraftSaved> DiscardAsync(Viewer by, string matter, int expected, string key, CancellationToken cancel = default) =>
        runner.RunAsync(by, key, "matter.discard", new { matter, expected }, async context =>
        {
            var row = await OpenAsync(context, matter, expected).ConfigureAwait(false);
            Close(context, row);
            await AuditAsync(context, "draft.discarded", new { matter, row.Version }).ConfigureAwait(false);
            return new DraftSaved(matter, row.Version);
        }, cancel);

    /// <summary>The same beside the caller's own thread: whoever shows a page goes on answering meanwhile.</summary>
    public Task<LoadedMatter> CheckAsync(MatterDraft draft) => Task.Run(() => Check(draft));

    /// <summary>Everything that keeps a draft from being published, and notes; costs up to a second for a large matter, on a busy machine many.</summary>
    /// <returns>Without a revision where its files cannot be read at all.</returns>
    public LoadedMatter Check(MatterDraft draft)
    {
        ArgumentNullException.ThrowIfNull(draft);
        try
        {
            var loaded = MatterFolder.FromFiles(MatterBundle.Read(draft.Bundle));
            if (loaded.Revision is not { } revision) return loaded;
            var faults = loaded.Faults.ToList();
            if (revision.Matter.Id != draft.Matter) faults.Add(new MatterFault("matter.json", "$.id", MatterMessages.Text("matter.idIsFolder", revision.Matter.Id, draft.Matter)));
            return new LoadedMatter(revision, [.. faults, .. Surroundings(revision)]);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // What the exception says is for developers.
            // JSON that is well formed and no definition: a draft may be anything, and its page must still open.
            return new LoadedMatter(null, [new MatterFault("*", "$", DesignerMessages.Text("check.unread"))]);
        }
    }

    /// <summary>What it needs of other matters, and what those need of it.</summary>
    private List<MatterFault> Surroundings(MatterRevision revision)
    {
        var others = library.Current.Where(r => r.Matter.Id != revision.Matter.Id).ToList();
        var all = others.Select(r => r.Matter).Append(revision.Matter).ToDictionary(m => m.Id);
        var faults = WorkflowReferences.Links(revision, all).ToList();
        foreach (var other in others)
            faults.AddRange(WorkflowReferences.Links(other, all).Select(f => f with { File = $"../{other.Matter.Id}/{f.File}" }));
        return faults;
    }

    private static SortedDictionary<string, string> Apply(SortedDictionary<string, string> files, IReadOnlyDictionary<string, string?> changes)
    {
        var faults = new List<FieldFault>();
        foreach (var (path, text) in changes)
            if (!MatterBundle.IsPath(path)) faults.Add(DraftFaults.Of(path, "file.path"));
            else if (text is null) files.Remove(path);
            else if (text.Length > MatterBundle.LongestFile) faults.Add(DraftFaults.Of(path, "file.long"));
            else if (!MatterBundle.IsText(text)) faults.Add(DraftFaults.Of(path, "file.notText"));
            else files[path] = MatterBundle.Tidy(text);
        if (files.Count > MatterBundle.MostFiles || files.Values.Sum(t => (long)t.Length) > MatterBundle.LongestBundle) faults.Add(DraftFaults.Of("files", "files.many"));
        return faults.Count == 0 ? files : throw new InvalidAnswersException(faults);
    }
}
