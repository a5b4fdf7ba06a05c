using CivilAffairs.Engine.Port;
using CivilAffairs.Engine.Time;
using static CivilAffairs.Tests.Engine.Time.Calendars;

namespace CivilAffairs.Tests.Engine.Time;

public class LimitsTests
{
    [Theory]
    [InlineData("10wd", 10, LimitUnit.WorkDays)]
    [InlineData("7d", 7, LimitUnit.Days)]
    [InlineData("7p", 7, LimitUnit.PlainDays)]
    [InlineData("3M", 3, LimitUnit.Months)]
    [InlineData("1y", 1, LimitUnit.Years)]
    [InlineData("none", 0, LimitUnit.None)]
    [InlineData("0wd", 0, LimitUnit.WorkDays)]
    public void A_limit_is_a_count_and_a_unit(string text, int count, LimitUnit unit) =>
        Assert.Equal(new LimitSpan(count, unit), Limits.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("10")]
    [InlineData("wd")]
    [InlineData("0d")]
    [InlineData("0p")]
    [InlineData("0M")]
    [InlineData("-3d")]
    [InlineData("3m")]
    [InlineData("1.5d")]
    [InlineData("99999999999d")]
    [InlineData("10 wd")]
    public void Anything_else_is_refused(string? text) => Assert.False(Limits.TryParse(text, out _));

    [Fact]
    public void The_error_says_what_a_limit_looks_like() =>
        Assert.Contains("10wd", Assert.Throws<FormatException>(() => Limits.Compute("ten days", Day("2026-02-11"), Shipped)).Message);

    [Theory]
    [InlineData("30wd", "2026-02-11", "2026-03-31", "2026-03-23")] // amber: 24th working day
    [InlineData("0wd", "2026-02-11", "2026-02-11", "2026-02-11")]  // the same day
    [InlineData("0wd", "2026-09-20", "2026-09-20", "2026-09-20")]  // a Sunday worked in place of another day
    [InlineData("0wd", "2026-10-03", "2026-10-08", "2026-10-08")]  // filed on a holiday
    [InlineData("3wd", "2026-02-11", "2026-02-14", "2026-02-14")]  // ceil(2.4) = 3
    [InlineData("5wd", "2026-09-24", "2026-10-09", "2026-10-08")]  // exactly 4, not 5
    [InlineData("60d", "2026-03-02", "2026-05-06", "2026-04-19")]
    [InlineData("3p", "2026-09-30", "2026-10-03", "2026-10-03")]   // 25: plain days are not rolled
    [InlineData("6M", "2026-04-01", "2026-10-08", "2026-08-26")]   // 183 days: 147th
    [InlineData("1y", "2025-03-02", "2026-03-02", "2025-12-19")]   // 365 days: 292nd
    public void A_limit_has_a_last_day_and_an_amber_day(string text, string start, string last, string amber) =>
        Assert.Equal(new Limit(text, Day(last), Day(amber), false), Limits.Compute(text, Day(start), Shipped));

    [Fact]
    public void No_limit_is_known_and_has_no_day() =>
        Assert.Equal(new Limit("none", null, null, false), Limits.Compute("none", Day("2026-02-11"), null));

    [Theory]
    [InlineData("10wd", true)]
    [InlineData("30d", true)]
    [InlineData("1M", true)]
    [InlineData("30p", false)]
    public void Only_plain_days_need_no_calendar(string text, bool unknown)
    {
        Assert.Equal(unknown, Limits.Compute(text, Day("2026-12-20"), Shipped).Unknown);
        Assert.Equal(unknown, Limits.Compute(text, Day("2026-02-11"), null).Unknown);
    }

    [Fact]
    public void Loading_the_missing_year_makes_the_limit_known()
    {
        var loaded = new WorkCalendar([Year(2026), CalendarFile.Demo(2027)]);
        Assert.Equal(Day("2027-01-05"), Limits.Compute("10wd", Day("2026-12-22"), loaded).LastDay);
    }

    [Fact]
    public void A_pause_leaves_out_its_first_and_last_day()
    {
        // Notice on Thu 02-12, resubmitted on Tue 02-24: both and all between do not count; 02-13 and 02-14 would have.
        Pause[] pauses = [new(Day("2026-02-12"), Day("2026-02-24"))];
        Assert.Equal(Day("2026-02-27"), Limits.Compute("3wd", Day("2026-02-11"), Shipped, pauses).LastDay);
        Assert.Equal(Day("2026-02-27"), Limits.Compute("3p", Day("2026-02-11"), Shipped, pauses).LastDay);
    }

    [Fact]
    public void Overlapping_pauses_are_left_out_once()
    {
        Pause[] pauses = [new(Day("2026-03-03"), Day("2026-03-05")), new(Day("2026-03-04"), Day("2026-03-06"))];
        Assert.Equal(Day("2026-03-10"), Limits.Compute("2wd", Day("2026-03-02"), Shipped, pauses).LastDay);
    }

    [Fact]
    public void While_a_pause_is_open_the_last_day_is_unknown() =>
        Assert.True(Limits.Compute("30wd", Day("2026-02-11"), Shipped, [new(Day("2026-02-12"), null)]).Unknown);
}
