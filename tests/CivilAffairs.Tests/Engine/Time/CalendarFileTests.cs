using CivilAffairs.Engine.Time;
using static CivilAffairs.Tests.Engine.Time.Calendars;

namespace CivilAffairs.Tests.Engine.Time;

public class CalendarFileTests
{
    [Theory]
    [InlineData("2025-01-26", true)]
    [InlineData("2025-01-28", false)]
    [InlineData("2025-10-08", false)]
    [InlineData("2025-10-09", true)]
    [InlineData("2026-01-04", true)]
    [InlineData("2026-02-23", false)]
    [InlineData("2026-02-28", true)]
    [InlineData("2026-03-01", false)]
    public void The_shipped_years_know_holidays_and_make_up_days(string day, bool workday) =>
        Assert.Equal(workday, Shipped.IsWorkday(Day(day)));

    [Fact]
    public void A_year_that_is_not_loaded_is_unknown() => Assert.Null(Shipped.IsWorkday(Day("2027-01-04")));

    [Theory]
    [InlineData("""{"year":2026,"source":"x","off":["2026-13-01"],"work":[]}""", "2026-13-01")]
    [InlineData("""{"year":2026,"source":"x","off":["2027-01-01"],"work":[]}""", "2027-01-01")]
    [InlineData("""{"year":2026,"source":"x","off":["2026-01-03..2026-01-01"],"work":[]}""", "off")]
    [InlineData("""{"year":2026,"source":"x","off":["2026-01-03"],"work":["2026-01-03"]}""", "2026-01-03")]
    [InlineData("""{"year":2026}""", "calendar file")]
    [InlineData("""[]""", "calendar file")]
    public void A_wrong_file_is_refused_with_the_reason(string json, string named) =>
        Assert.Contains(named, Assert.Throws<FormatException>(() => CalendarFile.Read(json)).Message);

    [Fact]
    public void A_demonstration_year_is_marked_and_knows_weekends_only()
    {
        var year = CalendarFile.Demo(2027);
        Assert.True(year.IsDemo);
        Assert.True(year.IsWorkday(Day("2027-10-01")));
        Assert.False(year.IsWorkday(Day("2027-10-02")));
    }
}
