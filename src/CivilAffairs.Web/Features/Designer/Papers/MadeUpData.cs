using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CivilAffairs.Web.Platform.Time;

namespace CivilAffairs.Web.Features.Designer.Papers;

/// <summary>
/// What a step's <c>data</c> would bring to its template, where no case has come about: a script is not run, its names are told. Each is
/// what the template treats it as, a day, money, a figure or a thing with members; else a text that says its name.
/// </summary>
internal static partial class MadeUpData
{
    /// <param name="template">As it is stored.</param>
    /// <returns>Null: the step brings none.</returns>
    public static JsonObject? Of(JsonObject activity, string template, DateOnly today)
    {
        var value = (activity["data"] as JsonObject)?["expression"]?["value"];
        if (value is JsonObject literal) return literal.DeepClone().AsObject();
        if (JsonFile.Text(value) is not { } script) return null;
        var data = new JsonObject();
        foreach (var name in Member().Matches(script).Select(m => m.Groups[1].Value).Distinct())
        {
            var uses = Use(name).Matches(template).Select(m => (Member: m.Groups[1].Value, Filter: m.Groups[2].Value)).ToList();
            var members = uses.Where(u => u.Member.Length > 0).ToList();
            // One that chooses a party: the one that every case has.
            data[name] = template.Contains($"[{name}]", StringComparison.Ordinal) ? "applicant" : members.Count == 0 ? Value(name, uses.Select(u => u.Filter), today)
                : new JsonObject(members.DistinctBy(m => m.Member).Select(m => KeyValuePair.Create(m.Member, Value(m.Member, members.Where(u => u.Member == m.Member).Select(u => u.Filter), today))));
        }
        return data;
    }

    private static JsonNode? Value(string name, IEnumerable<string> filters, DateOnly today)
    {
        var used = filters.FirstOrDefault(f => f.Length > 0 && f != "default");
        if (used is "zh_date" or "en_date" or "zh_numeral_date" or "zh_month" || (used is null && Day().IsMatch(name))) return BureauTime.Iso(today);
        if (used is "money" or "zh_money" || name.EndsWith("Fen", StringComparison.Ordinal)) return 120_000;
        return used is "zh_number" or "plus" or "minus" or "times" || Figure().IsMatch(name) ? 3 : $"（{name}）";
    }

    private static Regex Use(string name) => new($@"(?<![\w.\-]){Regex.Escape(name)}(?![\w\-])(?:\.(\w+))?(?:\s*\|\s*(\w+))?", RegexOptions.None, TimeSpan.FromSeconds(1));

    // "name: …" of an object in a script, or "\"name\": …".
    [GeneratedRegex(@"(?<![\w$.?])[""']?([A-Za-z_]\w*)[""']?\s*:(?!:)")]
    private static partial Regex Member();

    [GeneratedRegex(@"(?:On|Day|Date|End|From|To)\z|^(?:date|day)\z")]
    private static partial Regex Day();

    [GeneratedRegex(@"(?i)(?:years|months|days|count|persons|members)\z")]
    private static partial Regex Figure();
}
