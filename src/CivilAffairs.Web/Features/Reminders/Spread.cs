using CivilAffairs.Engine.Time;

namespace CivilAffairs.Web.Features.Reminders;

/// <summary>
/// Spreads a month's re-verifications over its working days by village, so that one visit does a village. See docs/adr/0045.
/// The same for the same plan, whatever else is planned.
/// </summary>
internal static class Spread
{
    /// <param name="dueOn">The statutory day; the result is never after it, and never in an earlier month.</param>
    /// <param name="village">Its place in the township's list, from 0.</param>
    /// <param name="villages">How many the township has.</param>
    /// <param name="notBefore">What was planned late cannot open earlier.</param>
    /// <returns>Null while the month's calendar is not loaded: nothing is guessed.</returns>
    public static DateOnly? Day(DateOnly dueOn, int village, int villages, WorkCalendar calendar, DateOnly notBefore)
    {
        ArgumentNullException.ThrowIfNull(calendar);
        if (!calendar.Knows(dueOn.Year)) return null;
        var first = new DateOnly(dueOn.Year, dueOn.Month, 1);
        var month = Enumerable.Range(0, DateTime.DaysInMonth(dueOn.Year, dueOn.Month)).Select(first.AddDays).Where(d => calendar.IsWorkday(d) == true).ToList();
        if (month.Count > 0 && Turn(month) is var usual && usual <= dueOn && usual >= notBefore) return usual;
        // The village's turn comes after this plan's last day, or is over: its turn among the days that are left.
        var left = month.Where(d => d <= dueOn && d >= notBefore).ToList();
        return left.Count > 0 ? Turn(left) : dueOn;

        DateOnly Turn(List<DateOnly> days) => days[Math.Clamp(village, 0, Math.Max(villages, 1) - 1) * days.Count / Math.Max(villages, 1)];
    }
}
