using System.Globalization;
using CivilAffairs.Engine.Port;

namespace CivilAffairs.Engine.Time;

/// <summary>What a limit is counted in.</summary>
public enum LimitUnit { None, WorkDays, Days, PlainDays, Months, Years }

/// <summary>A limit text read: <c>10wd</c> is 10 <see cref="LimitUnit.WorkDays"/>.</summary>
/// <param name="Count">1 or more; 0 for none, and for the same day 当日 in <see cref="LimitUnit.WorkDays"/>.</param>
public readonly record struct LimitSpan(int Count, LimitUnit Unit);

/// <summary>
/// Days that a clock leaves out 中止: from the 补正 notice through the resubmission, both included.
/// </summary>
/// <param name="From">First day left out.</param>
/// <param name="Through">Last day left out; null while the clock stands still.</param>
public readonly record struct Pause(DateOnly From, DateOnly? Through);

/// <summary>Reads limits 期限 as managers write them, and computes their last day and the day they turn amber.</summary>
public static class Limits
{
    /// <summary>Longer than any limit of the law; keeps a typing error from walking through centuries.</summary>
    public const int MaxCount = 36_500;

    /// <summary>Reads <c>10wd</c>, <c>0wd</c> (the same day), <c>7d</c> (rolled), <c>7p</c> (plain), <c>3M</c>, <c>1y</c> or <c>none</c>.</summary>
    /// <returns>False for any other text, a count of 0 in other units included.</returns>
    public static bool TryParse(string? text, out LimitSpan span)
    {
        span = default;
        if (text is null) return false;
        text = text.Trim();
        if (text == "none") return true;
        var digits = text.TakeWhile(char.IsAsciiDigit).Count();
        LimitUnit? unit = text[digits..] switch
        {
            "wd" => LimitUnit.WorkDays,
            "d" => LimitUnit.Days,
            "p" => LimitUnit.PlainDays,
            "M" => LimitUnit.Months,
            "y" => LimitUnit.Years,
            _ => null,
        };
        if (unit is null || !int.TryParse(text.AsSpan(0, digits), NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            || count > MaxCount || (count == 0 && unit != LimitUnit.WorkDays) || (unit == LimitUnit.Years && count > 1_000) || (unit == LimitUnit.Months && count > 12_000))
            return false;
        span = new LimitSpan(count, unit.Value);
        return true;
    }

    /// <summary>Like <see cref="TryParse"/>.</summary>
    /// <exception cref="FormatException">The text is not a limit; the message says what is.</exception>
    public static LimitSpan Parse(string text) => TryParse(text, out var span)
        ? span
        : throw new FormatException($"\"{text}\" is not a limit: write 10wd (working days), 0wd (the same day), 7d (days), 7p (plain days), 3M, 1y or none.");

    /// <summary>The limit counted from <paramref name="start"/>.</summary>
    /// <param name="text">A limit text, see <see cref="TryParse"/>.</param>
    /// <param name="start">The day of the event in Asia/Shanghai; not counted itself.</param>
    /// <param name="calendar">Null where nothing is loaded: then all but plain days are unknown.</param>
    /// <exception cref="FormatException">The text is not a limit.</exception>
    public static Limit Compute(string text, DateOnly start, WorkCalendar? calendar) => Compute(text, start, calendar, []);

    /// <summary>The limit counted from <paramref name="start"/>, without the days of <paramref name="pauses"/>.</summary>
    /// <remarks>
    /// While a pause is open the limit is unknown. A day limit is carried on by as many days as the pause left out; a
    /// working-day limit counts no day of the pause. Amber from day ceil(0.8·n); for months and years n is the number
    /// of days the limit spans.
    /// </remarks>
    /// <param name="text">A limit text, see <see cref="TryParse"/>.</param>
    /// <param name="start">The day of the event; not counted itself.</param>
    /// <param name="calendar">The loaded years.</param>
    /// <param name="pauses">In any order; they may overlap.</param>
    /// <exception cref="FormatException">The text is not a limit.</exception>
    public static Limit Compute(string text, DateOnly start, WorkCalendar? calendar, IReadOnlyCollection<Pause> pauses)
    {
        var span = Parse(text);
        if (span.Unit == LimitUnit.None) return new Limit(text, null, null, Unknown: false);
        var left = new LeftOut(pauses);
        if (left.IsOpen) return Unknown(text);
        var end = Last(span, start, calendar, left);
        if (end is null) return Unknown(text);
        return new Limit(text, end, Amber(span, start, calendar, left), Unknown: false);
    }

    private static Limit Unknown(string text) => new(text, null, null, Unknown: true);

    private static DateOnly? Last(LimitSpan span, DateOnly start, WorkCalendar? calendar, LeftOut left) => span.Unit switch
    {
        LimitUnit.PlainDays => left.Days(start, span.Count),
        LimitUnit.WorkDays => calendar is null ? null : left.WorkDays(start, span.Count, calendar),
        _ => calendar is null ? null : WorkDays.Roll(left.Days(start, Span(span, start)), calendar),
    };

    private static DateOnly? Amber(LimitSpan span, DateOnly start, WorkCalendar? calendar, LeftOut left)
    {
        if (span.Unit == LimitUnit.WorkDays) return left.WorkDays(start, FourFifths(span.Count), calendar!);
        return left.Days(start, FourFifths(Span(span, start)));
    }

    private static int Span(LimitSpan span, DateOnly start) => span.Unit switch
    {
        LimitUnit.Months => start.AddMonths(span.Count).DayNumber - start.DayNumber,
        LimitUnit.Years => start.AddYears(span.Count).DayNumber - start.DayNumber,
        _ => span.Count,
    };

    // Integer arithmetic: 0.8 has no exact binary form, and ceil would show it.
    private static int FourFifths(int n) => (4 * n + 4) / 5;

    /// <summary>The days that do not count.</summary>
    private sealed class LeftOut(IReadOnlyCollection<Pause> pauses)
    {
        public bool IsOpen => pauses.Any(p => p.Through is null);

        private bool Contains(DateOnly day) => pauses.Any(p => p.From <= day && day <= p.Through);

        public DateOnly Days(DateOnly start, int n)
        {
            if (pauses.Count == 0) return start.AddDays(n);
            var day = start;
            for (var counted = 0; counted < n;)
            {
                day = day.AddDays(1);
                if (!Contains(day)) counted++;
            }
            return day;
        }

        private DateOnly? FirstWorkDay(DateOnly day, WorkCalendar calendar)
        {
            for (; ; day = day.AddDays(1))
            {
                if (calendar.IsWorkday(day) is not { } workday) return null;
                if (workday && !Contains(day)) return day;
            }
        }

        public DateOnly? WorkDays(DateOnly start, int n, WorkCalendar calendar)
        {
            // The same day is one on which somebody works: what comes in on a day off is due on the next working day.
            if (n == 0) return FirstWorkDay(start, calendar);
            if (pauses.Count == 0) return Time.WorkDays.AddWd(start, n, calendar);
            var day = start;
            for (var counted = 0; counted < n;)
            {
                day = day.AddDays(1);
                if (calendar.IsWorkday(day) is not { } workday) return null;
                if (workday && !Contains(day)) counted++;
            }
            return day;
        }
    }
}
