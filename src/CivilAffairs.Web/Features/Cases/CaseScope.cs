using System.Linq.Expressions;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Cases;

/// <summary>
/// Who sees which case: role × jurisdiction × case, as one query. Every list and page starts from here; there is no other
/// way to a case. Applicants see their own and those in which they are a party that sees them; officers what their postings cover and their role has or had work on;
/// overseeing roles all that is filed in their jurisdiction; managers and administrators none; who is recused 回避, nothing.
/// A deputy 代理人 also sees what the absent officer would, unless either of them is recused.
/// </summary>
/// <remarks>
/// The stepper gives a task to a division of the case's own place: so a seat below a division that is overseen adds no
/// case, and most officers need one index. Where several ways lead to cases, their ids are put together: an OR over
/// subqueries makes PostgreSQL read every case.
/// </remarks>
internal static class CaseScope
{
    private const string Draft = "Draft";

    /// <summary>For lists. For one case ask <see cref="SeesAsync"/> or <see cref="OneVisibleTo"/>.</summary>
    public static IQueryable<Case> VisibleTo(this IQueryable<Case> cases, CivilAffairsDb db, Viewer viewer)
    {
        if (viewer.IsSystem) return cases;
        var me = viewer.AccountId;
        if (!viewer.IsOfficer)
        {
            if (viewer.PersonId is null) return cases.Where(c => c.ApplicantAccountId == me);
            var over = AgentOver(db, viewer);
            cases = cases.Where(c => !over.Any(p => p.CaseId == c.Id));
            var own = db.Set<Case>().Where(c => c.ApplicantAccountId == me).Select(c => c.Id).Concat(AsParty(db, viewer).Select(p => p.CaseId));
            return cases.Where(c => (c.ApplicantAccountId == me || c.Status != Draft) && own.Contains(c.Id));
        }
        var (scope, others) = (new OfficerScope(viewer.Held), Others(viewer));
        if (scope.IsEmpty && others.Count == 0) return cases.Where(c => false);
        if (scope is { IsEmpty: false, Seats.Count: 0, Pays.Count: 0 } && others.Count == 0) return NotRecused(db, me, cases.Where(Either(scope.Overseen(), OwnDraft(me))));
        var ids = scope.IsEmpty ? null : Ids(db, scope, OwnDraft(me));
        foreach (var (absent, theirs) in others)
        {
            var reached = Ids(db, theirs, null);
            var more = NotRecused(db, absent, db.Set<Case>().Where(c => reached.Contains(c.Id))).Select(c => c.Id);
            ids = ids is null ? more : ids.Concat(more);
        }
        return NotRecused(db, me, cases.Where(c => (c.Status != Draft || c.FiledById == me) && ids!.Contains(c.Id)));
    }

    /// <summary>Each way of a scope that is not empty.</summary>
    private static IQueryable<Guid> Ids(CivilAffairsDb db, OfficerScope scope, Expression<Func<Case, bool>>? drafts)
    {
        var ways = new List<IQueryable<Guid>>();
        if ((drafts is null ? scope.Overseen() : Either(scope.Overseen(), drafts)) is { } rule) ways.Add(db.Set<Case>().Where(rule).Select(c => c.Id));
        if (scope.Seats.Count > 0) ways.Add(db.Set<WorkTask>().Where(InSeat(scope.Seats)).Select(t => t.CaseId));
        if (scope.Pays.Count > 0) ways.Add(db.Set<Case>().Where(Within(scope.Pays)).Where(c => db.Set<Grant>().Any(g => g.CaseId == c.Id)).Select(c => c.Id));
        return ways.Aggregate(Queryable.Concat);
    }

    /// <summary>The case if the viewer sees it: the same rule as <see cref="VisibleTo"/>, asked of one case by its keys alone.</summary>
    public static IQueryable<Case> OneVisibleTo(this IQueryable<Case> cases, CivilAffairsDb db, Viewer viewer, Guid caseId) =>
        cases.Where(c => c.Id == caseId).EachVisibleTo(db, viewer);

