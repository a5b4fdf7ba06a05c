using System.Globalization;
using System.Security.Cryptography;
using System.Text;
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
        Fingerprint = Print(years);
    }

    public WorkCalendar Working { get; }
    public IReadOnlyList<YearCalendar> Years { get; }

    /// <summary>The same while no day of any year is another: SHA-256, lower-case hex.</summary>
    public string Fingerprint { get; }

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

    private static string Print(IReadOnlyList<YearCalendar> years)
    {
        static string Days(IEnumerable<DateOnly> days) => string.Join(',', days.Order().Select(d => d.DayNumber.ToString(CultureInfo.InvariantCulture)));
        var text = string.Join('\n', years.OrderBy(y => y.Year).Select(y => string.Create(CultureInfo.InvariantCulture, $"{y.Year}:{Days(y.Off)}:{Days(y.Work)}")));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }
}
