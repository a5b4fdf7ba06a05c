using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;

namespace CivilAffairs.Web.Features.Designer.Moves;

/// <summary>
/// Which cases a manager may move: those filed in the jurisdiction of the post, less recusals. A scope of its own beside
/// that of cases, since managers see no case: of these they see number, step and dates, and nothing of what is in them.
/// </summary>
internal static class MoveScope
{
    /// <summary>Filed and not destroyed, where the viewer is posted as manager.</summary>
    public static IQueryable<Case> InScope(this IQueryable<Case> cases, CivilAffairsDb db, Viewer viewer)
    {
        ArgumentNullException.ThrowIfNull(viewer);
        var (me, held) = (viewer.AccountId, viewer.Held.Where(h => h.Role == Roles.Manager).Select(h => h.Division).ToList());
        if (!viewer.IsOfficer || held.Count == 0) return cases.Where(c => false);
        var (counties, townships, villages) = (held.Where(d => d.Length == 6).ToList(), held.Where(d => d.Length == 9).ToList(), held.Where(d => d.Length == 12).ToList());
        return cases.Where(c => c.Number != null && c.ErasedAt == null && (counties.Contains(c.County) || townships.Contains(c.Township!) || villages.Contains(c.Village!)))
            .Where(c => !db.Set<CaseRecusal>().Any(r => r.AccountId == me && r.CaseId == c.Id));
    }

    /// <summary>Those that still run.</summary>
    public static IQueryable<Case> Running(this IQueryable<Case> cases) => cases.Where(c => c.Number != null && c.ClosedAt == null);
}
