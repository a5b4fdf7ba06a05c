using System.Text.Json;
using System.Text.Json.Nodes;

namespace CivilAffairs.Web.Features.CommandLine;

/// <summary>
/// <c>conform DIR</c>: runs every definition of a folder against its <c>.expected.json</c>; one line per difference, last
/// line <c>N passed, N failed</c>. An entry that shows a defect of Elsa must run without a crash; its difference is a note.
/// </summary>
internal static class ConformVerb
{
    internal static int Execute(string[] args, TextWriter output)
    {
        if (args.Length != 1) throw new UsageException("Usage: conform DIR");
        if (!Directory.Exists(args[0])) throw new UsageException($"There is no folder {args[0]}.");
        var (passed, failed) = (0, 0);
        foreach (var file in Directory.EnumerateFiles(args[0], "*.expected.json").Order(StringComparer.Ordinal))
        {
            var name = Path.GetFileName(file)[..^".expected.json".Length];
            var definition = Path.Combine(args[0], name + ".json");
            JsonNode? defect = null;
            List<string> differences;
            try
            {
                var expected = JsonNode.Parse(File.ReadAllText(file)) as JsonObject ?? throw new JsonException($"{Path.GetFileName(file)} is not a JSON object.");
                defect = expected["defect"];
                differences = Conformance.Differences(File.ReadAllText(definition), expected);
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                differences = [$"crashed: {e.GetType().Name}: {e.Message.ReplaceLineEndings(" ")}"];
                defect = null; // not even a defect excuses a crash
            }
            foreach (var difference in differences)
                output.WriteLine(defect is not null ? $"note {name} ({defect.ToJsonString()}): {difference}" : $"{name}: {difference}");
            if (differences.Count > 0 && defect is null) failed++;
            else passed++;
        }
        foreach (var alone in Directory.EnumerateFiles(args[0], "*.json").Order(StringComparer.Ordinal).Where(f => !f.EndsWith(".expected.json", StringComparison.Ordinal) && !File.Exists(f[..^".json".Length] + ".expected.json")))
            output.WriteLine($"note {Path.GetFileNameWithoutExtension(alone)}: there is no .expected.json beside it");
        output.WriteLine($"{passed} passed, {failed} failed");
        return failed == 0 ? 0 : 1;
    }
}
