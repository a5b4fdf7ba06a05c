using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Platform.Data;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Cases.Steps;

/// <summary>What a grant pays and for whom: as first decided, until a change takes its place.</summary>
internal static class GrantStates
{
    /// <summary>Of two changes for one month the one recorded last counts. An end changes nothing here: the grant's last month tells of it.</summary>
    /// <param name="month">Any day of the month that is asked about.</param>
    /// <returns>By the grants' ids; one query for all of them.</returns>
    public static async Task<IReadOnlyDictionary<Guid, GrantState>> InAsync(CivilAffairsDb db, IReadOnlyCollection<Grant> grants, DateOnly month, CancellationToken cancel = default)
    {
        var ids = grants.Select(g => g.Id).ToList();
        var changes = await db.Set<GrantChange>().Where(c => ids.Contains(c.GrantId) && c.FromMonth <= month && c.AmountFen != null)
            .Select(c => new { c.GrantId, c.FromMonth, c.RecordedAt, Fen = c.AmountFen!.Value, c.Persons, c.Category }).ToListAsync(cancel).ConfigureAwait(false);
        var states = grants.ToDictionary(g => g.Id, g => new GrantState(g.AmountFen, g.Persons, g.Category));
        // A few for each grant: put in order here, so that the database reads them by the index alone.
        foreach (var change in changes.OrderBy(c => c.FromMonth).ThenBy(c => c.RecordedAt))
            states[change.GrantId] = new GrantState(change.Fen, change.Persons ?? states[change.GrantId].Persons, change.Category ?? states[change.GrantId].Category);
        return states;
    }
}

/// <param name="AmountFen">A month.</param>
/// <param name="Persons">Protected.</param>
/// <param name="Category">For re-verification; null: the matter knows none.</param>
internal sealed record GrantState(long AmountFen, int Persons, string? Category);
