namespace CivilAffairs.Engine.Time;

/// <summary>
/// The years whose working days are known, from the State Council's yearly notices. A day of another year is neither
/// a working day nor a holiday: it is unknown.
/// </summary>
public sealed class WorkCalendar
{
    private readonly Dictionary<int, YearCalendar> years;

    public WorkCalendar(IEnumerable<YearCalendar> years) => this.years = years.ToDictionary(y => y.Year);

    /// <summary>True or false where the year is loaded, null where it is not.</summary>
    public bool? IsWorkday(DateOnly day) =>
        years.TryGetValue(day.Year, out var year) ? year.IsWorkday(day) : null;

    public bool Knows(int year) => years.ContainsKey(year);
}

/// <summary>One year of working days: Monday to Friday but for <paramref name="Off"/>, plus the make-up days <paramref name="Work"/> 调休上班.</summary>
/// <param name="IsDemo">True for a made-up year 演示 of Development and tests: weekends only.</param>
public sealed record YearCalendar(int Year, IReadOnlySet<DateOnly> Off, IReadOnlySet<DateOnly> Work, bool IsDemo, string Source)
{
    public bool IsWorkday(DateOnly day) =>
        Work.Contains(day) || (day.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday) && !Off.Contains(day));
}
