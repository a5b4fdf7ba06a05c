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
    public async Task RequireAsync(CommandContext context, Case @case, WorkTask task)
    {
        if (await RefusalAsync(context.Db, context.Actor, @case, task).ConfigureAwait(false) is { } refusal) throw refusal;
    }

    /// <returns>Null: the viewer may take and close it.</returns>
    public async Task<NotAllowedException?> RefusalAsync(Platform.Data.CivilAffairsDb db, Viewer viewer, Case @case, WorkTask task)
    {
        if (viewer.IsSystem) return null;
        if (task.Role == "APP") return MayActForApplicant(viewer, @case) ? null : new NotAllowedException("task.applicantOnly");
        if (!viewer.Holds(task.Role, task.Division)) return new NotAllowedException("task.notYourRole", task.Role);
        if (task.HolderId is { } holder && holder != viewer.AccountId) return new NotAllowedException("task.heldByOther", task.HolderName ?? "");
        if (await db.Set<CaseRecusal>().AnyAsync(r => r.CaseId == @case.Id && r.AccountId == viewer.AccountId).ConfigureAwait(false)) return new NotAllowedException("task.recused");

        var mine = await db.Set<WorkTask>().AsNoTracking()
            .Where(t => t.CaseId == @case.Id && t.Id != task.Id && (t.ClosedById == viewer.AccountId || (t.State == TaskState.Open && t.HolderId == viewer.AccountId)))
            .Select(t => new { t.ActivityId, t.Role, t.BookmarkId, t.State, t.TitleZh, t.TitleEn }).ToListAsync().ConfigureAwait(false);
        if (mine.Any(t => t.BookmarkId == task.BookmarkId)) return new NotAllowedException("task.otherSeat");
        var forbidden = JsonSerializer.Deserialize<string[]>(task.NotSameAs)!;
        if (mine.Find(t => t.State == TaskState.Done && forbidden.Contains(t.ActivityId)) is { } earlier) return new NotAllowedException("task.sameAs", earlier.TitleZh, earlier.TitleEn);
        var revision = await library.RevisionAsync(@case.Revision).ConfigureAwait(false);
        var held = mine.Select(t => t.Role).ToHashSet();
        var clash = revision.Matter.Separation.Where(s => s.Roles.Contains(task.Role)).SelectMany(s => s.Roles.Select(r => (Role: r, s.Source)))
            .FirstOrDefault(s => s.Role != task.Role && held.Contains(s.Role));
        return clash.Role is null ? null : new NotAllowedException("task.separated", clash.Role, task.Role, clash.Source);
    }

    /// <summary>The applicant, or the officer who filed the case at the counter for them.</summary>
    private static bool MayActForApplicant(Viewer viewer, Case @case) => viewer.IsOfficer
        ? @case.Channel == Channel.Counter && @case.Township is { } township && viewer.Holds(Roles.Clerk, township)
        : @case.ApplicantAccountId == viewer.AccountId || (@case.ApplicantAccountId is null && viewer.PersonId is not null);
}
