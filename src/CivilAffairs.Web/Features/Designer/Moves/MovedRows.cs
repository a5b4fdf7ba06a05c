using System.Text.Json;
using CivilAffairs.Engine.Port;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Cases.Steps;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Designer.Moves;

/// <summary>
/// The rows of a case that a move relabels: open tasks and the timers beside them (docs/adr/0076). Nobody is given work and
/// nobody's work is taken, unless the post that does it is another now: then the task is back with that post's queue.
/// </summary>
internal static class MovedRows
{
    /// <param name="before">Is told what was.</param>
    public static async Task ApplyAsync(CaseStep step, PlacementResult placement, IEnumerable<WorkTask> open, bool newLimits, MoveBefore before)
    {
        var next = placement.Waits.ToDictionary(w => w.BookmarkId, w => w.Next!.Id);
        var asks = placement.Asks.ToDictionary(a => a.BookmarkId!);
        foreach (var task in open.Where(t => t.InstanceId == step.Instance.Id))
        {
            var kept = TaskBefore.Of(task);
            if (next.TryGetValue(task.BookmarkId, out var activity)) task.ActivityId = activity;
            switch (asks.GetValueOrDefault(task.BookmarkId))
            {
                case CreateTask ask:
                    Label(task, ask.Title, ask.Form, ask.Outcomes);
                    (task.NotSameAs, task.Source, task.NoLimitReason) = (JsonSerializer.Serialize(ask.NotSameAs), ask.Source, newLimits ? ask.NoLimitReason : task.NoLimitReason);
                    var division = step.Case.DivisionAt(ask.Level);
                    if ((task.Role, task.Division) != (ask.Role, division))
                    {
                        (task.Role, task.Division) = (ask.Role, division);
                        (task.HolderId, task.HolderName, task.GivenAt, task.GivenBy, task.StrandedAt) = (null, null, null, null, null);
                        kept = kept with { Returned = true };
                    }
                    if (newLimits)
                    {
                        Limit(task, ask, step);
                        kept = kept with { Limited = true };
                    }
                    break;
                case CreateApplicantTask ask:
                    // They were told their last day by letter.
                    Label(task, ask.Title, ask.Form, ask.Outcomes);
                    break;
            }
            before.Tasks.Add(kept);
        }
        foreach (var timer in await step.Db.Set<CaseTimer>().Where(t => t.InstanceId == step.Instance.Id && t.State == TimerState.Waiting).ToListAsync().ConfigureAwait(false))
            if (next.TryGetValue(timer.BookmarkId, out var activity) && activity != timer.ActivityId)
            {
                before.Timers.Add(new TimerBefore(timer.Id, timer.ActivityId));
                timer.ActivityId = activity;
            }
    }

    /// <summary>Whether the same tasks are open, in the hands in which the move left them.</summary>
    public static bool Untouched(MoveBefore before, IReadOnlyList<WorkTask> open) =>
        open.Count == before.Tasks.Count && open.All(t => before.Tasks.Find(b => b.Id == t.Id) is { } was && t.HolderId == (was.Returned ? null : was.HolderId));

    public static async Task RestoreAsync(CaseStep step, MoveBefore before, IReadOnlyList<WorkTask> open)
    {
        foreach (var task in open) before.Tasks.First(b => b.Id == task.Id).Restore(task);
        var ids = before.Timers.ConvertAll(t => t.Id);
        foreach (var timer in await step.Db.Set<CaseTimer>().Where(t => ids.Contains(t.Id)).ToListAsync().ConfigureAwait(false)) timer.ActivityId = before.Timers.First(t => t.Id == timer.Id).ActivityId;
    }

    private static void Label(WorkTask task, LocalText title, string? form, IReadOnlyList<string> outcomes) =>
        (task.TitleZh, task.TitleEn, task.Form, task.Outcomes) = (title.Zh, title.En, form, JsonSerializer.Serialize(outcomes));

    /// <summary>Counted from the day on which it began, as every limit: nobody gets more time because a definition changed.</summary>
    private static void Limit(WorkTask task, CreateTask ask, CaseStep step)
    {
        (task.StartLimit, task.StartBy, task.StartSource) = (ask.StartWithin.Text == "none" ? null : ask.StartWithin.Text, ask.StartWithin.LastDay, WorkEffects.Source(ask.StartWithin, step));
        (task.FinishLimit, task.FinishBy, task.FinishSource) = (ask.FinishWithin.Text, ask.FinishWithin.LastDay, WorkEffects.Source(ask.FinishWithin, step));
        task.CountedFrom = ask.FinishWithin.CountedFrom ?? ask.StartWithin.CountedFrom;
        (task.AmberFrom, task.WatchOn) = (ask.FinishWithin.AmberFrom, ask.FinishWithin.AmberFrom);
    }
}

/// <summary>What a move changed of a case, as it was.</summary>
/// <param name="State">Of the instance.</param>
/// <param name="Revision">Of the instance.</param>
internal sealed record MoveBefore(string State, string Revision, string CaseRevision, List<TaskBefore> Tasks, List<TimerBefore> Timers);

internal sealed record TimerBefore(Guid Id, string ActivityId);

/// <param name="Returned">The move gave it back to a queue.</param>
/// <param name="Limited">The move gave it other limits.</param>
internal sealed record TaskBefore(Guid Id, string ActivityId, string Role, string Division, string TitleZh, string TitleEn, string? Form, string Outcomes, string NotSameAs, string? Source,
    string? StartLimit, string? StartSource, DateOnly? StartBy, string FinishLimit, string? FinishSource, DateOnly? CountedFrom, DateOnly? FinishBy, DateOnly? AmberFrom, string? NoLimitReason, DateOnly? WatchOn,
    Guid? HolderId, string? HolderName, DateTimeOffset? GivenAt, string? GivenBy, DateTimeOffset? StrandedAt, bool Returned = false, bool Limited = false)
{
    public static TaskBefore Of(WorkTask t) => new(t.Id, t.ActivityId, t.Role, t.Division, t.TitleZh, t.TitleEn, t.Form, t.Outcomes, t.NotSameAs, t.Source, t.StartLimit, t.StartSource, t.StartBy,
        t.FinishLimit, t.FinishSource, t.CountedFrom, t.FinishBy, t.AmberFrom, t.NoLimitReason, t.WatchOn, t.HolderId, t.HolderName, t.GivenAt, t.GivenBy, t.StrandedAt);

    public void Restore(WorkTask t)
    {
        (t.ActivityId, t.Role, t.Division, t.TitleZh, t.TitleEn, t.Form, t.Outcomes, t.NotSameAs, t.Source) = (ActivityId, Role, Division, TitleZh, TitleEn, Form, Outcomes, NotSameAs, Source);
        // What the move left alone may have gone on since: a calendar that was loaded, a reminder that was sent.
        if (Limited) (t.StartLimit, t.StartSource, t.StartBy, t.FinishLimit, t.FinishSource, t.CountedFrom, t.FinishBy, t.AmberFrom, t.NoLimitReason, t.WatchOn) =
            (StartLimit, StartSource, StartBy, FinishLimit, FinishSource, CountedFrom, FinishBy, AmberFrom, NoLimitReason, WatchOn);
        if (Returned) (t.HolderId, t.HolderName, t.GivenAt, t.GivenBy, t.StrandedAt) = (HolderId, HolderName, GivenAt, GivenBy, StrandedAt);
    }
}
