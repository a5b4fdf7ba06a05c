namespace CivilAffairs.Engine.Time;

/// <summary>
/// Counting days as the law counts them (domain §3; 民法典 201–203): the start day is not counted, and nothing is ever
/// guessed about a year whose calendar is not loaded.
/// </summary>
public static class WorkDays
{
    /// <summary>The <paramref name="n"/>-th working day 工作日 after <paramref name="start"/>.</summary>
    /// <param name="start">The day of the event; it need not be a working day.</param>
    /// <param name="n">Working days, 0 or more; 0 is the start day itself.</param>
    /// <param name="calendar">The loaded years.</param>
    /// <returns>Null where the count reaches a year that is not loaded.</returns>
    public static DateOnly? AddWd(DateOnly start, int n, WorkCalendar calendar)
    {
        ArgumentNullException.ThrowIfNull(calendar);
        ArgumentOutOfRangeException.ThrowIfNegative(n);
        var day = start;
        for (var counted = 0; counted < n;)
        {
            if (day == DateOnly.MaxValue) return null;
            day = day.AddDays(1);
            if (calendar.IsWorkday(day) is not { } workday) return null;
            if (workday) counted++;
        }
        return day;
    }

    /// <summary>How many working days there are after <paramref name="first"/>, through <paramref name="last"/>; 0 where it is not later.</summary>
    /// <returns>Null where a year between them is not loaded.</returns>
    public static int? Between(DateOnly first, DateOnly last, WorkCalendar calendar)
    {
        ArgumentNullException.ThrowIfNull(calendar);
        var days = 0;
        for (var day = first; day < last;)
        {
            day = day.AddDays(1);
            if (calendar.IsWorkday(day) is not { } workday) return null;
            if (workday) days++;
        }
        return days;
    }

    /// <summary>The last of <paramref name="n"/> calendar days after <paramref name="start"/>, rolled to the next working day.</summary>
    /// <returns>Null where the last day, or the day it rolls to, lies in a year that is not loaded.</returns>
    public static DateOnly? AddDays(DateOnly start, int n, WorkCalendar calendar)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(n);
        return Roll(start.AddDays(n), calendar);
    }

    /// <summary>The day <paramref name="n"/> months after <paramref name="start"/> (same day-number, else month-end), rolled like a day limit.</summary>
    public static DateOnly? AddMonths(DateOnly start, int n, WorkCalendar calendar)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(n);
        return Roll(start.AddMonths(n), calendar);
    }

    /// <summary>The first working day on or after <paramref name="day"/>; null where that is not known.</summary>
    public static DateOnly? Roll(DateOnly day, WorkCalendar calendar)
    {
        ArgumentNullException.ThrowIfNull(calendar);
        for (; ; day = day.AddDays(1))
        {
            if (calendar.IsWorkday(day) is not { } workday) return null;
            if (workday) return day;
            if (day == DateOnly.MaxValue) return null;
        }
    }

    /// <summary>
    /// The first working day after <paramref name="day"/>: when the step after a public notice 公示 may start. The
    /// notice's own days are plain and never rolled.
    /// </summary>
    public static DateOnly? NextWorkday(DateOnly day, WorkCalendar calendar) => Roll(day.AddDays(1), calendar);

    /// <summary>A limit counted backward, "<paramref name="n"/> days before <paramref name="day"/>": not rolled.</summary>
    /// <returns>The legal date, and the working day on or before it to show people (null where that year is not loaded).</returns>
    public static (DateOnly Legal, DateOnly? Practical) Before(DateOnly day, int n, WorkCalendar calendar)
    {
        ArgumentNullException.ThrowIfNull(calendar);
        ArgumentOutOfRangeException.ThrowIfNegative(n);
        var legal = day.AddDays(-n);
        for (var practical = legal; ; practical = practical.AddDays(-1))
        {
            if (calendar.IsWorkday(practical) is not { } workday) return (legal, null);
            if (workday) return (legal, practical);
        }
    }

    /// <summary>The last day of validity 有效期 of something issued for whole years: issue + n years − 1 day, never rolled.</summary>
    public static DateOnly ValidThrough(DateOnly issued, int years) => issued.AddYears(years).AddDays(-1);
}
