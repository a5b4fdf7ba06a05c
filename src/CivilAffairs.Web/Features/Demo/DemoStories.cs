using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CivilAffairs.Engine.Time;
using CivilAffairs.Web.Features.Matters;

namespace CivilAffairs.Web.Features.Demo;

/// <summary>One case of the fictional county.</summary>
/// <param name="Example">File of the matter's examples, without <c>.json</c>.</param>
/// <param name="WeeksAgo">When it was filed: the example's weekday, so many weeks back.</param>
/// <param name="Stop">Activity that nobody has answered yet, with what follows; <c>opinion:1</c> keeps its first answer.</param>
/// <param name="Applicant">Index of the demo applicant who filed it online; null: filed at the counter.</param>
/// <param name="Late">Working days by which everything after acceptance is later than in the example.</param>
/// <param name="Draft">Saved with so many sections filled in, and not filed; null: filed.</param>
/// <param name="Review">What reopens it once it is decided: an example of the review, as many weeks back.</param>
internal sealed record DemoStory(string Example, int WeeksAgo, string? Stop = null, int? Applicant = null, DemoStory? Review = null, int? Draft = null, int Late = 0);

/// <summary>The cases that a newcomer finds: every state, some late, some waiting for whoever signs in.</summary>
internal static partial class DemoStories
{
    public static IReadOnlyList<DemoStory> All { get; } =
    [
        new("granted", 30), new("exact-amount", 26), new("agent-lives-elsewhere", 24), new("relative", 22), new("sample-drawn", 20),
        new("granted", 18, Applicant: 0), new("just-below-the-line", 16), new("check-objected", 14), new("corrected", 13), new("notice-objected", 12),
        new("refused", 13, Review: new("review-refusal-granted", 4)), new("opposed", 12, Review: new("review-refusal-kept", 1, Stop: "reviewRefused")), new("terminated", 10), new("withdrawn", 9), new("not-accepted", 9), new("correction-lapsed", 8),
        new("corrected-not-accepted", 8), new("equal-to-the-line", 7),
        new("granted", 9, Stop: "visit"), new("granted", 8, Stop: "opinion"), new("refused", 6, Stop: "confirmRefusal"), new("returned", 5, Stop: "opinion:1"),
        new("granted", 4, Stop: "confirm"), new("granted", 4, Stop: "countyReview"), new("notice-objected", 3, Stop: "revisit"), new("granted", 2, Stop: "countyReview", Applicant: 1),
        new("granted", 2, Late: 4), new("granted", 1, Stop: "check"), new("granted", 1, Stop: "visit"), new("corrected", 1, Stop: "correct", Applicant: 2),
        new("granted", 1, Stop: "accept"), new("agent-lives-elsewhere", 0, Stop: "accept"), new("granted", 0, Stop: "accept"),
        new("granted", 1, Applicant: 1, Draft: 3),
    ];

    private static readonly string[] Surnames = ["周", "吴", "郑", "孙", "钱", "冯", "陈", "褚", "卫", "蒋", "沈", "韩", "杨", "朱", "秦", "许", "何", "吕", "施", "张", "孔", "曹", "严", "华"];
    private static readonly string[] Given = ["大山", "秀兰", "春生", "桂花", "长河", "玉珍", "石头", "小满", "立秋", "冬梅", "福田", "银杏", "守田", "月英", "禾苗", "青松"];

    /// <summary>The example moved to its time and place, with people of its own.</summary>
    /// <param name="number">Makes the people; each number gives others.</param>
    /// <param name="today">The bureau's day.</param>
    public static ExampleFile Place(ExampleFile example, DemoStory story, int number, string village, DateOnly today)
    {
        var form = example.Form.ToJsonString(Plain).Replace((string)example.Form["applicant"]!["hukouDivision"]!, village, StringComparison.Ordinal);
        foreach (var id in Households.IdNumbers(form)) form = form.Replace(id, Households.Another(id, number), StringComparison.Ordinal);
        var names = Names(example.Form).Distinct().ToList();
        foreach (var (name, i) in names.Select((n, i) => (n, i)))
            form = form.Replace($"\"{name}\"", $"\"{Surnames[(number * 5 + i / 4) % Surnames.Length]}{Given[(number * 7 + i * 3) % Given.Length]}\"", StringComparison.Ordinal);

        var filed = DateOnly.FromDateTime(example.At.Date);
        var weeks = (int)Math.Floor((today.DayNumber - filed.DayNumber) / 7.0) - story.WeeksAgo;
        var answers = Answers(example, story.Stop).ToDictionary(a => a.Key, a => (IReadOnlyList<ExampleAnswer>)[.. a.Value.Select(answer => answer with
        {
            At = answer.At?.AddDays(7 * weeks),
            Result = answer.Result is null ? null : JsonNode.Parse(Shift(answer.Result.ToJsonString(Plain), 7 * weeks)),
        })]);
        return example with { At = example.At.AddDays(7 * weeks), Form = JsonNode.Parse(form)!.AsObject(), Answers = answers };
    }

    internal static IEnumerable<KeyValuePair<string, IReadOnlyList<ExampleAnswer>>> Answers(ExampleFile example, string? stop)
    {
        if (stop is null) return example.Answers;
        var (activity, kept) = stop.Split(':') is [var name, var count] ? (name, int.Parse(count, CultureInfo.InvariantCulture)) : (stop, 0);
        return example.Answers.Select(a => a.Key == activity ? KeyValuePair.Create(a.Key, (IReadOnlyList<ExampleAnswer>)[.. a.Value.Take(kept)]) : a);
    }

    /// <summary>What people are called in a form.</summary>
    /// <param name="more">Fields that hold a name besides those which every form calls so.</param>
    internal static IEnumerable<string> Names(JsonNode? node, string? field = null, IReadOnlySet<string>? more = null) => node switch
    {
        JsonObject map => map.SelectMany(p => Names(p.Value, p.Key, more)),
        JsonArray list => list.SelectMany(item => Names(item, field, more)),
        JsonValue value when (field is "name" or "agentName" or "holder" or "owner" or "signature" || more?.Contains(field ?? "") == true) && value.TryGetValue<string>(out var text) => [text],
        _ => [],
    };

    /// <summary>Every date of a text moved by so many days.</summary>
    internal static string Shift(string json, int days) => Day().Replace(json, m =>
        IsoDay.Read(m.Value) is { } day ? IsoDay.Write(day.AddDays(days)) : m.Value);

    internal static readonly JsonSerializerOptions Plain = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [GeneratedRegex(@"\d{4}-\d{2}-\d{2}")]
    private static partial Regex Day();
}
