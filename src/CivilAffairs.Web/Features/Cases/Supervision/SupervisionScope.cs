using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;

namespace CivilAffairs.Web.Features.Cases.Supervision;

/// <summary>
/// Who answers a supervision order 督办: whoever has the work under it in hand, the deputy of an absent one, or the head of the same
/// office. Work that nobody holds is whoever's post it waits for. Reading the case is not enough (ADR 67).
/// </summary>
internal static class SupervisionScope
{
    /// <summary>Heads of an office: of a department of the county 科室负责人, and who signs for a township 乡镇审核人.</summary>
    public static IReadOnlyList<string> Heads { get; } = [Roles.DepartmentHead, Roles.TownshipReviewer];

    /// <summary>A case's open tasks of officers; where none is open, since it waits for its party or a day, those last done.</summary>
    public static IQueryable<WorkTask> InHand(CivilAffairsDb db)
    {
        var office = db.Set<WorkTask>().Where(t => t.Role != Roles.Applicant);
        return office.Where(t => t.State == TaskState.Open
            || (t.State == TaskState.Done && !office.Any(o => o.CaseId == t.CaseId && (o.State == TaskState.Open || (o.State == TaskState.Done && o.ClosedAt > t.ClosedAt)))));
    }

    /// <summary>Of these the ones that the viewer answers for. Whoever is recused 回避 answers for none.</summary>
    public static IQueryable<WorkTask> AnsweredBy(CivilAffairsDb db, Viewer viewer)
    {
        var me = viewer.AccountId;
        var offices = viewer.Held.Where(h => Heads.Contains(h.Role)).Select(h => h.Division).Distinct().ToList();
        var rule = CaseScope.Either(CaseScope.Both(CaseScope.InSeat(CaseScope.Seats(viewer.Held)), t => t.State == TaskState.Done || t.HolderId == null || t.HolderId == me), t => offices.Contains(t.Division));
        foreach (var (absent, seats) in viewer.ActsFor.Select(a => (a.AccountId, CaseScope.Seats(a.Held))))
            rule = CaseScope.Either(rule, CaseScope.Both(CaseScope.InSeat(seats), t => (t.State == TaskState.Done || t.HolderId == null || t.HolderId == absent) && !db.Set<CaseRecusal>().Any(r => r.AccountId == absent && r.CaseId == t.CaseId)));
        return InHand(db).Where(rule).Where(t => !db.Set<CaseRecusal>().Any(r => r.AccountId == me && r.CaseId == t.CaseId));
    }
}
