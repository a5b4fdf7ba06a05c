using System.Text.Json;
using System.Text.Json.Nodes;
using CivilAffairs.Engine.Checks;

namespace CivilAffairs.Web.Features.CommandLine;

/// <summary>
/// <c>check [PATH…]</c>: one line per fault (<c>file: activity: sentence</c>), exit code 1 where there is any. A path is a
/// definition or a folder; without one, <c>workflows</c>. <c>--en</c> gives the sentences in English.
/// </summary>
internal static class CheckVerb
{
    internal static int Execute(string[] args, TextWriter output)
    {
        var english = args.Contains("--en");
        var paths = args.Where(a => !a.StartsWith("--", StringComparison.Ordinal)).ToList();
        if (args.FirstOrDefault(a => a.StartsWith("--", StringComparison.Ordinal) && a != "--en") is { } unknown)
            throw new UsageException($"check does not know '{unknown}'. Usage: check [PATH…] [--en]");
        var faults = 0;
        foreach (var file in (paths.Count > 0 ? paths : ["workflows"]).SelectMany(Definitions))
            foreach (var finding in DefinitionCheck.Run(File.ReadAllText(file), Surroundings(file)))
            {
                faults++;
                output.WriteLine($"{file}: {(finding.ActivityId.Length > 0 ? finding.ActivityId : "-")}: {OneLine(english ? finding.Message.En : finding.Message.Zh)}");
            }
        return faults > 0 ? 1 : 0;
    }

    private static IEnumerable<string> Definitions(string path)
    {
        if (File.Exists(path)) return [path];
        if (!Directory.Exists(path)) throw new UsageException($"There is no file or folder {path}.");
        return Directory.EnumerateFiles(path, "*.json", SearchOption.AllDirectories)
            .Where(f => f.EndsWith(".workflow.json", StringComparison.Ordinal) || (!f.EndsWith(".expected.json", StringComparison.Ordinal) && LooksLikeDefinition(f)))
            .Order(StringComparer.Ordinal);
    }

    private static bool LooksLikeDefinition(string file)
    {
        try
        {
            return JsonNode.Parse(File.ReadAllText(file)) is JsonObject json && json["root"] is JsonObject;
        }
        catch (JsonException)
        {
            // Other JSON files of the folder have checks of their own.
            return false;
        }
    }

    /// <summary>The matter beside the definition says which parameters exist.</summary>
    private static CheckSurroundings Surroundings(string file)
    {
        var matter = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(file))!, "matter.json");
        if (!File.Exists(matter) || JsonNode.Parse(File.ReadAllText(matter)) is not JsonObject json) return new CheckSurroundings();
        HashSet<string>? keys = json["parameters"] switch
        {
            JsonObject byKey => [.. byKey.Select(p => p.Key)],
            JsonArray list => [.. list.OfType<JsonObject>().Select(p => p["key"]?.GetValue<string>()).OfType<string>()],
            _ => null,
        };
        return new CheckSurroundings(ParameterKeys: keys);
    }

    private static string OneLine(string text) => text.ReplaceLineEndings(" ");
}
