using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Registers.Lines;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using CivilAffairs.Web.Platform.Time;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Registers.Benefits;

/// <summary>What is being paid in an officer's jurisdiction 正在发放: reads what is being paid and nothing that ended. The benefits one by one are <see cref="BenefitLines"/>.</summary>
public sealed class BenefitsQuery(IReader reader, BenefitLines lines, TimeProvider time)
{
    /// <summary>What is being paid this month, by township.</summary>
    public async Task<IReadOnlyList<BenefitTotal>> TotalsAsync(Viewer viewer, CancellationToken cancel = default)
    {
        await using var db = reader.Open();
        var totals = new List<BenefitTotal>();
        // No two posts read the same benefit.
        foreach (var post in lines.Posts(viewer)) totals.AddRange(await Paid(db, viewer, post, time.Today()).ToListAsync(cancel).ConfigureAwait(false));
        return [.. totals.GroupBy(t => t.Division, (division, of) => of.Aggregate((a, b) => new BenefitTotal(division, a.Households + b.Households, a.Persons + b.Persons, a.AmountFen + b.AmountFen))).OrderBy(t => t.Division, StringComparer.Ordinal)];
    }

    private static IQueryable<BenefitTotal> Paid(CivilAffairsDb db, Viewer viewer, ReadingPost post, DateOnly today)
    {
        var month = new DateOnly(today.Year, today.Month, 1);
        // An ended grant has its last month, so a change that counts now always has an amount.
        return BenefitLines.InScope(db, viewer, post).Where(g => g.LastMonth == null || g.LastMonth >= month)
            .Select(g => new
            {
                Division = g.Township ?? g.County,
                Persons = db.Set<GrantChange>().Where(c => c.GrantId == g.Id && c.FromMonth <= today && c.Persons != null).OrderByDescending(c => c.FromMonth).ThenByDescending(c => c.RecordedAt).Select(c => c.Persons).FirstOrDefault() ?? g.Persons,
                Fen = db.Set<GrantChange>().Where(c => c.GrantId == g.Id && c.FromMonth <= today).OrderByDescending(c => c.FromMonth).ThenByDescending(c => c.RecordedAt).Select(c => c.AmountFen).FirstOrDefault() ?? g.AmountFen,
            })
            .GroupBy(g => g.Division).Select(g => new BenefitTotal(g.Key, g.Count(), g.Sum(r => r.Persons), g.Sum(r => r.Fen)));
    }
}

/// <summary>What is being paid in one township.</summary>
public sealed record BenefitTotal(string Division, int Households, int Persons, long AmountFen);
