using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Platform.Data;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Registers.Lines;

/// <summary>
/// Lines found by a key of their own (a person, a number), of which there are few: their ids first, then those of them that
/// the viewer's place has, by their primary keys. In one statement a database may rather walk the whole place.
/// </summary>
internal static class Few
{
    /// <summary>More lines than this has no person and no name that is looked up whole.</summary>
    private const int Most = 500;

    public static async Task<List<T>> OfAsync<T>(IQueryable<Guid> found, Func<List<Guid>, IQueryable<T>> inScope, CancellationToken cancel)
    {
        var ids = await found.Distinct().Take(Most).ToListAsync(cancel).ConfigureAwait(false);
        return ids.Count == 0 ? [] : await inScope(ids).ToListAsync(cancel).ConfigureAwait(false);
    }

    /// <summary>Put in order here.</summary>
    public static List<T> Page<T>(List<T> few, Func<T, LineKey> key, LineKey? after, int take) => [.. few.OrderBy(key, LineKey.Order).Where(l => after is null || LineKey.Order.Compare(key(l), after) > 0).Take(take)];

    public static async Task<Dictionary<Guid, string?>> CaseNumbersAsync(CivilAffairsDb db, IEnumerable<Guid?> cases, CancellationToken cancel)
    {
        var ids = cases.OfType<Guid>().Distinct().ToList();
        return ids.Count == 0 ? [] : await db.Set<Case>().Where(c => EF.Parameter(ids).Contains(c.Id)).ToDictionaryAsync(c => c.Id, c => c.Number, cancel).ConfigureAwait(false);
    }
}
