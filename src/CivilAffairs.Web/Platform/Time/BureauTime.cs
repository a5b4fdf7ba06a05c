using CivilAffairs.Engine.Time;

namespace CivilAffairs.Web.Platform.Time;

/// <summary>The bureau's day and zone: Asia/Shanghai, which has no summer time (GB/T 7408 dates as people write them).</summary>
public static class BureauTime
{
    public static TimeZoneInfo Zone { get; } = TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai");

    public static DateOnly Day(DateTimeOffset instant) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(instant, Zone).DateTime);

    public static DateOnly Today(this TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        return Day(time.GetUtcNow());
    }

    /// <summary>The first instant of a day, or its hour <paramref name="at"/>, in UTC, as databases keep instants.</summary>
    public static DateTimeOffset Start(DateOnly day, TimeOnly at = default)
    {
        var local = day.ToDateTime(at);
        return new DateTimeOffset(local, Zone.GetUtcOffset(local)).ToUniversalTime();
    }

    /// <summary>As data and date fields hold a day: <c>yyyy-MM-dd</c>, in any culture (GB/T 7408, ISO 8601).</summary>
    public static string Iso(DateOnly day) => IsoDay.Write(day);

    public static string? Iso(DateOnly? day) => day is { } known ? Iso(known) : null;

    public static DateTimeOffset Local(DateTimeOffset instant) => TimeZoneInfo.ConvertTime(instant, Zone);
}
