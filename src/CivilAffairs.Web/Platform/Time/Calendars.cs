using CivilAffairs.Engine.Time;

namespace CivilAffairs.Web.Platform.Time;

/// <summary>
/// The working-day calendars that are loaded: the State Council's years shipped in <c>Data/calendars</c>, those put into
/// <c>calendars</c> of the data folder, and in Development made-up later years marked 演示.
/// </summary>
public sealed class Calendars
{
    private Calendars(IReadOnlyList<YearCalendar> years)
    {
        Years = years;
        Working = new WorkCalendar(years);
    }

    public WorkCalendar Working { get; }
    public IReadOnlyList<YearCalendar> Years { get; }

    /// <param name="folders">Later folders win over earlier ones, year by year.</param>
    /// <param name="demoThrough">Last year to make up where none is loaded; null: never guess.</param>
    /// <exception cref="FormatException">A file is not a calendar; the message names it.</exception>
    public static Calendars Load(IEnumerable<string> folders, int? demoThrough)
    {
        ArgumentNullException.ThrowIfNull(folders);
        var years = new SortedDictionary<int, YearCalendar>();
        foreach (var file in folders.Where(Directory.Exists).SelectMany(f => Directory.EnumerateFiles(f, "*.json").Order(StringComparer.Ordinal)))
        {
            try
            {
                var year = CalendarFile.Read(File.ReadAllText(file));
                years[year.Year] = year;
            }
            catch (FormatException e)
            {
                throw new FormatException($"{file}: {e.Message}", e);
            }
        }
        for (var year = years.Count == 0 ? 2025 : years.Keys.Max() + 1; year <= demoThrough; year++) years[year] = CalendarFile.Demo(year);
        return new Calendars([.. years.Values]);
    }
}
