using CivilAffairs.Engine.Time;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Time;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Apply;

/// <summary>
/// How long a matter's cases usually take 通常用时: the median of working days from acceptance to the decision, and how many nine in ten of
/// them took at most, over those decided last. Nothing is said of a matter with few of them, nor of any single one.
/// </summary>
/// <remarks>
/// Read at most once an hour for all matters together, in one statement for each state a decision leads to, each ended by
/// its limit and in the order of an index; however many cases there are, it costs the same.
/// </remarks>
internal sealed class UsualTime(IReader reader, TimeProvider time, Calendars calendars)
{
    /// <summary>Fewer say nothing about what is usual.</summary>
    public const int Fewest = 5;

    /// <summary>Of fewer, what nine in ten take is what the slowest took: one person's case.</summary>
    public const int FewestForMost = 10;

    /// <summary>Decided last in one state, of all matters.</summary>
    private const int Most = 1000;

    private static readonly TimeSpan Fresh = TimeSpan.FromHours(1);
    private static readonly string[] Decided = ["Granted", "Paying", "Registered", "Refused"];
    private volatile Known? known;

    /// <returns>Working days; null: too few cases were decided.</returns>
    public async Task<int?> OfAsync(string matter, CancellationToken cancel = default) => (await TellAsync(matter, cancel).ConfigureAwait(false))?.Median;

    /// <returns>Null: too few cases were decided.</returns>
    public async Task<UsualDays?> TellAsync(string matter, CancellationToken cancel = default)
    {
        var now = time.GetUtcNow();
        // Two readers at once may both ask; the answers are the same.
        if (known is not { } found || now - found.At > Fresh || now < found.At) known = found = new Known(now, await ReadAsync(cancel).ConfigureAwait(false));
        return found.Days.GetValueOrDefault(matter);
    }

    private async Task<Dictionary<string, UsualDays>> ReadAsync(CancellationToken cancel)
    {
        await using var db = reader.Open();
        var taken = new List<(string Matter, int Days)>();
        foreach (var status in Decided)
        {
            // A reviewed case was decided once more, long after: that is not how long people wait.
            var cases = await db.Set<Case>().Where(c => c.Status == status && c.DecidedAt != null && c.ErasedAt == null && c.AcceptedOn != null && !db.Set<CaseReview>().Any(r => r.CaseId == c.Id))
                .OrderByDescending(c => c.DecidedAt).Take(Most).Select(c => new { c.Matter, From = c.AcceptedOn!.Value, To = c.DecidedAt!.Value }).ToListAsync(cancel).ConfigureAwait(false);
            foreach (var one in cases)
                if (WorkDays.Between(one.From, BureauTime.Day(one.To), calendars.Working) is { } days) taken.Add((one.Matter, days));
        }
        return taken.GroupBy(t => t.Matter, t => t.Days).Where(g => g.Count() >= Fewest).ToDictionary(g => g.Key, g => Of([.. g.Order()]));
    }

    /// <summary>Of an even number the two in the middle, rounded up: better told too long than too short.</summary>
    internal static int Median(IReadOnlyList<int> ordered) => (ordered[(ordered.Count - 1) / 2] + ordered[ordered.Count / 2] + 1) / 2;

    /// <summary>By nearest rank: the least number of days within which nine in ten were decided.</summary>
    internal static int Ninetieth(IReadOnlyList<int> ordered) => ordered[(ordered.Count * 9 + 9) / 10 - 1];

    private static UsualDays Of(List<int> ordered) => new(ordered.Count, Median(ordered), ordered.Count >= FewestForMost ? Ninetieth(ordered) : null);

    private sealed record Known(DateTimeOffset At, Dictionary<string, UsualDays> Days);
}

/// <summary>How long cases of a matter took, in working days from acceptance to the decision.</summary>
/// <param name="Cases">Counted, those decided last.</param>
/// <param name="NineInTen">At most so many in nine of ten; null: too few cases to say so.</param>
internal sealed record UsualDays(int Cases, int Median, int? NineInTen);
