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
            var expected = JsonNode.Parse(File.ReadAllText(file))!.AsObject();
            // A defect that is only about cost has a right result.
            var isDefect = expected["defect"] is { } defect && defect.ToJsonString() != "\"path-enumeration\"";
            List<string> differences;
            try
            {
                differences = Conformance.Differences(File.ReadAllText(definition), expected);
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                differences = [$"crashed: {e.GetType().Name}: {e.Message}"];
                isDefect = false;
            }
            foreach (var difference in differences)
                output.WriteLine(isDefect ? $"note {name} ({expected["defect"]!.ToJsonString()}): {difference}" : $"{name}: {difference}");
            if (differences.Count > 0 && !isDefect) failed++;
            else passed++;
        }
        output.WriteLine($"{passed} passed, {failed} failed");
        return failed == 0 ? 0 : 1;
    }
}
