using System.Globalization;
using CivilAffairs.Web.Platform.Time;

namespace CivilAffairs.Web.Platform.Pages;

/// <summary>Dates, times and money as the reader's language writes them. Instants are shown in the bureau's zone.</summary>
public static class Display
{
    private static readonly CultureInfo Chinese = CultureInfo.GetCultureInfo("zh-CN"), English = CultureInfo.GetCultureInfo("en-GB");

    /// <summary>2026年11月23日; 23 November 2026.</summary>
    public static string Day(DateOnly day) => Languages.IsEnglish ? day.ToString("d MMMM yyyy", English) : day.ToString("yyyy年M月d日", Chinese);

    /// <summary>2026年11月; Nov 2026.</summary>
    public static string Month(DateOnly month) => Languages.IsEnglish ? month.ToString("MMMM yyyy", English) : month.ToString("yyyy年M月", Chinese);

    /// <summary>The bureau's day of an instant.</summary>
    public static string Day(DateTimeOffset instant) => Day(BureauTime.Day(instant));

    /// <summary>2026年11月23日 14:05.</summary>
    public static string Time(DateTimeOffset instant) => $"{Day(instant)} {BureauTime.Local(instant).ToString("HH:mm", CultureInfo.InvariantCulture)}";

    /// <summary>¥1,234.00 from fen.</summary>
    public static string Money(long fen) => "¥" + (fen / 100m).ToString("#,##0.00", CultureInfo.InvariantCulture);
}
