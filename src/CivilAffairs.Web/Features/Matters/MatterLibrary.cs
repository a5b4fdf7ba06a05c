using System.Collections.Concurrent;
using CivilAffairs.Engine.Port;
using CivilAffairs.Web.Platform.Data;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Matters;

/// <summary>
/// The published revisions. A revision never changes, so it is read once and kept; which one is current is read from
/// memory and renewed by whoever publishes.
/// </summary>
public sealed class MatterLibrary(IReader reader, IWriter writer, IWorkflowEngine engine, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, MatterRevision> revisions = new();
    private readonly ConcurrentDictionary<(string Hash, string Workflow), IWorkflowDefinition> definitions = new();
    private volatile IReadOnlyDictionary<string, MatterRevision> current = new Dictionary<string, MatterRevision>();
    private volatile HashSet<string> retired = [];

    // "matters" in ASCII.
    private const long LockKey = 0x6d617474657273;

    /// <summary>Every matter's current revision, in the order of names: retired ones too, since their cases, grants and registers go on.</summary>
    public IReadOnlyCollection<MatterRevision> Current => [.. current.Values.OrderBy(r => r.Matter.Id, StringComparer.Ordinal)];

    /// <summary>What people can apply for: not those that were retired.</summary>
    public IReadOnlyCollection<MatterRevision> Offered => [.. Current.Where(r => !retired.Contains(r.Matter.Id))];

    /// <summary>Null where no such matter is published; a retired one is found.</summary>
    public MatterRevision? Find(string matter) => current.GetValueOrDefault(matter);

    /// <summary>Null where nobody can apply for it: not published, or retired.</summary>
    public MatterRevision? FindOffered(string matter) => retired.Contains(matter) ? null : Find(matter);

    /// <summary>No new cases; those that run go on.</summary>
    public bool IsRetired(string matter) => retired.Contains(matter);

    /// <summary>A register by the one matter that says what its subjects are, with that matter; null: no register of that id has subjects.</summary>
    public (MatterRevision Revision, MatterRegister Register)? Subjects(string register)
    {
        foreach (var revision in current.Values)
            if (revision.Matter.Registers.FirstOrDefault(r => r.Id == register && r.Subject is not null) is { } found) return (revision, found);
        return null;
    }

    /// <summary>Why a case about a subject was opened, in the words of the matter that has the code: a cause 事由 of its own, or a certificate's expiry.</summary>
    public Words? Cause(string code) => current.Values
        .SelectMany(r => (r.Matter.ExOfficio?.Causes ?? []).Select(c => (Code: c.Value, c.Label)).Concat(r.Matter.Certificates.Select(c => c.Expiry).OfType<CertificateExpiry>().Select(e => (Code: e.Reason, e.Label))))
        .FirstOrDefault(c => c.Code == code).Label;

    /// <summary>A kind of certificate by its id, with its matter; null: there is none.</summary>
    public (MatterRevision Revision, CertificateKind Kind)? Certificate(string matter, string kind) =>
        Find(matter) is { } revision && revision.Matter.Certificates.FirstOrDefault(c => c.Id == kind) is { } found ? (revision, found) : null;

    /// <exception cref="KeyNotFoundException">The hash is of no published revision.</exception>
    public async Task<MatterRevision> RevisionAsync(string hash, CancellationToken cancel = default)
    {
        if (revisions.TryGetValue(hash, out var known)) return known;
        await using var db = reader.Open();
        var bundle = await db.Set<PublishedRevision>().Where(r => r.Hash == hash).Select(r => r.Bundle).FirstOrDefaultAsync(cancel).ConfigureAwait(false)
            ?? throw new KeyNotFoundException($"No revision {hash}.");
        return revisions.GetOrAdd(hash, MatterFolder.FromBundle(bundle).Revision ?? throw new InvalidDataException($"The bundle of {hash} cannot be read."));
    }

    /// <summary>A revision's definition, read by the engine once.</summary>
    /// <exception cref="KeyNotFoundException">The matter has no such workflow.</exception>
    public IWorkflowDefinition Definition(MatterRevision revision, string workflow)
    {
        ArgumentNullException.ThrowIfNull(revision);
        return definitions.GetOrAdd((revision.Hash, workflow), _ => engine.Load(revision.Workflows[workflow]));
    }

    /// <summary>
    /// Publishes folders whose revision is not the current one, and learns what is current. What managers published, and what
    /// needs a second person or was retired, is left alone: there the folder is offered as a draft (docs/adr/0070). A folder
    /// that fails the check stays unpublished and is named.
    /// </summary>
    /// <returns>What could not be published, by folder.</returns>
    public Task<IReadOnlyDictionary<string, IReadOnlyList<MatterFault>>> PublishFoldersAsync(string folder, CancellationToken cancel) => PublishAsync(ReadFolders(folder), onlyNew: false, cancel);

    /// <summary>Every matter of a folder, read; needs no database.</summary>
    /// <returns>In the order of their names.</returns>
    internal static IReadOnlyList<(string Folder, LoadedMatter Matter)> ReadFolders(string folder) =>
        [.. (Directory.Exists(folder) ? Directory.GetDirectories(folder) : []).Order(StringComparer.Ordinal).Select(path => (Path.GetFileName(path), MatterFolder.LoadUnchecked(path, shared: true)))];

    /// <summary>The same for folders that were read before.</summary>
    /// <param name="onlyNew">Only matters that the store does not have at all: a changed folder is offered, whoever published.</param>
    internal async Task<IReadOnlyDictionary<string, IReadOnlyList<MatterFault>>> PublishAsync(IReadOnlyList<(string Folder, LoadedMatter Matter)> folders, bool onlyNew, CancellationToken cancel)
    {
        var refused = new SortedDictionary<string, IReadOnlyList<MatterFault>>(StringComparer.Ordinal);
        var hashes = folders.Select(f => f.Matter.Revision?.Hash).OfType<string>().ToList();
        await using var db = reader.Open();
        // What the store has was checked before it came there: a start that brings nothing new checks nothing.
        var known = await db.Set<PublishedRevision>().Where(r => hashes.Contains(r.Hash)).Select(r => r.Hash).ToListAsync(cancel).ConfigureAwait(false);
        var taken = await TakenAsync(db, onlyNew, cancel).ConfigureAwait(false);
        var good = new List<(string Folder, MatterRevision Revision, bool New)>();
        foreach (var (folder, read) in folders.Where(f => f.Matter.Revision is not { } r || !taken.Contains(r.Matter.Id)))
        {
            var isNew = read.Revision is not { } revision || !known.Contains(revision.Hash);
            var loaded = isNew ? MatterFolder.Checked(read) : read;
            if (loaded.IsPublishable) good.Add((folder, loaded.Revision!, isNew));
            else refused[folder] = loaded.Faults;
        }
        if (good.Exists(g => g.New)) await RefuseLooseAsync(good, refused, cancel).ConfigureAwait(false);
        foreach (var (_, revision, _) in good) await PublishAsync(revision, cancel).ConfigureAwait(false);
        await RefreshAsync(cancel).ConfigureAwait(false);
        return refused;
    }

    /// <summary>Matters that no folder is published over.</summary>
    private async Task<HashSet<string>> TakenAsync(CivilAffairsDb db, bool onlyNew, CancellationToken cancel)
    {
        var rows = await db.Set<PublishedRevision>().Where(r => r.Current).Select(r => new { r.Matter, r.Hash, Open = r.Origin == RevisionOrigin.Folder && r.RetiredAt == null }).ToListAsync(cancel).ConfigureAwait(false);
        var taken = new HashSet<string>();
        foreach (var row in rows)
            if (onlyNew || !row.Open || (await RevisionAsync(row.Hash, cancel).ConfigureAwait(false)).Matter.Publishing is { SecondPerson: true }) taken.Add(row.Matter);
        return taken;
    }

    /// <summary>Takes out matters that open cases where there will be none: in a matter or workflow that nobody publishes.</summary>
    private async Task RefuseLooseAsync(List<(string Folder, MatterRevision Revision, bool New)> good, SortedDictionary<string, IReadOnlyList<MatterFault>> refused, CancellationToken cancel)
    {
        await RefreshAsync(cancel).ConfigureAwait(false);
        // Refusing one may leave another without the matter it names.
        for (var loose = 1; loose > 0;)
        {
            var all = current.Values.Select(r => r.Matter).Where(m => good.TrueForAll(g => g.Revision.Matter.Id != m.Id)).Concat(good.Select(g => g.Revision.Matter)).ToDictionary(m => m.Id);
            loose = good.RemoveAll(g =>
            {
                if (!g.New || WorkflowReferences.Links(g.Revision, all).ToList() is not { Count: > 0 } faults) return false;
                refused[g.Folder] = faults;
                return true;
            });
        }
    }

    /// <summary>
    /// Makes a folder's revision the current one; the cases of earlier ones stay on theirs. Managers' publishing is
    /// <c>MatterDrafts</c>; where they published or retired, nothing happens, even if that was a moment ago on another node. One transaction: after a power failure the old one is current or the new one is, and never none.
    /// </summary>
    public async Task PublishAsync(MatterRevision revision, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(revision);
        await writer.WriteAsync(async (db, _) =>
        {
            await HoldAsync(db).ConfigureAwait(false);
            var stored = await db.Set<PublishedRevision>().Where(r => r.Matter == revision.Matter.Id).OrderByDescending(r => r.Number)
                .Select(r => new { r.Number, r.Hash, r.Current, Open = r.Origin == RevisionOrigin.Folder && r.RetiredAt == null }).ToListAsync(CancellationToken.None).ConfigureAwait(false);
            if (stored.Exists(r => r.Current && (r.Hash == revision.Hash || !r.Open))) return 0;
            await MakeCurrentAsync(db, new PublishedRevision
            {
                Hash = revision.Hash, Matter = revision.Matter.Id, Number = (stored.FirstOrDefault()?.Number ?? 0) + 1, Bundle = revision.Bundle, PublishedAt = time.GetUtcNow(),
                BasedOn = stored.FirstOrDefault(r => r.Current)?.Hash, Origin = RevisionOrigin.Folder,
            }).ConfigureAwait(false);
            return 0;
        }, cancel).ConfigureAwait(false);
        revisions.TryAdd(revision.Hash, revision);
    }

    /// <summary>Within the caller's transaction, which holds the matters (<see cref="HoldAsync"/>).</summary>
    internal static async Task MakeCurrentAsync(CivilAffairsDb db, PublishedRevision row)
    {
        await db.Set<PublishedRevision>().Where(r => r.Matter == row.Matter && r.Current).ExecuteUpdateAsync(s => s.SetProperty(r => r.Current, false)).ConfigureAwait(false);
        row.Current = true;
        db.Add(row);
    }

    /// <summary>One publishes at a time, and one saves a draft: two would want the same number, and the same line of the audit. SQLite has one writer anyway.</summary>
    internal static Task HoldAsync(CivilAffairsDb db)
    {
        db.RequireWriter();
        return db.LocksRows ? db.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock({LockKey})") : Task.CompletedTask;
    }

    /// <summary>Reads what is current. Every node asks every two seconds, and at once where it publishes itself.</summary>
    public async Task RefreshAsync(CancellationToken cancel)
    {
        await using var db = reader.Open();
        var rows = await db.Set<PublishedRevision>().Where(r => r.Current).Select(r => new { r.Hash, Retired = r.RetiredAt != null }).ToListAsync(cancel).ConfigureAwait(false);
        var (loaded, closed) = (new Dictionary<string, MatterRevision>(), new HashSet<string>());
        foreach (var row in rows)
        {
            var revision = await RevisionAsync(row.Hash, cancel).ConfigureAwait(false);
            loaded[revision.Matter.Id] = revision;
            if (row.Retired) closed.Add(revision.Matter.Id);
        }
        (current, retired) = (loaded, closed);
    }
}
