using CivilAffairs.Engine.Time;
using CivilAffairs.Web.Features.Cases.Model;

namespace CivilAffairs.Web.Features.Cases.Words;

/// <summary>How pressing a limit is, most pressing first.</summary>
public enum Urgency { Late, Amber, Due, Unknown, Paused, None }

/// <summary>Where a limit stands on one day.</summary>
/// <param name="Days">Days left including the last one, or days past it; 0 on the last day.</param>
/// <param name="InWorkDays">Whether <paramref name="Days"/> counts working days; days past are always calendar days.</param>
public sealed record LimitState(Urgency Urgency, int Days, bool InWorkDays, DateOnly? LastDay)
{
    /// <param name="limit">As the definition says it: <c>12wd</c> or <c>none</c>.</param>
    /// <param name="lastDay">Null: none, or not known yet.</param>
    /// <param name="amberFrom">First amber day.</param>
    /// <param name="today">The bureau's day.</param>
    /// <param name="calendar">Counts what is left; where it does not reach, calendar days are told.</param>
    public static LimitState Of(string? limit, DateOnly? lastDay, DateOnly? amberFrom, DateOnly today, WorkCalendar calendar)
    {
        ArgumentNullException.ThrowIfNull(calendar);
        if (lastDay is not { } last) return new(limit is null or "none" ? Urgency.None : Urgency.Unknown, 0, false, null);
        if (last < today) return new(Urgency.Late, today.DayNumber - last.DayNumber, false, last);
        var urgency = amberFrom <= today ? Urgency.Amber : Urgency.Due;
        return limit!.EndsWith("wd", StringComparison.Ordinal) && WorkDays.Between(today, last, calendar) is { } left
            ? new(urgency, left, true, last)
            : new(urgency, last.DayNumber - today.DayNumber, false, last);
    }

    public static LimitState Of(WorkTask task, DateOnly today, WorkCalendar calendar)
    {
        ArgumentNullException.ThrowIfNull(task);
        return Of(task.FinishLimit, task.FinishBy, task.AmberFrom, today, calendar);
    }

    /// <summary>The case's statutory clock; null before it started or after it stopped.</summary>
    public static LimitState? Of(LegalClock clock, DateOnly today, WorkCalendar calendar)
    {
        ArgumentNullException.ThrowIfNull(clock);
        if (clock.StartedOn is null || clock.StoppedOn is not null) return null;
        return clock is { PausedOn: not null, ResumedOn: null } ? new(Urgency.Paused, 0, false, null) : Of(clock.LimitText, clock.DueOn, clock.AmberFrom, today, calendar);
    }
}
