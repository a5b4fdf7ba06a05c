using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Platform.Data;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Cases.Steps;

/// <summary>What a grant pays: the amount first decided, until a change takes its place.</summary>
internal static class GrantAmounts
{
    /// <summary>Of two changes for one month the one recorded last counts. An end changes no amount: the grant's last month tells of it.</summary>
    /// <param name="month">Any day of the month that is asked about.</param>
    /// <returns>Fen a month by the grants' ids; one query for all of them.</returns>
    public static async Task<IReadOnlyDictionary<Guid, long>> InAsync(CivilAffairsDb db, IReadOnlyCollection<Grant> grants, DateOnly month, CancellationToken cancel = default)
    {
        var ids = grants.Select(g => g.Id).ToList();
        var changes = await db.Set<GrantChange>().Where(c => ids.Contains(c.GrantId) && c.FromMonth <= month && c.AmountFen != null)
            .Select(c => new { c.GrantId, c.FromMonth, c.RecordedAt, Fen = c.AmountFen!.Value }).ToListAsync(cancel).ConfigureAwait(false);
        var amounts = grants.ToDictionary(g => g.Id, g => g.AmountFen);
        // A few for each grant: put in order here, so that the database reads them by the index alone.
        foreach (var change in changes.OrderBy(c => c.FromMonth).ThenBy(c => c.RecordedAt)) amounts[change.GrantId] = change.Fen;
        return amounts;
    }
}
