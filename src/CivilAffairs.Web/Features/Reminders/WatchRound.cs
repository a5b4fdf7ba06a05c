using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Jobs;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Reminders;

/// <summary>
/// Goes once over what is to be looked at today, page by page in the order of an index of just that; nothing that is far
/// from due is read, and what could not be dealt with holds up nothing.
/// </summary>
/// <remarks>
/// Where several pages are dealt with at once, one that a page leaves due for today may be met again by the next: as on two
/// nodes, whoever takes its line deals with it and the other finds nothing.
/// </remarks>
internal static class WatchRound
{
    public const int Batch = 200;

    /// <param name="due">What is due, with its day; the index's order is day, id.</param>
    /// <param name="batch">Deals with these in a transaction of its own.</param>
    /// <param name="atOnce">Pages dealt with at once: while one waits for the database the next is thought about.</param>
    /// <returns>The sum of what <paramref name="batch"/> returned.</returns>
    /// <exception cref="AggregateException">Some could not be dealt with, and are due on the next run; all others were.</exception>
    public static async Task<int> RunAsync(IReader reader, Func<CivilAffairsDb, IQueryable<Watched>> due, Func<IReadOnlyList<Guid>, Task<int>> batch, CancellationToken cancel, int size = Batch, int atOnce = 1)
    {
        var (all, failed) = (0, new ConcurrentQueue<(Guid Id, Exception Why)>());
        await Parallel.ForEachAsync(PagesAsync(reader, due, size, cancel), new ParallelOptions { MaxDegreeOfParallelism = atOnce, CancellationToken = cancel },
            async (ids, _) => Interlocked.Add(ref all, await DealAsync(ids).ConfigureAwait(false))).ConfigureAwait(false);
        return failed.IsEmpty ? all : throw new AggregateException($"Could not be dealt with: {string.Join(", ", failed.Take(20).Select(f => f.Id))}", failed.Take(20).Select(f => f.Why));

        // One that is wrong takes its batch with it: then each on its own.
        async Task<int> DealAsync(IReadOnlyList<Guid> ids)
        {
            try
            {
                return await batch(ids).ConfigureAwait(false);
            }
            catch (Exception e) when (JobFaults.IsItsOwn(e))
            {
                if (ids.Count == 1) failed.Enqueue((ids[0], e));
                var sum = 0;
                if (ids.Count > 1) foreach (var one in ids) sum += await DealAsync([one]).ConfigureAwait(false);
                return sum;
            }
        }
    }

    private static async IAsyncEnumerable<IReadOnlyList<Guid>> PagesAsync(IReader reader, Func<CivilAffairsDb, IQueryable<Watched>> due, int size, [EnumeratorCancellation] CancellationToken cancel)
    {
        await using var db = reader.Open();
        for (var (day, id, more) = (DateOnly.MinValue, Guid.Empty, true); more;)
        {
            var page = await due(db).Where(w => w.On > day || (w.On == day && w.Id > id)).OrderBy(w => w.On).ThenBy(w => w.Id).Take(size).ToListAsync(cancel).ConfigureAwait(false);
            if (page.Count > 0)
            {
                yield return [.. page.Select(w => w.Id)];
                (day, id) = (page[^1].On!.Value, page[^1].Id);
            }
            more = page.Count == size;
        }
    }
}

/// <summary>Something that is looked at on a day.</summary>
internal sealed record Watched
{
    public DateOnly? On { get; init; }
    public Guid Id { get; init; }
}
