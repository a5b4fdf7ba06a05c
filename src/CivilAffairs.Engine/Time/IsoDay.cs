using System.Globalization;

namespace CivilAffairs.Engine.Time;

/// <summary>A day as data holds it: <c>yyyy-MM-dd</c>, in any culture (GB/T 7408, ISO 8601).</summary>
public static class IsoDay
{
    private const string Form = "yyyy-MM-dd";

    /// <returns>Null for everything else: another form, a day that no calendar has, no text.</returns>
    public static DateOnly? Read(string? text) => DateOnly.TryParseExact(text, Form, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;

    public static string Write(DateOnly day) => day.ToString(Form, CultureInfo.InvariantCulture);
}
