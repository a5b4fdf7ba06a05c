using System.Text.Json;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Commands;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Cases.Commands;

/// <summary>
/// Who may sit on a task: posting, separation of duties of matter and definition, and recusal. A deputy 代理人 does an absent
/// officer's task in that officer's name; then separation and recusal hold for both of them. What somebody did in another's
/// name counts as done by both.
/// </summary>
internal sealed class TaskRules(MatterLibrary library)
{
    /// <returns>The absent officer in whose name the viewer does it; null: in their own.</returns>
    /// <exception cref="NotAllowedException">With the reason.</exception>
    public async Task<ActedFor?> RequireAsync(Viewer viewer, OpenedTask opened)
    {
        var revision = await library.RevisionAsync(opened.Case.Revision).ConfigureAwait(false);
        var (refusal, absent) = Judge(viewer, opened.Case, opened.Task, opened.IsRecused, opened.Mine, opened.Absent, revision);
        return refusal is null ? absent : throw refusal;
    }

    /// <returns>Null: the viewer may take and close it.</returns>
    /// <param name="whoeverHoldsIt">True: whether the viewer could do it, were it free.</param>
    public async Task<NotAllowedException?> RefusalAsync(Platform.Data.CivilAffairsDb db, Viewer viewer, Case @case, WorkTask task, bool whoeverHoldsIt = false)
    {
        var recused = await db.Set<CaseRecusal>().AnyAsync(r => r.CaseId == @case.Id && r.AccountId == viewer.AccountId).ConfigureAwait(false);
        var mine = await db.Set<WorkTask>().AsNoTracking()
            .Where(t => t.CaseId == @case.Id && t.Id != task.Id && (t.ClosedById == viewer.AccountId || t.ClosedForId == viewer.AccountId || (t.State == TaskState.Open && t.HolderId == viewer.AccountId)))
            .ToListAsync().ConfigureAwait(false);
        var absent = await AbsentColleagues.ReadAsync(db, viewer, @case.Id).ConfigureAwait(false);
        return Judge(viewer, @case, task, recused, mine, absent, await library.RevisionAsync(@case.Revision).ConfigureAwait(false), whoeverHoldsIt).Refusal;
    }

    /// <summary>The same of all open tasks of a case at once, for its page: as many queries for twenty as for one.</summary>
    /// <param name="tasks">All tasks of the case.</param>
    /// <returns>By task; one that is not named is the viewer's to do.</returns>
    public async Task<Dictionary<Guid, NotAllowedException>> RefusalsAsync(Platform.Data.CivilAffairsDb db, Viewer viewer, Case @case, IReadOnlyCollection<WorkTask> tasks)
    {
        var refusals = new Dictionary<Guid, NotAllowedException>();
        var recused = await db.Set<CaseRecusal>().AnyAsync(r => r.CaseId == @case.Id && r.AccountId == viewer.AccountId).ConfigureAwait(false);
        var revision = await library.RevisionAsync(@case.Revision).ConfigureAwait(false);
        var mine = tasks.Where(t => t.IsOf(viewer.AccountId)).ToList();
        var absent = await AbsentColleagues.ReadAsync(db, viewer, @case.Id).ConfigureAwait(false);
        foreach (var task in tasks.Where(t => t.State == TaskState.Open))
            if (Judge(viewer, @case, task, recused, mine.FindAll(t => t.Id != task.Id), absent, revision).Refusal is { } refusal) refusals[task.Id] = refusal;
        return refusals;
    }

    /// <summary>Whether somebody could take tasks of many cases, were they free: as many queries for hundreds of tasks and dozens of people as for one.</summary>
    /// <param name="viewers">Each in their own name alone.</param>
    /// <param name="cases">Those of the tasks, by id.</param>
    /// <returns>By task and account; a pair that is not named is theirs to take.</returns>
    public async Task<Dictionary<(Guid Task, Guid Account), NotAllowedException>> RefusalsAsync(Platform.Data.CivilAffairsDb db, IReadOnlyCollection<Viewer> viewers, IReadOnlyDictionary<Guid, Case> cases, IReadOnlyCollection<WorkTask> tasks)
    {
        var (people, ids, refusals) = (viewers.Select(v => v.AccountId).ToList(), cases.Keys.ToList(), new Dictionary<(Guid, Guid), NotAllowedException>());
        var recused = (await db.Set<CaseRecusal>().Where(r => EF.Parameter(people).Contains(r.AccountId) && EF.Parameter(ids).Contains(r.CaseId)).Select(r => new { r.CaseId, r.AccountId }).ToListAsync().ConfigureAwait(false)).Select(r => (r.CaseId, r.AccountId)).ToHashSet();
        var theirs = (await db.Set<WorkTask>().AsNoTracking().Where(t => EF.Parameter(ids).Contains(t.CaseId)
            && (EF.Parameter(people).Contains(t.ClosedById!.Value) || EF.Parameter(people).Contains(t.ClosedForId!.Value) || (t.State == TaskState.Open && EF.Parameter(people).Contains(t.HolderId!.Value)))).ToListAsync().ConfigureAwait(false)).ToLookup(t => t.CaseId);
        foreach (var task in tasks)
        {
            var @case = cases[task.CaseId];
            var revision = await library.RevisionAsync(@case.Revision).ConfigureAwait(false);
            foreach (var viewer in viewers)
                if (Refusal(viewer, @case, task, recused.Contains((@case.Id, viewer.AccountId)), [.. theirs[@case.Id].Where(t => t.Id != task.Id && t.IsOf(viewer.AccountId))], revision, whoeverHoldsIt: true) is { } refusal) refusals[(task.Id, viewer.AccountId)] = refusal;
        }
        return refusals;
    }

