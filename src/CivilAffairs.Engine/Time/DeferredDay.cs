using System.Globalization;

namespace CivilAffairs.Engine.Time;

/// <summary>
/// A day that cannot be told before a calendar is loaded, written so that it can be computed then:
/// <c>nextWorkday:2026-12-31</c>, or <c>after:30d:2026-12-20:1</c> (limit, day it counts from, days after its last day).
/// </summary>
public static class DeferredDay
{
    /// <summary>The first working day after a day.</summary>
    public static string NextWorkday(DateOnly last) => $"nextWorkday:{IsoDay.Write(last)}";

    /// <summary>So many days after the last day of a limit; before it where negative.</summary>
    public static string After(string limit, DateOnly from, int offset) => $"after:{limit}:{IsoDay.Write(from)}:{offset.ToString(CultureInfo.InvariantCulture)}";

    /// <summary>Whether a text is one of these.</summary>
    public static bool Is(string? text) => text is not null && (text.StartsWith("nextWorkday:", StringComparison.Ordinal) || text.StartsWith("after:", StringComparison.Ordinal));

    /// <returns>Null while the calendar does not reach so far, and for a text that is none of these.</returns>
    public static DateOnly? Compute(string? text, WorkCalendar calendar)
    {
        switch ((text ?? "").Split(':'))
        {
            case ["nextWorkday", var last] when IsoDay.Read(last) is { } day:
                return WorkDays.NextWorkday(day, calendar);
            case ["after", var limit, var from, var offset] when IsoDay.Read(from) is { } start && Limits.TryParse(limit, out _) && int.TryParse(offset, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var days):
                return Limits.Compute(limit, start, calendar).LastDay?.AddDays(days);
            default:
                return null;
        }
    }
}