    /// <summary>
    /// The same rule as <see cref="VisibleTo"/>, asked of each case by its keys: for few, or for the first few of an order
    /// that an index gives. Where many match, putting the viewer's cases together first would read them all.
    /// </summary>
    public static IQueryable<Case> EachVisibleTo(this IQueryable<Case> one, CivilAffairsDb db, Viewer viewer)
    {
        if (viewer.IsSystem) return one;
        var me = viewer.AccountId;
        if (!viewer.IsOfficer)
        {
            var (mine, over) = (AsParty(db, viewer), AgentOver(db, viewer));
            return viewer.PersonId is null ? one.Where(c => c.ApplicantAccountId == me)
                : one.Where(c => !over.Any(p => p.CaseId == c.Id)).Where(c => c.ApplicantAccountId == me || (c.Status != Draft && mine.Any(p => p.CaseId == c.Id)));
        }
        var scope = new OfficerScope(viewer.Held);
        var rule = scope.IsEmpty ? null : Rule(db, scope, OwnDraft(me));
        foreach (var (absent, theirs) in Others(viewer))
            rule = Either(rule, Both(Rule(db, theirs, null), c => !db.Set<CaseRecusal>().Any(r => r.AccountId == absent && r.CaseId == c.Id)));
        return rule is null ? one.Where(c => false) : NotRecused(db, me, one.Where(rule));
    }

    private static Expression<Func<Case, bool>> Rule(CivilAffairsDb db, OfficerScope scope, Expression<Func<Case, bool>>? drafts)
    {
        var rule = drafts is null ? scope.Overseen() : Either(scope.Overseen(), drafts);
        var seats = db.Set<WorkTask>().Where(InSeat(scope.Seats));
        if (scope.Seats.Count > 0) rule = Either(rule, c => c.Status != Draft && seats.Any(t => t.CaseId == c.Id));
        if (scope.Pays.Count > 0) rule = Either(rule, Both(Within(scope.Pays), c => c.Status != Draft && db.Set<Grant>().Any(g => g.CaseId == c.Id)));
        return rule!;
    }

    /// <summary>What each absent officer whom the viewer stands in for would see by their own postings.</summary>
    private static List<(Guid Absent, OfficerScope Scope)> Others(Viewer viewer) =>
        [.. viewer.ActsFor.Select(a => (a.AccountId, Scope: new OfficerScope(a.Held))).Where(a => !a.Scope.IsEmpty)];

    /// <summary>Open tasks that the viewer, or an absent officer whom they stand in for, may take or holds: the queue.</summary>
    public static IQueryable<WorkTask> OpenFor(this IQueryable<WorkTask> tasks, CivilAffairsDb db, Viewer viewer)
    {
        var me = viewer.AccountId;
        var rule = Takes(me, Seats(viewer.Held));
        foreach (var (absent, seats) in viewer.ActsFor.Select(a => (a.AccountId, Seats(a.Held))))
            rule = Either(rule, Both(Takes(absent, seats), t => !db.Set<CaseRecusal>().Any(r => r.AccountId == absent && r.CaseId == t.CaseId)));
        return tasks.Where(t => t.State == TaskState.Open).Where(rule).Where(t => !db.Set<CaseRecusal>().Any(r => r.AccountId == me && r.CaseId == t.CaseId));
    }

    internal static List<HeldRole> Seats(IEnumerable<HeldRole> held) => [.. held.Where(h => !Roles.WithoutCases.Contains(h.Role)).Distinct()];

    private static Expression<Func<WorkTask, bool>> Takes(Guid who, List<HeldRole> seats) => Both(InSeat(seats), t => t.HolderId == null || t.HolderId == who);

