using System.Linq.Expressions;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Cases;

/// <summary>
/// Who sees which case: role × jurisdiction × case, as one query. Every list and page starts from here; there is no other
/// way to a case. Applicants see their own; officers what their postings cover and their role has or had work on;
/// overseeing roles all that is filed in their jurisdiction; managers and administrators none.
/// </summary>
internal static class CaseScope
{
    public static IQueryable<Case> VisibleTo(this IQueryable<Case> cases, CivilAffairsDb db, Viewer viewer)
    {
        if (viewer.IsSystem) return cases;
        var me = viewer.AccountId;
        if (!viewer.IsOfficer)
        {
            var person = viewer.PersonId;
            var asParty = db.Set<CaseParty>().Where(p => p.PersonId == person && p.Current && (p.Role == PartyRole.Applicant || p.Role == PartyRole.Agent)).Select(p => p.CaseId);
            return cases.Where(c => c.ApplicantAccountId == me || (person != null && c.Status != "Draft" && asParty.Contains(c.Id)));
        }
        var held = viewer.Held.Where(h => !Roles.WithoutCases.Contains(h.Role)).ToList();
        var oversees = held.Where(h => Roles.Overseeing.Contains(h.Role)).Select(h => h.Division).ToList();
        var (counties, townships, villages) = (Of(oversees, 6), Of(oversees, 9), Of(oversees, 12));
        var worked = db.Set<WorkTask>().Where(InSeat(held)).Select(t => t.CaseId);
        var pays = Of(held.Where(h => h.Role == Roles.Payments).Select(h => h.Division), 6);
        var granted = db.Set<Grant>().Where(g => pays.Contains(g.County) && g.CaseId != null).Select(g => g.CaseId!.Value);
        var recused = db.Set<CaseRecusal>().Where(r => r.AccountId == me).Select(r => r.CaseId);
        return cases.Where(c => (c.FiledById == me || (c.Status != "Draft" && (
            counties.Contains(c.County) || townships.Contains(c.Township!) || villages.Contains(c.Village!)
            || worked.Contains(c.Id) || granted.Contains(c.Id)))) && !recused.Contains(c.Id));
    }

    /// <summary>Open tasks that the viewer may take or holds: the queue.</summary>
    public static IQueryable<WorkTask> OpenFor(this IQueryable<WorkTask> tasks, CivilAffairsDb db, Viewer viewer)
    {
        var me = viewer.AccountId;
        var recused = db.Set<CaseRecusal>().Where(r => r.AccountId == me).Select(r => r.CaseId);
        return tasks.Where(t => t.State == TaskState.Open).Where(InSeat(viewer.Held)).Where(t => t.HolderId == null || t.HolderId == me).Where(t => !recused.Contains(t.CaseId));
    }

    public static Task<bool> SeesAsync(CivilAffairsDb db, Viewer viewer, Guid caseId, CancellationToken cancel = default) =>
        db.Set<Case>().AsNoTracking().Where(c => c.Id == caseId).VisibleTo(db, viewer).AnyAsync(cancel);

    private static List<string> Of(IEnumerable<string> divisions, int length) => [.. divisions.Where(d => d.Length == length)];

    /// <summary>Role and division of a task equal one of those held: one OR of pairs, which the index answers.</summary>
    private static Expression<Func<WorkTask, bool>> InSeat(IReadOnlyList<HeldRole> held)
    {
        var task = Expression.Parameter(typeof(WorkTask), "t");
        Expression any = Expression.Constant(false);
        foreach (var (role, division) in held)
            any = Expression.OrElse(any, Expression.AndAlso(
                Expression.Equal(Expression.Property(task, nameof(WorkTask.Role)), Expression.Constant(role)),
                Expression.Equal(Expression.Property(task, nameof(WorkTask.Division)), Expression.Constant(division))));
        return Expression.Lambda<Func<WorkTask, bool>>(any, task);
    }
}
