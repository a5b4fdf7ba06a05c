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

    /// <summary>What people can apply for, in the order of names.</summary>
    public IReadOnlyCollection<MatterRevision> Current => [.. current.Values.OrderBy(r => r.Matter.Id, StringComparer.Ordinal)];

    /// <summary>Null where no such matter is published.</summary>
    public MatterRevision? Find(string matter) => current.GetValueOrDefault(matter);

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
    /// At start: publishes the folders that came with the product where the store has not seen that revision, and learns
    /// what is current. A folder that fails the check stays unpublished and is named.
    /// </summary>
    /// <returns>What could not be published, by folder.</returns>
    public Task<IReadOnlyDictionary<string, IReadOnlyList<MatterFault>>> PublishFoldersAsync(string folder, CancellationToken cancel) => PublishAsync(ReadFolders(folder), cancel);

    /// <summary>Every matter of a folder, read; needs no database.</summary>
    /// <returns>In the order of their names.</returns>
    internal static IReadOnlyList<(string Folder, LoadedMatter Matter)> ReadFolders(string folder) =>
        [.. (Directory.Exists(folder) ? Directory.GetDirectories(folder) : []).Order(StringComparer.Ordinal).Select(path => (Path.GetFileName(path), MatterFolder.LoadUnchecked(path)))];

    /// <summary>The same for folders that were read before.</summary>
    internal async Task<IReadOnlyDictionary<string, IReadOnlyList<MatterFault>>> PublishAsync(IReadOnlyList<(string Folder, LoadedMatter Matter)> folders, CancellationToken cancel)
    {
        var refused = new SortedDictionary<string, IReadOnlyList<MatterFault>>(StringComparer.Ordinal);
        var hashes = folders.Select(f => f.Matter.Revision?.Hash).OfType<string>().ToList();
        await using var db = reader.Open();
        // What the store has was checked before it came there: a start that brings nothing new checks nothing.
        var known = await db.Set<PublishedRevision>().Where(r => hashes.Contains(r.Hash)).Select(r => r.Hash).ToListAsync(cancel).ConfigureAwait(false);
        var good = new List<(string Folder, MatterRevision Revision, bool New)>();
        foreach (var (folder, read) in folders)
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

    /// <summary>Makes a revision the current one; the cases of earlier ones stay on theirs.</summary>
    public async Task PublishAsync(MatterRevision revision, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(revision);
        await writer.WriteAsync(async (db, token) =>
        {
            var stored = await db.Set<PublishedRevision>().Where(r => r.Matter == revision.Matter.Id && (r.Current || r.Hash == revision.Hash)).ToListAsync(token).ConfigureAwait(false);
            foreach (var row in stored) row.Current = row.Hash == revision.Hash;
            if (stored.TrueForAll(r => r.Hash != revision.Hash))
                db.Add(new PublishedRevision { Hash = revision.Hash, Matter = revision.Matter.Id, Bundle = revision.Bundle, Current = true, PublishedAt = time.GetUtcNow() });
            return 0;
        }, cancel).ConfigureAwait(false);
        revisions.TryAdd(revision.Hash, revision);
    }

    public async Task RefreshAsync(CancellationToken cancel)
    {
        await using var db = reader.Open();
        var hashes = await db.Set<PublishedRevision>().Where(r => r.Current).Select(r => r.Hash).ToListAsync(cancel).ConfigureAwait(false);
        var loaded = new Dictionary<string, MatterRevision>();
        foreach (var hash in hashes)
        {
            var revision = await RevisionAsync(hash, cancel).ConfigureAwait(false);
            loaded[revision.Matter.Id] = revision;
        }
        current = loaded;
    }
}