    /// <summary>
    /// The same tasks as <see cref="OpenFor"/>, in parts that one index of open work each gives in its order: what nobody
    /// holds, post by post, by last day and then what has none; and what the viewer holds there. Then the same for each
    /// absent officer whom the viewer stands in for, less what is the viewer's own to take.
    /// </summary>
    public static IEnumerable<QueuePart> OpenInParts(this IQueryable<WorkTask> tasks, CivilAffairsDb db, Viewer viewer)
    {
        var me = viewer.AccountId;
        var seats = Seats(viewer.Held);
        var open = tasks.Where(t => t.State == TaskState.Open && !db.Set<CaseRecusal>().Any(r => r.AccountId == me && r.CaseId == t.CaseId));
        foreach (var seat in seats)
        {
            var free = open.Where(t => t.HolderId == null).Where(InSeat([seat]));
            yield return new QueuePart(free.Where(t => t.FinishBy != null).OrderBy(t => t.FinishBy).ThenBy(t => t.Id), seat.Role, Mine: false, Dated: true);
            yield return new QueuePart(free.Where(t => t.FinishBy == null).OrderBy(t => t.Id), seat.Role, Mine: false, Dated: false);
        }
        // By post too: who holds much elsewhere would else read all of it for the little that is here.
        foreach (var seat in seats)
            yield return new QueuePart(open.Where(t => t.HolderId == me).Where(InSeat([seat])).OrderBy(t => t.FinishBy).ThenBy(t => t.Id), seat.Role, Mine: true, null);
        var seen = seats.ToHashSet();
        foreach (var absent in viewer.ActsFor)
        {
            var id = absent.AccountId;
            var theirs = open.Where(t => !db.Set<CaseRecusal>().Any(r => r.AccountId == id && r.CaseId == t.CaseId));
            foreach (var seat in Seats(absent.Held))
            {
                if (seen.Add(seat))
                {
                    var free = theirs.Where(t => t.HolderId == null).Where(InSeat([seat]));
                    yield return new QueuePart(free.Where(t => t.FinishBy != null).OrderBy(t => t.FinishBy).ThenBy(t => t.Id), seat.Role, Mine: false, Dated: true) { For = absent };
                    yield return new QueuePart(free.Where(t => t.FinishBy == null).OrderBy(t => t.Id), seat.Role, Mine: false, Dated: false) { For = absent };
                }
                yield return new QueuePart(theirs.Where(t => t.HolderId == id).Where(InSeat([seat])).OrderBy(t => t.FinishBy).ThenBy(t => t.Id), seat.Role, Mine: true, null) { For = absent };
            }
        }
    }

    public static Task<bool> SeesAsync(CivilAffairsDb db, Viewer viewer, Guid caseId, CancellationToken cancel = default) =>
        db.Set<Case>().AsNoTracking().OneVisibleTo(db, viewer, caseId).AnyAsync(cancel);

    /// <summary>
    /// The same for a case of which a task and the viewer's recusal are known: a seat held on the very task is one of the
    /// ways in, and needs no question. Every other way does.
    /// </summary>
    public static Task<bool> SeesAsync(CivilAffairsDb db, Viewer viewer, Case @case, WorkTask task, bool isRecused) =>
        viewer.IsOfficer && !isRecused && @case.Status != Draft && !Roles.WithoutCases.Contains(task.Role) && viewer.Holds(task.Role, task.Division)
            ? Task.FromResult(true)
            : SeesAsync(db, viewer, @case.Id);

    // Who filed it as an agent does not keep it when the authority is over.
    private static IQueryable<CaseParty> AgentOver(CivilAffairsDb db, Viewer viewer)
    {
        var (person, today) = (viewer.PersonId, viewer.Today);
        return db.Set<CaseParty>().Where(p => p.PersonId == person && p.Current && p.Role == PartyRole.Agent && p.SeesUntil < today);
    }

    // A household's other members do not see the applicant's case; who acts for it does, and both who marry or divorce.
    private static IQueryable<CaseParty> AsParty(CivilAffairsDb db, Viewer viewer)
    {
        var person = viewer.PersonId;
        return db.Set<CaseParty>().Where(p => p.PersonId == person && p.Current && p.Sees);
    }

