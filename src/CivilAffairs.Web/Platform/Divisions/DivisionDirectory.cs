using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Time;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Platform.Divisions;

/// <summary>The divisions in force today, in memory: some hundreds at most in a county. Renewed by whoever changes them.</summary>
public sealed class DivisionDirectory(IReader reader, TimeProvider time)
{
    private volatile IReadOnlyDictionary<string, Division> byCode = new Dictionary<string, Division>();
    private volatile IReadOnlyDictionary<string, Division> former = new Dictionary<string, Division>();

    /// <summary>In the order of codes.</summary>
    public IReadOnlyList<Division> All => [.. byCode.Values.OrderBy(d => d.Code, StringComparer.Ordinal)];

    /// <summary>The county of this installation; null while none is recorded.</summary>
    public Division? County => All.FirstOrDefault(d => d.Level == DivisionLevel.County);

    public Division? Find(string? code) => code is null ? null : byCode.GetValueOrDefault(code);

    /// <summary>The division's name in the reader's language, also of a code that was in force once; the code where it is not known.</summary>
    public string Name(string? code, bool english) => (Find(code) ?? (code is null ? null : former.GetValueOrDefault(code))) is { } division ? (english ? division.NameEn : division.NameZh) : code ?? "";

    /// <summary>Divisions right below: townships of the county, villages of a township.</summary>
    public IReadOnlyList<Division> Below(string code) => [.. All.Where(d => d.Code.Length == code.Length + 3 && d.Code.StartsWith(code, StringComparison.Ordinal))];

    public async Task RefreshAsync(CancellationToken cancel)
    {
        var today = time.Today();
        await using var db = reader.Open();
        var rows = await db.Set<Division>().Where(d => d.ValidFrom <= today).ToListAsync(cancel).ConfigureAwait(false);
        var latest = rows.GroupBy(d => d.Code).Select(g => g.MaxBy(d => d.ValidFrom)!).ToList();
        byCode = latest.Where(d => d.ValidTo is null || d.ValidTo >= today).ToDictionary(d => d.Code);
        // Cases of before keep their codes: what is no place for a new one still has a name.
        former = latest.Where(d => d.ValidTo < today).ToDictionary(d => d.Code);
    }
}
