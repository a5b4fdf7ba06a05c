using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CivilAffairs.Web.Features.Matters;

namespace CivilAffairs.Web.Features.Designer.Papers;

/// <summary>Something that a template may name.</summary>
/// <param name="Group">What it belongs to: the first word of the name (<c>form</c>, <c>case</c>, <c>task</c>); <c>paper</c> for names of one word.</param>
/// <param name="Path">As Liquid says it: <c>form.village.name</c>.</param>
/// <param name="Insert">What is put into the text: with the filter that dates and money need.</param>
/// <param name="Label">The question's words where the name is an answer; null: the texts have words for it, or nobody.</param>
/// <param name="Sample">What stands there in the sample, shortened; empty where nothing does.</param>
internal sealed partial record PaperName(string Group, string Path, string Insert, Words? Label, string Sample)
{
    /// <summary>More than any form has; a page lists no more.</summary>
    public const int Most = 600;
    private const int LongestSample = 24;

    /// <param name="names">From <see cref="TryOut.TryOutPapers.Names"/>.</param>
    /// <param name="english">Dates are written as in English letters.</param>
    public static IReadOnlyList<PaperName> Of(MatterRevision revision, JsonObject names, bool english)
    {
        var found = new List<PaperName>();
        foreach (var (name, value) in names) Walk(name, value, value is JsonObject or JsonArray ? name : "paper");
        return [.. found.Take(Most)];

        void Walk(string path, JsonNode? value, string group)
        {
            if (value is JsonObject map)
                foreach (var (name, child) in map)
                {
                    // What Liquid could not say with a dot is of no use in a list to click.
                    if (Plain().IsMatch(name)) Walk($"{path}.{name}", child, group);
                }
            else if (value is JsonArray list)
            {
                var each = list.FirstOrDefault() is JsonObject first ? string.Join("　", first.Where(p => p.Value is JsonValue).Take(3).Select(p => Insert($"item.{p.Key}", p.Value))) : "{{ item }}";
                found.Add(new PaperName(group, path, $"{{% for item in {path} %}}\n{each}\n{{% endfor %}}", Label(path), list.Count.ToString(CultureInfo.InvariantCulture)));
            }
            else found.Add(new PaperName(group, path, Insert(path, value), Label(path), Shortened(value)));
        }

        string Insert(string path, JsonNode? value) => value is JsonValue text && text.TryGetValue<string>(out var written) && Day().IsMatch(written) ? $"{{{{ {path} | {(english ? "en_date" : "zh_date")} }}}}"
            : path.EndsWith("Fen", StringComparison.Ordinal) || Question(path)?.Type == "money" ? $"{{{{ {path} | money }}}}" : Question(path)?.Type == "textarea" ? $"{{{{ {path} | paragraphs }}}}" : $"{{{{ {path} }}}}";

        Words? Label(string path) => Question(path)?.Label;

        FormField? Question(string path) => path.Split('.') switch
        {
            ["form", var section, var field] => revision.Form.Sections.FirstOrDefault(s => s.Id == section)?.Fields.FirstOrDefault(f => f.Id == field),
            ["party", var role, var field] => revision.Form.Parties.Where(p => p.Role == role).SelectMany(p => revision.Form.Sections.Where(s => s.Id == p.Section)).SelectMany(s => s.Fields).FirstOrDefault(f => f.Id == field),
            ["task", _, var field] => revision.Form.TaskForms.Values.SelectMany(t => t.Fields).FirstOrDefault(f => f.Id == field),
            _ => null,
        };
    }

    private static string Shortened(JsonNode? value)
    {
        var text = value is null ? "" : value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>().ReplaceLineEndings(" ") : value.ToJsonString();
        return text.Length <= LongestSample ? text : text[..LongestSample] + "…";
    }

    [GeneratedRegex(@"^[A-Za-z_][\w-]*\z")]
    private static partial Regex Plain();

    [GeneratedRegex(@"^\d{4}-\d{2}-\d{2}\z")]
    private static partial Regex Day();
}
