using System.Globalization;
using System.Text.Json;

namespace CivilAffairs.Engine.Time;

/// <summary>
/// Reads one year of the State Council's holiday notice 国务院办公厅节假日安排 from JSON:
/// <c>{"year":2026,"source":"…","demo":false,"off":["2026-01-01..2026-01-03","2026-05-01"],"work":["2026-01-04"]}</c>.
/// </summary>
public static class CalendarFile
{
    /// <param name="json">The file's text.</param>
    /// <exception cref="FormatException">The text is not such a file; the message names the property.</exception>
    public static YearCalendar Read(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            var year = root.GetProperty("year").GetInt32();
            var off = Days(root, "off", year);
            var work = Days(root, "work", year);
            if (off.FirstOrDefault(work.Contains) is var both && both != default)
                throw new FormatException($"{both:yyyy-MM-dd} is listed both under off and under work.");
            var demo = root.TryGetProperty("demo", out var flag) && flag.GetBoolean();
            return new YearCalendar(year, off, work, demo, root.GetProperty("source").GetString() ?? "");
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new FormatException($"Not a calendar file: {e.Message}", e);
        }
    }

    /// <summary>A made-up year 演示 for Development and tests, which knows weekends only.</summary>
    public static YearCalendar Demo(int year) =>
        new(year, new HashSet<DateOnly>(), new HashSet<DateOnly>(), IsDemo: true, "演示");

    private static HashSet<DateOnly> Days(JsonElement root, string name, int year)
    {
        var days = new HashSet<DateOnly>();
        foreach (var item in root.GetProperty(name).EnumerateArray())
        {
            var range = (item.GetString() ?? "").Split("..");
            if (range.Length > 2 || IsoDay.Read(range[0]) is not { } first || IsoDay.Read(range[^1]) is not { } last || last < first)
                throw new FormatException($"{name}: \"{item}\" is not a date yyyy-MM-dd or a range first..last.");
            if (first.Year != year || last.Year != year)
                throw new FormatException($"{name}: \"{item}\" does not lie in {year.ToString(CultureInfo.InvariantCulture)}.");
            for (var day = first; day <= last; day = day.AddDays(1)) days.Add(day);
        }
        return days;
    }
}
