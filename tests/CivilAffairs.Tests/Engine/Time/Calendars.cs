using CivilAffairs.Engine.Time;
using CivilAffairs.Tests.Support;

namespace CivilAffairs.Tests.Engine.Time;

/// <summary>The calendars that the product ships.</summary>
public static class Calendars
{
    public static WorkCalendar Shipped { get; } = new([Year(2025), Year(2026)]);

    public static YearCalendar Year(int year) =>
        CalendarFile.Read(File.ReadAllText(Repository.Path("src", "CivilAffairs.Web", "Data", "calendars", $"{year}.json")));

    public static DateOnly Day(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);

    public static DateOnly? DayOrNull(string? text) => text is null ? null : Day(text);
}
