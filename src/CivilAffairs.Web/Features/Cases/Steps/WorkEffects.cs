using System.Text.Json;
using System.Text.Json.Nodes;
using CivilAffairs.Engine.Port;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Cases.Steps;

/// <summary>Tasks of officers and applicants, and the timers beside them.</summary>
internal sealed class WorkEffects : IEffectHandler
{
    public IReadOnlyList<Type> Effects { get; } = [typeof(CreateTask), typeof(CreateApplicantTask), typeof(CancelTask), typeof(CreateTimer), typeof(CancelTimer)];

    public async ValueTask<JsonNode?> ApplyAsync(Effect effect, CaseStep step)
    {
        switch (effect)
        {
            case CreateTask task:
                step.Db.Add(Officer(task, step));
                break;
            case CreateApplicantTask task:
                step.Db.Add(Applicant(task, step));
                break;
            case CancelTask cancel:
                foreach (var task in await OpenAsync(step, cancel.BookmarkId!).ConfigureAwait(false))
                    if (cancel.Seat is null || cancel.Seat == task.Seat) (task.State, task.ClosedAt) = (TaskState.Cancelled, step.Now);
                break;
            case CreateTimer timer:
                step.Db.Add(new CaseTimer { CaseId = step.Case.Id, InstanceId = step.Instance.Id, BookmarkId = timer.BookmarkId!, ActivityId = timer.ActivityId, DueAt = timer.DueAt, LimitText = timer.LimitText });
                break;
            case CancelTimer cancel:
                var pending = step.Db.Set<CaseTimer>().Local.FirstOrDefault(t => t.InstanceId == step.Instance.Id && t.BookmarkId == cancel.BookmarkId)
                    ?? await step.Db.Set<CaseTimer>().FirstOrDefaultAsync(t => t.InstanceId == step.Instance.Id && t.BookmarkId == cancel.BookmarkId).ConfigureAwait(false);
                if (pending is { State: TimerState.Waiting }) pending.State = TimerState.Cancelled;
                break;
        }
        return null;
    }

    /// <summary>
    /// Of two branches that meet, the one recorded last may tell of the earlier day: the task cannot have been done before
    /// the later one, though its limits count from the earlier, so that nobody gets more time by the order of the records.
    /// </summary>
    private static WorkTask Officer(CreateTask task, CaseStep step) => new()
    {
        OpenedOn = step.Case.LatestOn ?? step.OccurredOn, CountedFrom = task.FinishWithin.CountedFrom ?? task.StartWithin.CountedFrom, Source = task.Source,
        StartSource = Source(task.StartWithin, step), FinishSource = Source(task.FinishWithin, step),
        CaseId = step.Case.Id, Matter = step.Case.Matter, InstanceId = step.Instance.Id, BookmarkId = task.BookmarkId!, ActivityId = task.ActivityId, Seat = task.Seat,
        Role = task.Role, Division = step.Case.DivisionAt(task.Level), TitleZh = task.Title.Zh, TitleEn = task.Title.En, Form = task.Form,
        Outcomes = JsonSerializer.Serialize(task.Outcomes), NotSameAs = JsonSerializer.Serialize(task.NotSameAs),
        StartLimit = task.StartWithin.Text == "none" ? null : task.StartWithin.Text, StartBy = task.StartWithin.LastDay,
        FinishLimit = task.FinishWithin.Text, FinishBy = task.FinishWithin.LastDay, AmberFrom = task.FinishWithin.AmberFrom, WatchOn = task.FinishWithin.AmberFrom,
        NoLimitReason = task.NoLimitReason, CreatedAt = step.Now,
    };

    private static WorkTask Applicant(CreateApplicantTask task, CaseStep step) => new()
    {
        // They hear of it today: their days count from now, and so does what they can have done.
        OpenedOn = step.Today, CountedFrom = task.FinishWithin.CountedFrom, FinishSource = Source(task.FinishWithin, step),
        CaseId = step.Case.Id, Matter = step.Case.Matter, InstanceId = step.Instance.Id, BookmarkId = task.BookmarkId!, ActivityId = task.ActivityId,
        Role = Roles.Applicant, Division = step.Case.DivisionAt("township"), Kind = task.Kind, TitleZh = task.Title.Zh, TitleEn = task.Title.En, Form = task.Form,
        Outcomes = JsonSerializer.Serialize(task.Outcomes), FinishLimit = task.FinishWithin.Text, FinishBy = task.FinishWithin.LastDay,
        AmberFrom = task.FinishWithin.AmberFrom, WatchOn = task.FinishWithin.AmberFrom, PausesClock = task.PausesClock, CreatedAt = step.Now,
    };

