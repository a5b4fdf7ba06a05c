using System.Globalization;

namespace CivilAffairs.Web.Features.Matters;

/// <summary>
/// Who is reminded of what, by which letter. The product's own rules stand in <c>Features/Matters/Product/reminders.json</c>;
/// a list that <c>matter.json</c> gives takes the place of the product's, an empty one silences it.
/// </summary>
public sealed record ReminderRules : MatterPart
{
    /// <summary>Limits of officers' tasks.</summary>
    public IReadOnlyList<LimitReminder>? Task { get; init; }

    /// <summary>Limits of what the applicant is asked for.</summary>
    public IReadOnlyList<LimitReminder>? ApplicantTask { get; init; }

    /// <summary>The legal clock of a case.</summary>
    public IReadOnlyList<LimitReminder>? Case { get; init; }

    /// <summary>Before a planned re-verification 定期复核 opens.</summary>
    public IReadOnlyList<DayReminder>? Reverification { get; init; }
}

/// <summary>A reminder when a limit turns.</summary>
public sealed record LimitReminder : MatterPart
{
    /// <summary><c>amber</c>: 80 % are over; <c>red</c>: after 24:00 of the last day.</summary>
    public required string Stage { get; init; }

    /// <summary><c>holder</c> (who holds the work; while nobody does, whoever may take it), <c>supervisor</c>, <c>applicant</c>, <c>role:CAP</c>.</summary>
    public required IReadOnlyList<string> To { get; init; }

    /// <summary>A mail of the matter, or of the product.</summary>
    public required string Template { get; init; }
}

/// <summary>A reminder some days before a day.</summary>
public sealed record DayReminder : MatterPart
{
    /// <summary><c>90d</c> or <c>3M</c>; <c>0d</c>: on the day. Counted backward and not rolled [domain §3].</summary>
    public required string Before { get; init; }
    public required IReadOnlyList<string> To { get; init; }
    public required string Template { get; init; }

    /// <summary>Where on the site people go from the letter, from <c>/</c> on; absent: to the case, or to their pages.</summary>
    public string? Link { get; init; }

    /// <summary>The day of the reminder.</summary>
    /// <exception cref="FormatException"><see cref="Before"/> is no span.</exception>
    public DateOnly DayOf(DateOnly day) => DaySpan.TryParse(Before, out var span) ? span.Before(day) : throw new FormatException($"\"{Before}\" is not a span: write 90d or 3M.");
}

/// <summary>A span of days or months that is counted backward: <c>90d</c>, <c>3M</c>, <c>0d</c>.</summary>
public readonly record struct DaySpan(int Count, bool InMonths)
{
    public static bool TryParse(string? text, out DaySpan span)
    {
        span = default;
        if (text is not [.. var digits, 'd' or 'M'] || digits.Length is 0 or > 4 || !int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var count)) return false;
        span = new DaySpan(count, text[^1] == 'M');
        return true;
    }

    public DateOnly Before(DateOnly day) => InMonths ? day.AddMonths(-Count) : day.AddDays(-Count);
    public DateOnly After(DateOnly day) => InMonths ? day.AddMonths(Count) : day.AddDays(Count);
}