    private static IQueryable<Case> NotRecused(CivilAffairsDb db, Guid me, IQueryable<Case> cases) =>
        cases.Where(c => !db.Set<CaseRecusal>().Any(r => r.AccountId == me && r.CaseId == c.Id));

    private static Expression<Func<Case, bool>> OwnDraft(Guid me) => c => c.Status == Draft && c.FiledById == me;

    private static Expression<Func<Case, bool>> Within(IEnumerable<string> divisions) => divisions.Select(d => d.Length switch
    {
        6 => (Expression<Func<Case, bool>>)(c => c.County == d),
        9 => c => c.Township == d,
        _ => c => c.Village == d,
    }).Aggregate(Either);

    // Values come in through closures, so that they are parameters and one compiled query serves all officers.
    internal static Expression<Func<WorkTask, bool>> InSeat(List<HeldRole> seats) => seats.Count == 0 ? t => false
        : seats.Select(s => { var (role, division) = s; return (Expression<Func<WorkTask, bool>>)(t => t.Role == role && t.Division == division); }).Aggregate(Either);

    internal static Expression<Func<T, bool>> Either<T>(Expression<Func<T, bool>>? a, Expression<Func<T, bool>> b) => a is null ? b : Join(a, b, Expression.OrElse);
    internal static Expression<Func<T, bool>> Both<T>(Expression<Func<T, bool>> a, Expression<Func<T, bool>> b) => Join(a, b, Expression.AndAlso);

    private static Expression<Func<T, bool>> Join<T>(Expression<Func<T, bool>> a, Expression<Func<T, bool>> b, Func<Expression, Expression, BinaryExpression> how) =>
        Expression.Lambda<Func<T, bool>>(how(a.Body, new Renamed(b.Parameters[0], a.Parameters[0]).Visit(b.Body)), a.Parameters[0]);

    private sealed class Renamed(ParameterExpression from, ParameterExpression to) : ExpressionVisitor
    {
        protected override Expression VisitParameter(ParameterExpression node) => node == from ? to : node;
    }

    /// <summary>An officer's postings sorted by the way they lead to cases; what another one covers is left out.</summary>
    private sealed class OfficerScope
    {
        private readonly List<string> oversees;

        public OfficerScope(IEnumerable<HeldRole> postings)
        {
            var held = postings.Where(h => !Roles.WithoutCases.Contains(h.Role)).ToList();
            IsEmpty = held.Count == 0;
            oversees = [.. held.Where(h => Roles.Overseeing.Contains(h.Role)).Select(h => h.Division).Distinct()];
            oversees.RemoveAll(d => oversees.Exists(o => o.Length < d.Length && d.StartsWith(o, StringComparison.Ordinal)));
            Seats = [.. held.Where(h => !Covered(h.Division)).Distinct()];
            Pays = [.. held.Where(h => h.Role == Roles.Payments && !Covered(h.Division)).Select(h => h.Division).Distinct()];
        }

        public bool IsEmpty { get; }
        public List<HeldRole> Seats { get; }
        public List<string> Pays { get; }

        /// <summary>Null: oversees nothing.</summary>
        public Expression<Func<Case, bool>>? Overseen() => oversees.Count == 0 ? null : Both(Within(oversees), c => c.Status != Draft);

        private bool Covered(string division) => oversees.Exists(o => division.StartsWith(o, StringComparison.Ordinal));
    }
}

/// <summary>A part of an officer's queue, in the order of one index.</summary>
/// <param name="Dated">Whether its limits have a last day; null: some do.</param>
internal sealed record QueuePart(IQueryable<WorkTask> Tasks, string Role, bool Mine, bool? Dated)
{
    /// <summary>The absent officer in whose name these would be done; null: in the viewer's own.</summary>
    public ActedFor? For { get; init; }
}