    /// <summary>In one's own name where one holds the post; else in that of an absent officer who holds it, if both may.</summary>
    private static (NotAllowedException? Refusal, ActedFor? Absent) Judge(Viewer viewer, Case @case, WorkTask task, bool isRecused, IReadOnlyList<WorkTask> mine, AbsentColleagues others, MatterRevision revision, bool whoeverHoldsIt = false)
    {
        var own = Refusal(viewer, @case, task, isRecused, mine, revision, whoeverHoldsIt);
        if (own is not { Reason: "task.notYourRole" or "task.heldByOther" } || isRecused || Roles.WithoutCases.Contains(task.Role)) return (own, null);
        NotAllowedException? why = null;
        foreach (var absent in viewer.StandsInFor(task.Role, task.Division, task.HolderId))
        {
            var theirs = others.Tasks.Where(t => t.Id != task.Id && t.IsOf(absent.AccountId)).ToList();
            var refusal = Apart(task, mine, revision)
                ?? (others.Recused.Contains(absent.AccountId) ? new NotAllowedException("task.actedFor.recused", absent.Name) : null)
                ?? (Apart(task, theirs, revision) is null ? null : new NotAllowedException("task.actedFor.apart", absent.Name));
            if (refusal is null) return (null, absent);
            why ??= refusal;
        }
        return (why ?? own, null);
    }

    /// <param name="mine">The viewer's other tasks of the case, held or done.</param>
    private static NotAllowedException? Refusal(Viewer viewer, Case @case, WorkTask task, bool isRecused, IReadOnlyList<WorkTask> mine, MatterRevision revision, bool whoeverHoldsIt = false)
    {
        if (viewer.IsSystem) return null;
        if (task.Role == Roles.Applicant) return MayActForApplicant(viewer, @case, revision) ? null : new NotAllowedException("task.applicantOnly");
        if (Roles.WithoutCases.Contains(task.Role) || !viewer.Holds(task.Role, task.Division)) return new NotAllowedException("task.notYourRole", task.Role);
        if (!whoeverHoldsIt && task.HolderId is { } holder && holder != viewer.AccountId) return new NotAllowedException("task.heldByOther", task.HolderName ?? "");
        return isRecused ? new NotAllowedException("task.recused") : Apart(task, mine, revision);
    }

    /// <summary>Separation of duties 职责分离: what this person holds or did of the case, beside the task.</summary>
    private static NotAllowedException? Apart(WorkTask task, IReadOnlyList<WorkTask> mine, MatterRevision revision)
    {
        if (mine.Any(t => t.InstanceId == task.InstanceId && t.BookmarkId == task.BookmarkId)) return new NotAllowedException("task.otherSeat");
        var forbidden = JsonSerializer.Deserialize<string[]>(task.NotSameAs)!;
        if (mine.FirstOrDefault(t => t.State == TaskState.Done && forbidden.Contains(t.ActivityId)) is { } earlier) return new NotAllowedException("task.sameAs", earlier.TitleZh, earlier.TitleEn);
        var held = mine.Select(t => t.Role).ToHashSet();
        var clash = revision.Matter.Separation.Where(s => s.Roles.Contains(task.Role)).SelectMany(s => s.Roles.Select(r => (Role: r, s.Source)))
            .FirstOrDefault(s => s.Role != task.Role && held.Contains(s.Role));
        return clash.Role is null ? null : new NotAllowedException("task.separated", clash.Role, task.Role, clash.Source);
    }

    /// <summary>The applicant, or whoever sits at the counter for a case filed there, or opened ex officio about somebody without an account.</summary>
    private static bool MayActForApplicant(Viewer viewer, Case @case, MatterRevision revision) => viewer.IsOfficer
        ? (@case.Channel == Channel.Counter || @case is { Channel: Channel.Office, ApplicantAccountId: null }) && revision.Matter.MayFileIn(viewer, @case)
        : @case.ApplicantAccountId == viewer.AccountId || (@case.ApplicantAccountId is null && viewer.PersonId is not null);
}

/// <summary>Of the absent officers whom an officer stands in for: who is kept off a case 回避, and their tasks of it, held or done.</summary>
internal sealed record AbsentColleagues(IReadOnlySet<Guid> Recused, IReadOnlyList<WorkTask> Tasks)
{
    private static readonly AbsentColleagues Nobody = new(new HashSet<Guid>(), []);

    /// <summary>No question where the viewer stands in for nobody.</summary>
    public static async Task<AbsentColleagues> ReadAsync(Platform.Data.CivilAffairsDb db, Viewer viewer, Guid caseId)
    {
        if (viewer.ActsFor.Count == 0) return Nobody;
        var ids = viewer.ActsFor.Select(a => a.AccountId).ToList();
        var recused = await db.Set<CaseRecusal>().Where(r => r.CaseId == caseId && EF.Parameter(ids).Contains(r.AccountId)).Select(r => r.AccountId).ToHashSetAsync().ConfigureAwait(false);
        var tasks = await db.Set<WorkTask>().AsNoTracking().Where(t => t.CaseId == caseId).ToListAsync().ConfigureAwait(false);
        return new AbsentColleagues(recused, tasks.FindAll(t => ids.Exists(t.IsOf)));
    }
}