    /// <summary>Mark and source of the parameters that gave a limit, as they are on the day; null: the definition wrote it out.</summary>
    internal static string? Source(Limit limit, CaseStep step) =>
        limit.ParameterKeys.Select(step.Parameters.Entry).Where(e => Gives(e["value"], limit.Text)).Select(e => (string)e["source"]!).FirstOrDefault();

    /// <summary>Whether the limit is this value: others decided only which one counts (<c>who decides</c>).</summary>
    private static bool Gives(JsonNode? value, string limit) =>
        value is JsonValue one && (one.GetValueKind() == JsonValueKind.Number ? one.ToJsonString() == limit.TrimEnd('w', 'd', 'p', 'M', 'y') : one.GetValueKind() == JsonValueKind.String && (string)one! == limit);

    /// <summary>The open seats of a bookmark, those made in this very decision included.</summary>
    internal static async Task<IReadOnlyList<WorkTask>> OpenAsync(CaseStep step, string bookmark)
    {
        await step.Db.Set<WorkTask>().Where(t => t.InstanceId == step.Instance.Id && t.BookmarkId == bookmark && t.State == TaskState.Open).LoadAsync().ConfigureAwait(false);
        return [.. step.Db.Set<WorkTask>().Local.Where(t => t.InstanceId == step.Instance.Id && t.BookmarkId == bookmark && t.State == TaskState.Open)];
    }
}

/// <summary>Status and legal clock of the case.</summary>
internal sealed class CaseEffects(Platform.Time.Calendars calendars) : IEffectHandler
{
    public IReadOnlyList<Type> Effects { get; } = [typeof(SetStatus), typeof(SetCaseClock)];

    public async ValueTask<JsonNode?> ApplyAsync(Effect effect, CaseStep step)
    {
        switch (effect)
        {
            case SetStatus set:
                step.Case.Status = set.Status;
                if (set.Status == "Accepted") step.Case.AcceptedOn ??= set.On ?? step.OccurredOn;
                if (CaseDecision.Outcomes.Contains(set.Status)) await Decisions.AddAsync(step, set.Status).ConfigureAwait(false);
                break;
            case SetCaseClock set:
                Turn(step.Case, set);
                if (set.Limit is not null && set.Action is "Start" or "Extend") step.Case.Clock.LimitSource = WorkEffects.Source(set.Limit!, step) ?? set.Source;
                break;
        }
        return null;
    }

    private void Turn(Case @case, SetCaseClock set)
    {
        var clock = @case.Clock;
        switch (set.Action)
        {
            case "Start":
                (clock.StartedOn, clock.LimitText, clock.StoppedOn) = (set.Day, set.Limit?.Text, null);
                break;
            case "Extend":
                clock.LimitText = set.Limit?.Text ?? clock.LimitText;
                break;
            case "Pause":
                (clock.PausedOn, clock.ResumedOn) = (set.Day, null);
                break;
            case "Resume":
                clock.ResumedOn = clock.PausedOn is null ? null : set.Day;
                break;
            case "Stop":
                clock.StoppedOn = set.Day;
                break;
        }
        Recompute(@case, calendars.Working);
    }

    /// <summary>Always from day zero: an extension counts from acceptance, not from the day it was given. Its reminders are looked at anew.</summary>
    internal static void Recompute(Case @case, Engine.Time.WorkCalendar calendar)
    {
        var clock = @case.Clock;
        if (clock.StartedOn is not { } start || clock.LimitText is not { } text) return;
        // A pause before the clock started was the intake's, not the clock's.
        Engine.Time.Pause[] pauses = clock.PausedOn is { } from && from >= start ? [new(from, clock.ResumedOn)] : [];
        var limit = Engine.Time.Limits.Compute(text, start, calendar, pauses);
        (clock.DueOn, clock.AmberFrom) = (limit.LastDay, limit.AmberFrom);
        @case.WatchOn = clock.StoppedOn is null ? clock.AmberFrom : null;
    }
}

internal static class CasePlaces
{
    /// <summary>The division at a level: <c>village</c>, <c>township</c>, else the county; the next wider one where the case names none.</summary>
    public static string DivisionAt(this Case @case, string level) => level switch
    {
        "village" => @case.Village ?? @case.Township ?? @case.County,
        "township" => @case.Township ?? @case.County,
        _ => @case.County,
    };
}
