using System.Text.Json;
using System.Text.Json.Nodes;
using CivilAffairs.Engine.Checks;
using CivilAffairs.Engine.Port;
using CivilAffairs.Web.Features.Matters;

namespace CivilAffairs.Web.Features.CommandLine;

/// <summary>
/// <c>check [PATH…]</c>: one line per fault (<c>file: place: sentence</c>), exit code 1 where there is any. A path is a
/// definition or a folder; without one, <c>workflows</c>. A folder with a <c>matter.json</c> is checked whole: matter,
/// form, templates, workflows, examples. <c>--en</c> gives the sentences in English.
/// </summary>
internal static class CheckVerb
{
    private sealed record Fault(string File, string Place, LocalText Text);

    internal static int Execute(string[] args, TextWriter output)
    {
        var english = args.Contains("--en");
        var paths = args.Where(a => !a.StartsWith("--", StringComparison.Ordinal)).ToList();
        if (args.FirstOrDefault(a => a.StartsWith("--", StringComparison.Ordinal) && a != "--en") is { } unknown)
            throw new UsageException($"check does not know '{unknown}'. Usage: check [PATH…] [--en]");
        var faults = 0;
        foreach (var fault in (paths.Count > 0 ? paths : ["workflows"]).SelectMany(Check))
        {
            faults++;
            output.WriteLine($"{fault.File}: {(fault.Place is "" or "$" ? "-" : fault.Place)}: {(english ? fault.Text.En : fault.Text.Zh).ReplaceLineEndings(" ")}");
        }
        return faults > 0 ? 1 : 0;
    }

    private static IEnumerable<Fault> Check(string path)
    {
        if (File.Exists(path)) return Definition(path);
        if (!Directory.Exists(path)) throw new UsageException($"There is no file or folder {path}.");
        var matters = Directory.EnumerateFiles(path, "matter.json", SearchOption.AllDirectories).Select(f => Path.GetDirectoryName(f)!).Order(StringComparer.Ordinal).ToList();
        var others = Directory.EnumerateFiles(path, "*.json", SearchOption.AllDirectories)
            .Where(f => !matters.Exists(m => f.StartsWith(m + Path.DirectorySeparatorChar, StringComparison.Ordinal)))
            .Where(f => f.EndsWith(".workflow.json", StringComparison.Ordinal) || (!f.EndsWith(".expected.json", StringComparison.Ordinal) && LooksLikeDefinition(f)))
            .Order(StringComparer.Ordinal);
        return Matters(matters, whole: !File.Exists(Path.Combine(path, "matter.json"))).Concat(others.SelectMany(Definition));
    }

    /// <param name="whole">These are all the matters: what one opens in another must be there.</param>
    private static IEnumerable<Fault> Matters(List<string> folders, bool whole)
    {
        var loaded = folders.ConvertAll(f => (Folder: f, Matter: MatterFolder.Load(f)));
        var all = loaded.Select(l => l.Matter.Revision).OfType<MatterRevision>().GroupBy(r => r.Matter.Id).ToDictionary(g => g.Key, g => g.First().Matter);
        return loaded.SelectMany(l => l.Matter.Faults.Where(f => f.IsError).Concat(whole && l.Matter.Revision is { } revision ? WorkflowReferences.Links(revision, all) : [])
            .Select(f => new Fault(Path.Combine(l.Folder, f.File), f.Path, f.Text)));
    }

    private static IEnumerable<Fault> Definition(string file) =>
        DefinitionCheck.Run(File.ReadAllText(file), Surroundings(file)).Select(f => new Fault(file, f.ActivityId, f.Message));

    private static T? Read<T>(string folder, string name) where T : MatterPart =>
        Path.Combine(folder, name) is var path && File.Exists(path) ? MatterJson.Read<T>(name, File.ReadAllText(path), []) : null;

    private static bool LooksLikeDefinition(string file)
    {
        try
        {
            return JsonNode.Parse(File.ReadAllText(file)) is JsonObject json && json["root"] is JsonObject;
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            // Other JSON files of the folder have checks of their own.
            return false;
        }
    }

    /// <summary>The matter beside the definition says which roles, parameters and facts exist; one that cannot be read has faults of its own.</summary>
    private static CheckSurroundings Surroundings(string file)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(file))!;
        return Read<MatterFile>(folder, "matter.json") is not { } matter ? new CheckSurroundings()
            : WorkflowReferences.Surroundings(matter, Read<Features.Matters.FormFile>(folder, "form.json"), matter.Workflows.Values.Select(f => Path.Combine(folder, f)).Where(File.Exists).Select(File.ReadAllText));
    }
}
