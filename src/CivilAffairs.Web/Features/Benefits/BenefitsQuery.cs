using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using CivilAffairs.Web.Platform.Time;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Benefits;

/// <summary>The register of benefits 待遇台账 of an officer's jurisdiction, with its totals.</summary>
public sealed class BenefitsQuery(IReader reader, TimeProvider time)
{
    public const int PageSize = 25;

    /// <param name="name">Beginning of the holder's name; empty: all.</param>
    /// <param name="page">From 1.</param>
    /// <param name="size">Rows of a page.</param>
    public async Task<BenefitsView> ReadAsync(Viewer viewer, string name, int page, int size = PageSize, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(name);
        var today = time.Today();
        await using var db = reader.Open();
        var grants = InScope(db.Set<Grant>(), db, viewer);
        if (name.Trim().Length > 0) grants = grants.Where(g => g.HolderName.StartsWith(name.Trim()));
        var rows = grants.Select(g => new
        {
            Grant = g,
            Last = db.Set<GrantChange>().Where(c => c.GrantId == g.Id && c.FromMonth <= today).OrderByDescending(c => c.FromMonth).ThenByDescending(c => c.RecordedAt).FirstOrDefault(),
        }).Select(r => new { r.Grant, Ended = r.Last != null && r.Last.AmountFen == null, Fen = r.Last != null && r.Last.AmountFen != null ? r.Last.AmountFen.Value : r.Grant.AmountFen });
        var totals = await rows.Where(r => !r.Ended && (r.Grant.LastMonth == null || r.Grant.LastMonth >= today))
            .GroupBy(r => r.Grant.Township ?? r.Grant.County)
            .Select(g => new BenefitTotal(g.Key, g.Count(), g.Sum(r => r.Grant.Persons), g.Sum(r => r.Fen))).ToListAsync(cancel).ConfigureAwait(false);
        var all = await rows.CountAsync(cancel).ConfigureAwait(false);
        var pages = Math.Max(1, (all + size - 1) / size);
        page = Math.Clamp(page, 1, pages);
        var shown = await rows.OrderByDescending(r => r.Grant.RecordedAt).ThenBy(r => r.Grant.Id).Skip((page - 1) * size).Take(size)
            .Select(r => new BenefitRow(r.Grant.Id, r.Grant.CaseId, r.Grant.Matter, r.Grant.HolderName, r.Grant.Village ?? r.Grant.Township ?? "", r.Grant.Persons, r.Fen, r.Grant.FirstMonth, r.Ended))
            .ToListAsync(cancel).ConfigureAwait(false);
        return new BenefitsView(shown, [.. totals.OrderBy(t => t.Division, StringComparer.Ordinal)], all, page, pages);
    }

    /// <summary>Grants of the divisions in which the viewer holds a post that works with cases, without cases they keep off.</summary>
    private static IQueryable<Grant> InScope(IQueryable<Grant> grants, CivilAffairsDb db, Viewer viewer)
    {
        var held = viewer.Held.Where(h => !Roles.WithoutCases.Contains(h.Role)).Select(h => h.Division).ToList();
        var (counties, townships, villages) = (held.FindAll(d => d.Length == 6), held.FindAll(d => d.Length == 9), held.FindAll(d => d.Length == 12));
        var recused = db.Set<CaseRecusal>().Where(r => r.AccountId == viewer.AccountId).Select(r => r.CaseId);
        return grants.Where(g => (counties.Contains(g.County) || townships.Contains(g.Township!) || villages.Contains(g.Village!)) && (g.CaseId == null || !recused.Contains(g.CaseId.Value)));
    }
}

/// <summary>One benefit. The holder's name is whole: pages mask it.</summary>
/// <param name="AmountFen">A month, as it is now.</param>
public sealed record BenefitRow(Guid Id, Guid? CaseId, string Matter, string HolderName, string Division, int Persons, long AmountFen, DateOnly FirstMonth, bool Ended);

/// <summary>What is being paid in one township.</summary>
public sealed record BenefitTotal(string Division, int Households, int Persons, long AmountFen);

public sealed record BenefitsView(IReadOnlyList<BenefitRow> Rows, IReadOnlyList<BenefitTotal> Totals, int Total, int Page, int Pages);
