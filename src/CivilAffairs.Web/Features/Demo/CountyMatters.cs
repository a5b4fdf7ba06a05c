using System.Text.Json.Nodes;
using CivilAffairs.Web.Features.Matters;

namespace CivilAffairs.Web.Features.Demo;

/// <summary>
/// The matters that <see cref="CountyPlan"/> does not name, told by their own examples: one for each way in which a case of it can end, and
/// the longest once more, which is under way now. Nothing says which matters there are, so a folder that is added is in the county as well.
/// </summary>
internal static class CountyMatters
{
    /// <summary>People of these stories are not those of <see cref="CountyPlan"/>.</summary>
    private const int First = 9_000, PerMatter = 20;

    /// <summary>Days of a story that fits into the year.</summary>
    private const int Longest = 270;

    /// <param name="offered">Revisions of all matters that people can apply for.</param>
    public static IReadOnlyList<YearStory> Stories(IEnumerable<MatterRevision> offered)
    {
        var stories = new List<YearStory>();
        foreach (var (revision, m) in offered.Where(r => r.Matter.Applicants.Channels.Contains("counter") && r.Form.Subject is null && !CountyPlan.Names(r.Matter.Id)).OrderBy(r => r.Matter.Id, StringComparer.Ordinal).Select((r, m) => (r, m)))
        {
            var ends = revision.Examples.Where(e => StandsAlone(e.Value) && Lasts(e.Value) <= Longest).GroupBy(e => e.Value.Expect.Statuses[^1]).Select(g => g.MaxBy(e => e.Value.Answers.Count)).ToList();
            if (ends.Count == 0) continue;
            // Each in its own part of the year, so long ago that it has come to its end.
            foreach (var (example, i) in ends.Take(PerMatter - 1).Select((e, i) => (e, i))) stories.Add(Story(i, example.Key, Math.Max(35 + (37 * m + 53 * i) % 190, 5 * Lasts(example.Value) / 7 + 15)));
            stories.Add(Story(PerMatter - 1, ends.MaxBy(e => e.Value.Answers.Count).Key, 1 + m % 7));

            YearStory Story(int i, string file, int ago) => new(First + PerMatter * m + i, revision.Matter.Id, file[..^".json".Length], ago);
        }
        return stories;
    }

    /// <summary>Everybody in it becomes somebody else of the same age on the new day, in another village.</summary>
    /// <param name="number">Each gives other people.</param>
    /// <param name="village">Whose offices handle it: code and name.</param>
    /// <param name="from">When the story begins.</param>
    public static ExampleFile Settle(ExampleFile example, Matters.FormFile form, int number, (string Code, string Name) village, DateOnly from)
    {
        ArgumentNullException.ThrowIfNull(example);
        ArgumentNullException.ThrowIfNull(form);
        var began = DateOnly.FromDateTime(example.At.Date);
        var text = DemoStories.Shift(example.Form.ToJsonString(DemoStories.Plain), from.DayNumber - began.DayNumber);
        var months = 12 * (from.Year - began.Year) + from.Month - began.Month;
        foreach (var id in Households.IdNumbers(text)) text = text.Replace(id, Households.Another(id, number, months), StringComparison.Ordinal);
        foreach (var (name, i) in DemoStories.Names(example.Form, more: form.Parties.Select(p => p.Name).ToHashSet()).Distinct().Select((n, i) => (n, i)))
            text = text.Replace($"\"{name}\"", $"\"{Families.Surnames[(number + 5 * i) % Families.Surnames.Count]}{Families.Given[(3 * number + 7 * i) % Families.Given.Count]}\"", StringComparison.Ordinal);
        text = text.Replace("柳树村", village.Name, StringComparison.Ordinal);
        var settled = JsonNode.Parse(text)!.AsObject();
        foreach (var path in new[] { "applicant.hukouDivision", form.Place }.OfType<string>().Select(p => p.Split('.')))
            if (settled[path[0]] is JsonObject section && (string?)section[path[1]] is { } place && place.StartsWith(County.Code, StringComparison.Ordinal)) section[path[1]] = village.Code;
        return example with { Form = settled };
    }

    /// <summary>Days from its filing to its last answer.</summary>
    private static int Lasts(ExampleFile example) => (int)(example.Answers.SelectMany(a => a.Value).Select(a => a.At ?? example.At).Append(example.At).Max() - example.At).TotalDays;

    /// <summary>Needs nothing that registers or other offices would have to hold first.</summary>
    private static bool StandsAlone(ExampleFile example) =>
        example.Workflow == "apply" && example.Expect.Statuses.Count > 0 && example.Before.Count == 0 && example.Found.Count == 0 && example.Inputs.Count == 0 && example.Parameters.Count == 0 && !example.SampleSelects;
}
