using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Cases.Payments;

/// <summary>Who pays 资金发放: officers posted to it (FIN) for the county; who leads the county (LDR, DHD, SUP) reads along. Nobody else knows of a batch.</summary>
internal static class PayScope
{
    public static bool Pays(Viewer viewer) => viewer.IsOfficer && viewer.HoldsForCounty(Roles.Payments);

    public static bool Reads(Viewer viewer) => Pays(viewer) || (viewer.IsOfficer && viewer.HoldsForCounty([.. Roles.Leading]));

    /// <exception cref="NotAllowedException">No payments officer of a county.</exception>
    public static string CountyOf(Viewer viewer) =>
        (viewer.IsOfficer ? viewer.Held.FirstOrDefault(h => h.Role == Roles.Payments && h.IsCounty)?.Division : null) ?? throw new NotAllowedException("pay.officersOnly");

    /// <summary>Batches of the counties that the viewer pays for or leads.</summary>
    public static IQueryable<PayRoster> InScope(this IQueryable<PayRoster> rosters, Viewer viewer)
    {
        var counties = viewer.IsOfficer ? viewer.Held.Where(h => h.IsCounty && (h.Role == Roles.Payments || Roles.Leading.Contains(h.Role))).Select(h => h.Division).Distinct().ToList() : [];
        return rosters.Where(r => counties.Contains(r.County));
    }

    /// <summary>Grants of the counties that the viewer pays for, without cases that they keep off 回避.</summary>
    public static IQueryable<Grant> InScope(CivilAffairsDb db, Viewer viewer)
    {
        var (me, counties) = (viewer.AccountId, viewer.IsOfficer ? viewer.Held.Where(h => h.IsCounty && h.Role == Roles.Payments).Select(h => h.Division).Distinct().ToList() : []);
        return db.Set<Grant>().Where(g => counties.Contains(g.County) && !db.Set<CaseRecusal>().Any(r => r.AccountId == me && r.CaseId == g.CaseId));
    }

    /// <summary>All that a batch is about: of whole counties, for no viewer. A batch pays those too from which its maker keeps off; shown to them they are not.</summary>
    public static IQueryable<Grant> InScope(CivilAffairsDb db, PayKey of, DateOnly from)
    {
        var next = of.Month.AddMonths(1);
        return db.Set<Grant>().AsNoTracking().Where(g => g.County == of.County && g.Matter == of.Matter && g.Benefit == of.Benefit && g.FirstMonth < next && (g.LastMonth == null || g.LastMonth >= from));
    }

    /// <summary>Lines of a batch without those of cases that the viewer keeps off.</summary>
    public static IQueryable<PayLine> Shown(CivilAffairsDb db, Viewer viewer, Guid rosterId)
    {
        var me = viewer.AccountId;
        return db.Set<PayLine>().AsNoTracking().Where(l => l.RosterId == rosterId && !db.Set<CaseRecusal>().Any(r => r.AccountId == me && r.CaseId == l.CaseId));
    }

    /// <summary>Benefits that are paid: of the matters in force.</summary>
    public static IEnumerable<(MatterRevision Revision, BenefitKind Benefit)> Benefits(MatterLibrary library) =>
        library.Current.SelectMany(r => r.Matter.Benefits.Select(b => (r, b))).OrderBy(b => b.r.Matter.Id, StringComparer.Ordinal).ThenBy(b => b.b.Id, StringComparer.Ordinal);
}

/// <summary>What a batch is of: one benefit, one county, one month.</summary>
/// <param name="Month">Its first day.</param>
internal sealed record PayKey(string Matter, string Benefit, string County, DateOnly Month);
