using CivilAffairs.Engine.Time;
using static CivilAffairs.Tests.Engine.Time.Calendars;

namespace CivilAffairs.Tests.Engine.Time;

public class WorkDaysTests
{
    [Theory]
    [InlineData("2026-02-11", 3, "2026-02-14")]   // 11: a make-up Saturday counts
    [InlineData("2026-02-11", 30, "2026-03-31")]  // 11
    [InlineData("2026-02-11", 45, "2026-04-22")]  // 11
    [InlineData("2026-09-18", 10, "2026-10-09")]  // 12: Sunday 09-20 counts
    [InlineData("2026-09-24", 5, "2026-10-09")]   // 13
    [InlineData("2025-09-22", 20, "2025-10-24")]  // 14
    [InlineData("2025-09-22", 40, "2025-11-21")]  // 14: extended by 20
    [InlineData("2026-04-30", 3, "2026-05-08")]   // 16
    [InlineData("2026-02-15", 0, "2026-02-15")]
    public void Working_days_are_counted_over_holidays_and_make_up_days(string start, int n, string expected) =>
        Assert.Equal(Day(expected), WorkDays.AddWd(Day(start), n, Shipped));

    [Fact]
    public void A_count_that_reaches_a_year_without_calendar_is_unknown()
    {
        Assert.Equal(Day("2026-12-31"), WorkDays.AddWd(Day("2026-12-30"), 1, Shipped));
        Assert.Null(WorkDays.AddWd(Day("2026-12-30"), 2, Shipped));
        Assert.Null(WorkDays.AddDays(Day("2026-12-30"), 5, Shipped));
        Assert.Null(WorkDays.NextWorkday(Day("2026-12-31"), Shipped));
    }

    [Theory]
    [InlineData("2026-01-15", 30, "2026-02-14")] // 29: a make-up Saturday is no reason to roll
    [InlineData("2026-02-14", 30, "2026-03-16")] // 29
    [InlineData("2026-01-16", 30, "2026-02-24")] // 30
    [InlineData("2026-02-24", 30, "2026-03-26")] // 30
    [InlineData("2026-09-02", 30, "2026-10-08")] // 31
    [InlineData("2026-10-08", 30, "2026-11-09")] // 31
    [InlineData("2026-03-02", 60, "2026-05-06")] // 34
    [InlineData("2026-04-01", 60, "2026-06-01")] // 36: 05-31 is a Sunday
    [InlineData("2026-09-18", 15, "2026-10-08")] // 37
    public void Calendar_days_roll_to_the_next_working_day(string start, int n, string expected) =>
        Assert.Equal(Day(expected), WorkDays.AddDays(Day(start), n, Shipped));

    [Theory]
    [InlineData("2026-04-01", 6, "2026-10-08")] // 36: month limits roll like day limits
    [InlineData("2025-08-31", 6, "2026-02-28")] // month-end, and a make-up Saturday
    public void Months_end_on_the_same_day_number_or_the_month_end_and_roll(string start, int n, string expected) =>
        Assert.Equal(Day(expected), WorkDays.AddMonths(Day(start), n, Shipped));

    [Fact] // 15
    public void The_step_after_a_public_notice_starts_on_the_first_workday_after_its_last_plain_day()
    {
        var last = Limits.Compute("7p", Day("2026-02-12"), Shipped).LastDay;
        Assert.Equal(Day("2026-02-19"), last);
        Assert.Equal(Day("2026-02-24"), WorkDays.NextWorkday(last!.Value, Shipped));
    }

    [Theory] // 33
    [InlineData(90, "2026-08-21")]
    [InlineData(60, "2026-09-20")]
    [InlineData(30, "2026-10-20")]
    [InlineData(7, "2026-11-12")]
    [InlineData(0, "2026-11-19")]
    public void Days_before_an_expiry_are_not_rolled(int days, string expected)
    {
        var expiry = WorkDays.ValidThrough(Day("2022-11-20"), 4);
        Assert.Equal(Day("2026-11-19"), expiry);
        Assert.Equal(Day(expected), WorkDays.Before(expiry, days, Shipped).Legal);
    }

    [Fact]
    public void A_backward_limit_shows_the_working_day_before_as_its_practical_date()
    {
        Assert.Equal((Day("2026-10-03"), Day("2026-09-30")), WorkDays.Before(Day("2026-10-13"), 10, Shipped));
        Assert.Null(WorkDays.Before(Day("2025-01-02"), 5, Shipped).Practical);
    }
}
