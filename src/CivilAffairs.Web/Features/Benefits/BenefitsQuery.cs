using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Cases.Steps;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using CivilAffairs.Web.Platform.Time;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Benefits;

/// <summary>
/// The register of benefits 待遇台账 of an officer's jurisdiction, with what is being paid there. A page reads its own
/// lines in the order of an index, however long the register is; the totals read what is being paid and nothing that ended.
/// </summary>
public sealed class BenefitsQuery(IReader reader, TimeProvider time)
{
    public const int PageSize = 25;

    /// <summary>Counted and turned to as far as this; what lies behind is found by name.</summary>
    public const int Most = 1000;

    /// <param name="name">Beginning of the holder's name; empty: all.</param>
    /// <param name="page">From 1.</param>
    /// <param name="size">Rows of a page.</param>
    public async Task<BenefitsView> ReadAsync(Viewer viewer, string name, int page, int size = PageSize, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(name);
        var today = time.Today();
        await using var db = reader.Open();
        var all = await Named(InScope(db, viewer), name.Trim()).Take(Most).CountAsync(cancel).ConfigureAwait(false);
        var pages = Math.Max(1, (all + size - 1) / size);
        page = Math.Clamp(page, 1, pages);
        var shown = await Lines(db, viewer, name.Trim()).Skip((page - 1) * size).Take(size).ToListAsync(cancel).ConfigureAwait(false);
        var states = await GrantStates.InAsync(db, shown, today, cancel).ConfigureAwait(false);
        return new BenefitsView(shown.ConvertAll(g => new BenefitRow(g.Id, g.CaseId, g.Matter, g.HolderName, g.Village ?? g.Township ?? "", states[g.Id].Persons, states[g.Id].AmountFen, g.FirstMonth, g.LastMonth < new DateOnly(today.Year, today.Month, 1))), all, page, pages);
    }

    /// <summary>What is being paid this month, by township.</summary>
    public async Task<IReadOnlyList<BenefitTotal>> TotalsAsync(Viewer viewer, CancellationToken cancel = default)
    {
        await using var db = reader.Open();
        var totals = await Paid(db, viewer, time.Today()).ToListAsync(cancel).ConfigureAwait(false);
        return [.. totals.OrderBy(t => t.Division, StringComparer.Ordinal)];
    }

    internal static IQueryable<BenefitTotal> Paid(CivilAffairsDb db, Viewer viewer, DateOnly today)
    {
        var month = new DateOnly(today.Year, today.Month, 1);
        // An ended grant has its last month, so a change that counts now always has an amount.
        return InScope(db, viewer).Where(g => g.LastMonth == null || g.LastMonth >= month)
            .Select(g => new
            {
                Division = g.Township ?? g.County,
                Persons = db.Set<GrantChange>().Where(c => c.GrantId == g.Id && c.FromMonth <= today && c.Persons != null).OrderByDescending(c => c.FromMonth).ThenByDescending(c => c.RecordedAt).Select(c => c.Persons).FirstOrDefault() ?? g.Persons,
                Fen = db.Set<GrantChange>().Where(c => c.GrantId == g.Id && c.FromMonth <= today).OrderByDescending(c => c.FromMonth).ThenByDescending(c => c.RecordedAt).Select(c => c.AmountFen).FirstOrDefault() ?? g.AmountFen,
            })
            .GroupBy(g => g.Division).Select(g => new BenefitTotal(g.Key, g.Count(), g.Sum(r => r.Persons), g.Sum(r => r.Fen)));
    }

    internal static IQueryable<Grant> Lines(CivilAffairsDb db, Viewer viewer, string name)
    {
        var grants = Named(InScope(db, viewer), name);
        return name.Length == 0 ? grants.OrderByDescending(g => g.RecordedAt).ThenByDescending(g => g.Id) : grants.OrderBy(g => g.HolderName).ThenByDescending(g => g.RecordedAt).ThenByDescending(g => g.Id);
    }

    private static IQueryable<Grant> Named(IQueryable<Grant> grants, string name)
    {
        if (name.Length == 0) return grants;
        var end = Bytewise.EndOf(name);
        return grants.Where(g => g.HolderName.CompareTo(name) >= 0 && g.HolderName.CompareTo(end) < 0);
    }

    /// <summary>Grants of the divisions in which the viewer holds a post that works with cases, without cases they keep off.</summary>
    internal static IQueryable<Grant> InScope(CivilAffairsDb db, Viewer viewer)
    {
        var held = viewer.Held.Where(h => !Roles.WithoutCases.Contains(h.Role)).Select(h => h.Division).Distinct().ToList();
        held.RemoveAll(d => held.Exists(o => o.Length < d.Length && d.StartsWith(o, StringComparison.Ordinal)));
        var (counties, townships, villages) = (held.FindAll(d => d.Length == 6), held.FindAll(d => d.Length == 9), held.FindAll(d => d.Length == 12));
        var (all, one) = (db.Set<Grant>().AsQueryable(), held.Count == 1 ? held[0] : null);
        // One place, as most officers have: an equality, so that the index of the place also gives the order.
        var grants = one?.Length switch
        {
            6 => all.Where(g => g.County == one),
            9 => all.Where(g => g.Township == one),
            12 => all.Where(g => g.Village == one),
            _ => all.Where(g => counties.Contains(g.County) || townships.Contains(g.Township!) || villages.Contains(g.Village!)),
        };
        return grants.Where(g => !db.Set<CaseRecusal>().Any(r => r.AccountId == viewer.AccountId && r.CaseId == g.CaseId));
    }
}

/// <summary>One benefit. The holder's name is whole: pages mask it.</summary>
/// <param name="AmountFen">A month, as it is now.</param>
public sealed record BenefitRow(Guid Id, Guid? CaseId, string Matter, string HolderName, string Division, int Persons, long AmountFen, DateOnly FirstMonth, bool Ended);

/// <summary>What is being paid in one township.</summary>
public sealed record BenefitTotal(string Division, int Households, int Persons, long AmountFen);

/// <param name="Total">Counted to <see cref="BenefitsQuery.Most"/>.</param>
public sealed record BenefitsView(IReadOnlyList<BenefitRow> Rows, int Total, int Page, int Pages);
