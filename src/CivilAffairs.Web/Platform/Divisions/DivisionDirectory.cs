using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Time;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Platform.Divisions;

/// <summary>The divisions in force today, in memory: some hundreds at most in a county. Renewed by whoever changes them.</summary>
public sealed class DivisionDirectory(IReader reader, TimeProvider time)
{
    private volatile IReadOnlyDictionary<string, Division> byCode = new Dictionary<string, Division>();

    /// <summary>In the order of codes.</summary>
    public IReadOnlyList<Division> All => [.. byCode.Values.OrderBy(d => d.Code, StringComparer.Ordinal)];

    /// <summary>The county of this installation; null while none is recorded.</summary>
    public Division? County => All.FirstOrDefault(d => d.Level == DivisionLevel.County);

    public Division? Find(string? code) => code is null ? null : byCode.GetValueOrDefault(code);

    /// <summary>The division's name in the reader's language; the code where it is not known.</summary>
    public string Name(string? code, bool english) => Find(code) is { } division ? (english ? division.NameEn : division.NameZh) : code ?? "";

    /// <summary>Divisions right below: townships of the county, villages of a township.</summary>
    public IReadOnlyList<Division> Below(string code) => [.. All.Where(d => d.Code.Length == code.Length + 3 && d.Code.StartsWith(code, StringComparison.Ordinal))];

    public async Task RefreshAsync(CancellationToken cancel)
    {
        var today = time.Today();
        await using var db = reader.Open();
        var rows = await db.Set<Division>().Where(d => d.ValidFrom <= today && (d.ValidTo == null || d.ValidTo >= today)).ToListAsync(cancel).ConfigureAwait(false);
        byCode = rows.GroupBy(d => d.Code).ToDictionary(g => g.Key, g => g.MaxBy(d => d.ValidFrom)!);
    }
}
