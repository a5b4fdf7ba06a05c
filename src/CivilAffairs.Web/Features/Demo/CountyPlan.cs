namespace CivilAffairs.Web.Features.Demo;

/// <summary>A story of the county's last year.</summary>
/// <param name="Number">Unique; makes its people and its dice.</param>
/// <param name="FiledAgo">Working days from its filing to the day of the first start.</param>
/// <param name="Stop">Activity that nobody has answered yet, with what follows; <c>opinion:1</c> keeps its first answer.</param>
/// <param name="Late">Working days by which everything after acceptance is later than in the example; below 0: earlier.</param>
/// <param name="Review">What reopens it once it is decided: an example of the review.</param>
/// <param name="Draft">Saved with so many sections filled in, and not filed; null: filed.</param>
/// <param name="Idle">Its re-verification is opened, and nobody begins it.</param>
internal sealed record YearStory(int Number, string Matter, string Example, int FiledAgo, string? Stop = null, int Late = 0, string? Review = null, int? Draft = null, bool Idle = false)
{
    /// <summary>Its commands' keys begin with it.</summary>
    public string Name => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"demo.year.{Number}");

    /// <summary>The same whenever the story is told.</summary>
    public Random Dice => new(7_919 * Number + 17);
}

/// <summary>
/// The last year of the county beside <see cref="DemoStories"/>: how many cases of which kind, and when they were filed.
/// The same plan whenever it is asked for; every kind stands once before any stands twice, so that a beginning of it is a
/// smaller county.
/// </summary>
internal static class CountyPlan
{
    /// <summary>People of these stories are not those of <see cref="DemoStories"/>.</summary>
    private const int First = 3_000;

    /// <param name="From">Least working days ago.</param>
    /// <param name="To">Most.</param>
    private sealed record Kind(string Example, int Count, int From, int To, string? Stop = null, int Late = 0, string? Review = null, int? Draft = null, bool Idle = false, string Matter = "rural-dibao");

    private static readonly Kind[] Kinds =
    [
        // Granted: most of them. Those of half a year ago are looked at again by themselves.
        new("granted", 56, 26, 245), new("corrected", 11, 34, 240), new("relative", 4, 30, 230), new("check-objected", 5, 32, 235), new("returned", 3, 40, 220), new("notice-objected", 7, 36, 235),
        new("agent-lives-elsewhere", 5, 30, 240), new("alone-illness", 4, 30, 230), new("alone-mind", 3, 30, 220), new("just-below-the-line", 1, 60, 90), new("exact-amount", 2, 40, 200), new("savings-at-the-limit", 1, 70, 120),
        // Decided more than half a year ago: their re-verification is overdue.
        new("granted", 4, 165, 185, Idle: true),
        new("granted", 4, 40, 200, Late: 4), new("granted", 1, 90, 120, Review: "review-grant-kept"), new("granted", 1, 120, 150, Review: "review-grant-revoked"),
        // Refused, and what became of some refusals.
        new("refused", 9, 32, 240), new("opposed", 5, 28, 240), new("property-found-beyond", 3, 28, 220), new("savings-over-the-limit", 2, 28, 200), new("county-disagrees", 3, 34, 210), new("notice-objection-upheld", 3, 36, 220),
        new("alone-level-not-met", 2, 28, 200), new("equal-to-the-line", 1, 60, 90), new("refused", 1, 80, 100, Review: "review-refusal-granted"), new("refused", 1, 90, 110, Review: "review-refusal-kept"),
        // Ended before a decision.
        new("terminated", 4, 24, 230), new("withdrawn", 8, 14, 240), new("not-accepted", 8, 8, 240), new("correction-lapsed", 5, 26, 235), new("corrected-not-accepted", 3, 20, 220),
        // Under way now, from the counter to the county; some are late. Few of each: all of them came within weeks, and the year is long.
        new("granted", 2, 0, 0, "accept"), new("granted", 1, 1, 3, "accept"), new("corrected", 2, 2, 9, "correct"), new("granted", 3, 2, 6, "visit"), new("granted", 2, 20, 29, "visit"), new("granted", 1, 3, 5, "neighbours"),
        new("granted", 2, 4, 7, "check"), new("granted", 2, 20, 27, "check"), new("check-objected", 1, 4, 6, "checkReply"), new("granted", 2, 6, 10, "opinion"), new("granted", 2, 21, 31, "opinion"), new("granted", 3, 6, 8),
        new("notice-objected", 1, 13, 16, "revisit"), new("granted", 2, 13, 17, "countyReview"), new("granted", 2, 25, 34, "countyReview"), new("granted", 2, 16, 20, "confirm"), new("granted", 2, 27, 36, "confirm"),
        new("refused", 2, 19, 22, "confirmRefusal"), new("refused", 1, 25, 27, "serve"), new("granted", 3, 1, 30, Draft: 3), new("granted", 1, 60, 90, Review: "review-grant-kept", Stop: "reviewGranted"),
    ];

    private static readonly Kind[] Couples =
    [
        new("registered", 16, 6, 245, Matter: "marriage"), new("not-voluntary", 1, 40, 120, Matter: "marriage"), new("kinship", 1, 60, 160, Matter: "marriage"), new("registered", 1, 0, 0, "examine", Matter: "marriage"),
        // The window of a divorce is in days of the calendar: seven weeks after, both come again within it whatever holidays lie between, and two to four weeks after, one of them may still withdraw.
        new("completed", 4, 70, 240, Matter: "divorce"), new("withdrawn", 3, 60, 230, Late: -9, Matter: "divorce"), new("lapsed", 2, 70, 220, Matter: "divorce"), new("completed", 2, 3, 15, Matter: "divorce"), new("completed", 2, 25, 30, Matter: "divorce"),
        new("no-agreement", 1, 20, 200, Matter: "divorce"),
    ];

    /// <summary>Whether it tells the stories of a matter itself.</summary>
    public static bool Names(string matter) => matter == "rural-dibao" || Couples.Any(k => k.Matter == matter);

    /// <summary>All stories of households and couples; a beginning of them is a smaller county.</summary>
    /// <param name="couples">Whether the county has a marriage registrar.</param>
    /// <param name="others">Stories of other matters, told once each kind of these has been.</param>
    public static IReadOnlyList<YearStory> Stories(bool couples, IReadOnlyList<YearStory>? others = null)
    {
        var kinds = couples ? [.. Kinds, .. Couples] : Kinds;
        var stories = new List<YearStory>();
        for (var round = 0; kinds.Any(k => k.Count > round); round++)
        {
            if (round == 1) stories.AddRange(others ?? []);
            foreach (var (kind, i) in kinds.Select((k, i) => (k, i)).Where(k => k.k.Count > round))
            {
                var story = new YearStory(First + 100 * round + i, kind.Matter, kind.Example, 0, kind.Stop, kind.Late, kind.Review, kind.Draft, kind.Idle);
                // Spread over the kind's time, each in its own part of it; kinds begin at different parts, so that a smaller county has a whole year too.
                stories.Add(story with { FiledAgo = kind.From + (int)((kind.To - kind.From + 1) / (double)kind.Count * ((round + 5 * i) % kind.Count + story.Dice.NextDouble())) });
            }
        }
        return stories;
    }
}
