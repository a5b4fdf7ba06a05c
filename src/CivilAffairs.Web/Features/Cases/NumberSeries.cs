using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Platform.Data;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Cases;

/// <summary>Gap-free numbers: the counter is raised in the transaction that uses the number, so it is used or not raised.</summary>
internal static class NumberSeries
{
    /// <returns>From 1.</returns>
    public static async Task<int> NextAsync(CivilAffairsDb db, string series, string division, int year)
    {
        // One statement that also locks the row until the transaction ends; others who want this series wait.
        var next = await db.Database.SqlQuery<int>($"""
            INSERT INTO number_counters ("Series", "Division", "Year", "Next") VALUES ({series}, {division}, {year}, 2)
            ON CONFLICT ("Series", "Division", "Year") DO UPDATE SET "Next" = number_counters."Next" + 1 RETURNING "Next" - 1 AS "Value"
            """).ToListAsync().ConfigureAwait(false);
        return next[0];
    }
}
