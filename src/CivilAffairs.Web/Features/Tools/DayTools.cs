using CivilAffairs.Engine.Time;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Api;

namespace CivilAffairs.Web.Features.Tools;

/// <summary>Counting days as the law does (domain §3), for who asks. Pure.</summary>
/// <exception cref="MalformedRequestException">From every method: a value is off, or the count reaches a year whose calendar is not loaded; the message says which.</exception>
internal static class DayTools
{
    /// <summary>A hundred years of months.</summary>
    private const int MostMonths = 1_200;

    /// <summary>The last day of a limit 期限 that begins on <paramref name="start"/>, which is not counted itself.</summary>
    /// <param name="start">The day of the event.</param>
    /// <param name="workdays">Working days 工作日; exactly one of the three counts is given.</param>
    /// <param name="days">Calendar days.</param>
    /// <param name="months">Same day-number, else month-end.</param>
    /// <param name="plain">Days and months do not roll to the next working day 顺延.</param>
    /// <param name="calendar">The loaded years.</param>
    public static DeadlineAnswer Deadline(DateOnly start, int? workdays, int? days, int? months, bool plain, WorkCalendar calendar)
    {
        if (new[] { workdays, days, months }.Count(c => c is not null) != 1) throw Malformed(workdays is null && days is null && months is null ? "workdays" : "days", "deadline.one");
        if (workdays is { } wanted)
        {
            var last = WorkDays.AddWd(start, Checked("workdays", wanted, Limits.MaxCount), calendar) ?? throw NoCalendar("start", start, calendar);
            return new(last, [.. Between(start.AddDays(1), last).Where(d => calendar.IsWorkday(d) == false)]);
        }
        var whole = days is { } n ? Far(start.DayNumber + Checked("days", n, Limits.MaxCount)) : Far(start, Checked("months", months!.Value, MostMonths));
        if (plain) return new(whole, []);
        var rolled = WorkDays.Roll(whole, calendar) ?? throw NoCalendar("start", whole, calendar);
        return new(rolled, [.. Between(whole, rolled.AddDays(-1))]);
    }

    /// <summary>The cooling-off period 冷静期 of a divorce, and the days on which both get the certificate (民法典 1077).</summary>
    /// <param name="receipt">Day of the receipt 回执单.</param>
    /// <param name="cooling">Limit text of the matter's parameter, for example <c>30d</c>.</param>
    /// <param name="window">Likewise, counted from the last day of the first.</param>
    /// <param name="calendar">The loaded years.</param>
    public static DivorceWindowAnswer DivorceWindow(DateOnly receipt, string cooling, string window, WorkCalendar calendar)
    {
        if (receipt.Year >= DateOnly.MaxValue.Year) throw Malformed("receipt", "day.far");
        var end = Limits.Compute(cooling, receipt, calendar).LastDay ?? throw NoCalendar("receipt", receipt, calendar);
        var last = Limits.Compute(window, end, calendar).LastDay ?? throw NoCalendar("receipt", end, calendar);
        return new(end, end.AddDays(1), last);
    }

    /// <summary>A certificate's last day 有效期, its reminders, and until when its renewal is to be applied for.</summary>
    /// <param name="issued">Day of issue.</param>
    /// <param name="years">Whole years of validity.</param>
    /// <param name="reminders">As the certificate's matter says them.</param>
    /// <param name="applyBefore">Days before the last day by which the renewal is applied for.</param>
    /// <param name="calendar">The loaded years; where the last is missing, the practical day is null.</param>
    public static CertificateAnswer Certificate(DateOnly issued, int years, IEnumerable<DayReminder> reminders, int applyBefore, WorkCalendar calendar)
    {
        const int most = 100;
        if (years is < 1 or > most) throw Malformed("years", "years.count", most);
        if (issued.Year + years > DateOnly.MaxValue.Year) throw Malformed("issued", "day.far");
        var expires = WorkDays.ValidThrough(issued, years);
        var (legal, practical) = WorkDays.Before(expires, applyBefore, calendar);
        return new(expires, [.. reminders.Select(r => r.DayOf(expires)).Distinct().Order()], legal, practical);
    }

    private static int Checked(string field, int count, int most) => count >= 0 && count <= most ? count : throw Malformed(field, "deadline.count", most);

    private static DateOnly Far(int dayNumber) => dayNumber <= DateOnly.MaxValue.DayNumber ? DateOnly.FromDayNumber(dayNumber) : throw Malformed("start", "day.far");

    private static DateOnly Far(DateOnly start, int months) => start.Year + months / 12 + 1 <= DateOnly.MaxValue.Year ? start.AddMonths(months) : throw Malformed("start", "day.far");

    private static IEnumerable<DateOnly> Between(DateOnly first, DateOnly last)
    {
        for (var day = first; day <= last; day = day.AddDays(1)) yield return day;
    }

    /// <summary>Names the first year from <paramref name="from"/> on that is not there: the count could not go on at it.</summary>
    private static MalformedRequestException NoCalendar(string field, DateOnly from, WorkCalendar calendar)
    {
        var year = from.Year;
        while (calendar.Knows(year)) year++;
        return Malformed(field, "calendar.missing", year);
    }

    private static MalformedRequestException Malformed(string field, string key, params object?[] arguments) => new(field, ToolTexts.In(key, "zh-CN", arguments), ToolTexts.In(key, "en", arguments));
}
