using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CivilAffairs.Engine.Time;
using CivilAffairs.Web.Features.Matters;

namespace CivilAffairs.Web.Features.Demo;

/// <summary>
/// Moves an example to another day so that what was done on its n-th working day 工作日 is done on the n-th working day
/// there too, whatever holidays lie between: nobody works on one, and what was in time stays in time.
/// </summary>
/// <param name="calendar">A year that it does not know has weekends only.</param>
internal sealed partial class StoryDays(WorkCalendar calendar)
{
    // On the bureau's clock; stories vary by up to an hour, within opening hours.
    private static readonly TimeOnly Opens = new(8, 50), AcceptedBy = new(14, 10);
    private static readonly TimeSpan Zone = TimeSpan.FromHours(8);

    public bool IsWorkday(DateOnly day) => calendar.IsWorkday(day) ?? day.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday);

    /// <summary>The n-th working day after a day, or before it where n is negative.</summary>
    public DateOnly Add(DateOnly day, int n)
    {
        for (var left = Math.Abs(n); left > 0;)
            if (IsWorkday(day = day.AddDays(Math.Sign(n)))) left--;
        return day;
    }

    /// <summary>Working days after <paramref name="from"/> up to and with <paramref name="to"/>.</summary>
    public int Count(DateOnly from, DateOnly to) => Enumerable.Range(1, Math.Max(0, to.DayNumber - from.DayNumber)).Count(i => IsWorkday(from.AddDays(i)));

    /// <summary>An instant at which officers work: this one, or the next morning on which they do.</summary>
    public DateTimeOffset Open(DateTimeOffset at)
    {
        var local = at.ToOffset(Zone);
        var day = DateOnly.FromDateTime(local.Date);
        if (IsWorkday(day) && local.Hour is >= 8 and < 18) return at;
        return new DateTimeOffset((IsWorkday(day) && local.Hour < 8 ? day : Add(day, 1)).ToDateTime(Opens), Zone).AddMinutes(day.DayNumber % 50);
    }

    /// <summary>The example begun on another day, with hours of its own.</summary>
    /// <param name="from">A working day.</param>
    /// <param name="stop">Activity that nobody has answered yet, with what follows; <c>opinion:1</c> keeps its first answer.</param>
    /// <param name="late">Working days by which everything after acceptance is later than in the example.</param>
    public ExampleFile Move(ExampleFile example, DateOnly from, string? stop, int late, Random dice)
    {
        ArgumentNullException.ThrowIfNull(example);
        ArgumentNullException.ThrowIfNull(dice);
        var begun = DateOnly.FromDateTime(example.At.Date);
        var minutes = new Dictionary<DateOnly, int>();
        DateOnly Day(DateOnly day) => day < begun ? from.AddDays(day.DayNumber - begun.DayNumber) : Add(from, Count(begun, day) + (day > begun ? late : 0));
        DateTimeOffset At(DateOnly day, TimeOnly time)
        {
            if (!minutes.TryGetValue(day, out var later)) minutes[day] = later = dice.Next(0, 55);
            return new DateTimeOffset(day.ToDateTime(time), Zone).AddMinutes(later);
        }

        var filed = At(from, Opens);
        ExampleAnswer Moved(string activity, ExampleAnswer answer)
        {
            var result = answer.Result is null ? null : JsonNode.Parse(Dates().Replace(answer.Result.ToJsonString(DemoStories.Plain), m =>
                IsoDay.Read(m.Value) is { } day ? IsoDay.Write(Day(day)) : m.Value));
            if (answer.At is not { } at) return answer with { Result = result };
            var when = DateOnly.FromDateTime(at.Date);
            // Applications are looked at on the day they come in, as the county promises; the examples take one more.
            return answer with { Result = result, At = activity == "accept" && late == 0 && Count(begun, when) == 1 ? At(from, AcceptedBy) : At(Day(when), TimeOnly.FromDateTime(at.DateTime)) };
        }

        return example with
        {
            At = filed,
            Answers = DemoStories.Answers(example, stop).ToDictionary(a => a.Key, a => (IReadOnlyList<ExampleAnswer>)[.. a.Value.Select(answer => Moved(a.Key, answer))]),
        };
    }

    [GeneratedRegex(@"\d{4}-\d{2}-\d{2}")]
    private static partial Regex Dates();
}
