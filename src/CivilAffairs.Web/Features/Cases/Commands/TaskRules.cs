using System.Text.Json;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Commands;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Cases.Commands;

/// <summary>Who may sit on a task: posting, separation of duties of matter and definition, and recusal.</summary>
internal sealed class TaskRules(MatterLibrary library)
{
    /// <exception cref="NotAllowedException">With the reason.</exception>
    public async Task RequireAsync(Viewer viewer, OpenedTask opened)
    {
        var revision = await library.RevisionAsync(opened.Case.Revision).ConfigureAwait(false);
        if (Refusal(viewer, opened.Case, opened.Task, opened.IsRecused, opened.Mine, revision) is { } refusal) throw refusal;
    }

    /// <returns>Null: the viewer may take and close it.</returns>
    /// <param name="whoeverHoldsIt">True: whether the viewer could do it, were it free.</param>
    public async Task<NotAllowedException?> RefusalAsync(Platform.Data.CivilAffairsDb db, Viewer viewer, Case @case, WorkTask task, bool whoeverHoldsIt = false)
    {
        var recused = await db.Set<CaseRecusal>().AnyAsync(r => r.CaseId == @case.Id && r.AccountId == viewer.AccountId).ConfigureAwait(false);
        var mine = await db.Set<WorkTask>().AsNoTracking()
            .Where(t => t.CaseId == @case.Id && t.Id != task.Id && (t.ClosedById == viewer.AccountId || (t.State == TaskState.Open && t.HolderId == viewer.AccountId)))
            .ToListAsync().ConfigureAwait(false);
        return Refusal(viewer, @case, task, recused, mine, await library.RevisionAsync(@case.Revision).ConfigureAwait(false), whoeverHoldsIt);
    }

    /// <summary>The same of all open tasks of a case at once, for its page: as many queries for twenty as for one.</summary>
    /// <param name="tasks">All tasks of the case.</param>
    /// <returns>By task; one that is not named is the viewer's to do.</returns>
    public async Task<Dictionary<Guid, NotAllowedException>> RefusalsAsync(Platform.Data.CivilAffairsDb db, Viewer viewer, Case @case, IReadOnlyCollection<WorkTask> tasks)
    {
        var refusals = new Dictionary<Guid, NotAllowedException>();
        var recused = await db.Set<CaseRecusal>().AnyAsync(r => r.CaseId == @case.Id && r.AccountId == viewer.AccountId).ConfigureAwait(false);
        var revision = await library.RevisionAsync(@case.Revision).ConfigureAwait(false);
        var mine = tasks.Where(t => t.ClosedById == viewer.AccountId || (t.State == TaskState.Open && t.HolderId == viewer.AccountId)).ToList();
        foreach (var task in tasks.Where(t => t.State == TaskState.Open))
            if (Refusal(viewer, @case, task, recused, mine.FindAll(t => t.Id != task.Id), revision) is { } refusal) refusals[task.Id] = refusal;
        return refusals;
    }

    /// <param name="mine">The viewer's other tasks of the case, held or done.</param>
    private static NotAllowedException? Refusal(Viewer viewer, Case @case, WorkTask task, bool isRecused, IReadOnlyList<WorkTask> mine, MatterRevision revision, bool whoeverHoldsIt = false)
    {
        if (viewer.IsSystem) return null;
        if (task.Role == Roles.Applicant) return MayActForApplicant(viewer, @case, revision) ? null : new NotAllowedException("task.applicantOnly");
        if (Roles.WithoutCases.Contains(task.Role) || !viewer.Holds(task.Role, task.Division)) return new NotAllowedException("task.notYourRole", task.Role);
        if (!whoeverHoldsIt && task.HolderId is { } holder && holder != viewer.AccountId) return new NotAllowedException("task.heldByOther", task.HolderName ?? "");
        if (isRecused) return new NotAllowedException("task.recused");
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
