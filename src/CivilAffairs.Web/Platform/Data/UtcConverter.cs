using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace CivilAffairs.Web.Platform.Data;

/// <summary>
/// Instants as UTC date-times cut to whole microseconds, which is what PostgreSQL keeps: so both databases give back
/// the same instant, and SQLite's text sorts as time does.
/// </summary>
internal sealed class UtcConverter() : ValueConverter<DateTimeOffset, DateTime>(
    instant => Cut(instant.UtcDateTime),
    stored => new DateTimeOffset(DateTime.SpecifyKind(stored, DateTimeKind.Utc)))
{
    internal static DateTime Cut(DateTime utc) => new(utc.Ticks - utc.Ticks % 10, DateTimeKind.Utc);
}
