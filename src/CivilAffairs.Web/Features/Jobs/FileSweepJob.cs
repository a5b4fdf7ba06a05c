using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Jobs;
using CivilAffairs.Web.Platform.Storage;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Jobs;

/// <summary>
/// Removes stored files that no row names: of uploads whose transaction never came (a file is written first), and of
/// drafts that were discarded. A file that a row names is never removed, also not one taken out of its case.
/// </summary>
internal sealed partial class FileSweepJob(IReader reader, BlobStore store, TimeProvider time, ILogger<FileSweepJob> log) : IJob
{
    /// <summary>A file younger than this may belong to a transaction that is still to commit; those take seconds.</summary>
    internal static readonly TimeSpan Grace = TimeSpan.FromHours(24);

    /// <summary>More unnamed files than this, and more than half of all: then it is the database that is wrong.</summary>
    internal const int Suspicious = 100;
    private const int Batch = 500;

    public string Id => "file-sweep";
    public string Cron => "40 3 * * *";

    public Task<int> RunAsync(CancellationToken cancel) => SweepAsync(Grace, cancel);

    /// <returns>How many files were removed.</returns>
    /// <remarks>Power failure: what is left is found by the next run.</remarks>
    internal async Task<int> SweepAsync(TimeSpan grace, CancellationToken cancel)
    {
        var before = time.GetUtcNow() - grace;
        await using var db = reader.Open();
        // Another database under the same folder, or an empty one, must not cost a file.
        if (!await db.Set<CaseFile>().AnyAsync(cancel).ConfigureAwait(false)) return 0;
        var (old, unnamed) = (0, new List<string>());
        foreach (var names in store.WrittenBefore(before).Chunk(Batch))
        {
            var hashes = names.Where(n => n.Length == 64).ToList();
            var named = await db.Set<CaseFile>().Where(f => hashes.Contains(f.StoredHash)).Select(f => f.StoredHash).Distinct().ToListAsync(cancel).ConfigureAwait(false);
            unnamed.AddRange(names.Except(named));
            old += names.Length;
        }
        if (unnamed.Count > Suspicious && unnamed.Count * 2 > old)
        {
            Suspect(log, unnamed.Count, old);
            return 0;
        }
        var removed = unnamed.Count(name => store.Remove(name, before));
        if (removed > 0) Removed(log, removed, old);
        return removed;
    }

    [LoggerMessage(EventId = 3120, Level = LogLevel.Information, Message = "{Removed} stored files that nothing names were removed, of {Old} old ones")]
    private static partial void Removed(ILogger log, int removed, int old);

    [LoggerMessage(EventId = 3121, Level = LogLevel.Error, Message = "Nothing names {Unnamed} of {Old} stored files: none was removed. Does this database belong to this data folder?")]
    private static partial void Suspect(ILogger log, int unnamed, int old);
}
