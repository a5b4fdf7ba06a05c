using CivilAffairs.Engine.Rules;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Divisions;
using CivilAffairs.Web.Platform.Time;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Designer.Settings;

/// <summary>The number that a series would give next, as it would be printed. A look: it raises nothing.</summary>
internal sealed class NumberPreview(IReader reader, DivisionDirectory divisions, TimeProvider time)
{
    /// <summary>This year's counters of the installation, read once for a page.</summary>
    public async Task<NumberCounters> ReadAsync(CancellationToken cancel = default)
    {
        var (year, county) = (time.Today().Year, divisions.County?.Code ?? "341299");
        await using var db = reader.Open();
        // Series × offices of one county: some hundreds.
        var rows = await db.Set<NumberCounter>().Where(n => n.Year == year && n.Division.StartsWith(county)).OrderBy(n => n.Series).ThenBy(n => n.Division).Take(5_000).ToListAsync(cancel).ConfigureAwait(false);
        return new NumberCounters(year, county, divisions.Below(county).Select(d => d.Code).FirstOrDefault() ?? county, rows);
    }
}

/// <param name="Township">The first by its code; the county where there is none.</param>
internal sealed record NumberCounters(int Year, string County, string Township, IReadOnlyList<NumberCounter> Rows)
{
    /// <param name="byCounty">The county itself handles the matter.</param>
    /// <returns>Null where the format is none. With the office whose number it is: one that has given some, else where the first case would go.</returns>
    public (string Number, string Office)? Next(string prefix, string? format, bool byCounty)
    {
        if (prefix.Length == 0 || NumberFormat.Read(format) is not { } read) return null;
        var series = read.SeriesOf(prefix);
        var counter = Rows.Where(r => r.Series == series).MaxBy(r => r.Next);
        var office = counter?.Division ?? (byCounty ? County : Township);
        return (NumberFormat.Print(series, office, Year, counter?.Next ?? 1), office);
    }
}
