using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace CivilAffairs.Web.Features.Designer.Papers;

/// <summary>A place that names a template.</summary>
/// <param name="File">Path inside the folder.</param>
/// <param name="Path">JSON path.</param>
/// <param name="Activity">Id of the workflow's activity; null: the place lies in no workflow.</param>
/// <param name="Type">Of the activity, with its <c>CivilAffairs.</c>.</param>
internal sealed record PaperUse(string File, string Path, string? Activity, string? Type);

/// <summary>Where the templates of a matter are used: steps of its workflows, forms that show them, reminders.</summary>
internal static class PaperUses
{
    /// <summary>Every place in one pass over the files, those included that a script names; examples only expect papers and use none.</summary>
    /// <returns>Template's file name → its places in the order of files; files that are no JSON say nothing.</returns>
    public static ILookup<string, PaperUse> Of(IReadOnlyDictionary<string, string> files, IEnumerable<string> templates)
    {
        var wanted = templates.Select(t => (Name: t, Pattern: new Regex($@"(?<![\w.\-]){Regex.Escape(t)}(?![\w\-])", RegexOptions.None, TimeSpan.FromSeconds(1)))).ToList();
        return files.Where(f => f.Key.EndsWith(".json", StringComparison.Ordinal) && !f.Key.StartsWith("examples/", StringComparison.Ordinal))
            .SelectMany(f => Texts(f.Key, f.Value)).SelectMany(t => wanted.Where(w => t.Text.Contains(w.Name, StringComparison.Ordinal) && w.Pattern.IsMatch(t.Text)).Select(w => (w.Name, t.Use)))
            .DistinctBy(u => (u.Name, u.Use.File, u.Use.Activity, u.Use.Activity is null ? u.Use.Path : "")).ToLookup(u => u.Name, u => u.Use);
    }

    private static List<(string Text, PaperUse Use)> Texts(string file, string json)
    {
        var found = new List<(string, PaperUse)>();
        try
        {
            Walk(JsonNode.Parse(json), new PaperUse(file, "$", null, null), found);
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            // The check tells of it; what cannot be read uses nothing.
        }
        return found;
    }

    private static void Walk(JsonNode? node, PaperUse at, List<(string, PaperUse)> found)
    {
        switch (node)
        {
            case JsonObject map:
                if (at.File.EndsWith(".workflow.json", StringComparison.Ordinal) && JsonFile.Text(map["id"]) is { } id && JsonFile.Text(map["type"]) is { } type) at = at with { Activity = id, Type = type };
                foreach (var (name, child) in map)
                    // The list of templates itself is no use of them.
                    if (at is not { File: "matter.json", Path: "$" } || name != "templates") Walk(child, at with { Path = $"{at.Path}.{name}" }, found);
                break;
            case JsonArray list:
                foreach (var (item, i) in list.Select((item, i) => (item, i))) Walk(item, at with { Path = $"{at.Path}[{i}]" }, found);
                break;
            case JsonValue value when value.TryGetValue<string>(out var text):
                found.Add((text, at));
                break;
        }
    }
}
