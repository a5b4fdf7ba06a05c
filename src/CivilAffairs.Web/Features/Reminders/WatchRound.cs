using CivilAffairs.Web.Platform.Data;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Reminders;

/// <summary>
/// Goes once over what is to be looked at today, page by page in the order of an index of just that; nothing that is far
/// from due is read, and what could not be dealt with holds up nothing.
/// </summary>
internal static class WatchRound
{
    public const int Batch = 200;

    /// <param name="due">What is due, with its day; the index's order is day, id.</param>
    /// <param name="batch">Deals with these in a transaction of its own.</param>
    /// <returns>The sum of what <paramref name="batch"/> returned.</returns>
    public static async Task<int> RunAsync(IReader reader, Func<CivilAffairsDb, IQueryable<Watched>> due, Func<IReadOnlyList<Guid>, Task<int>> batch, CancellationToken cancel, int size = Batch)
    {
        await using var db = reader.Open();
        var (all, day, id) = (0, DateOnly.MinValue, Guid.Empty);
        while (true)
        {
            cancel.ThrowIfCancellationRequested();
            var page = await due(db).Where(w => w.On > day || (w.On == day && w.Id > id)).OrderBy(w => w.On).ThenBy(w => w.Id).Take(size).ToListAsync(cancel).ConfigureAwait(false);
            if (page.Count == 0) return all;
            all += await batch([.. page.Select(w => w.Id)]).ConfigureAwait(false);
            if (page.Count < size) return all;
            (day, id) = (page[^1].On!.Value, page[^1].Id);
        }
    }
}

/// <summary>Something that is looked at on a day.</summary>
internal sealed record Watched
{
    public DateOnly? On { get; init; }
    public Guid Id { get; init; }
}
