using System.Text.Json.Nodes;
using CivilAffairs.Engine.Port;
using CivilAffairs.Web.Features.Designer.Changes;

namespace CivilAffairs.Web.Features.Designer.Diagram;

/// <summary>One flowchart before and after.</summary>
/// <param name="File">Path inside the matter's folder.</param>
/// <param name="Inside">The step it lies in; null: the workflow itself.</param>
/// <param name="Before">Null: there was none.</param>
/// <param name="Changes">How many steps and ways are marked, in either.</param>
public sealed record SketchPair(string File, LocalText Workflow, LocalText? Inside, DiagramSketch? Before, DiagramSketch? After, int Changes);

/// <summary>Draws two versions of a matter's workflows beside each other. Positions alone are no change.</summary>
internal static class SketchPairs
{
    /// <param name="before">Files of a version by their paths.</param>
    /// <returns>Only flowcharts in which something differs, in the order of files, what lies inside a step after what it lies in.</returns>
    public static IEnumerable<SketchPair> Of(IReadOnlyDictionary<string, string> before, IReadOnlyDictionary<string, string> after)
    {
        var names = new ChangeNames(before, after);
        foreach (var file in before.Keys.Union(after.Keys).Where(f => f.EndsWith(".workflow.json", StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            var (old, now) = (Read(before, file), Read(after, file));
            if (old is not null && now is not null && WorkflowChanges.IsLayout(old, now)) continue;
            var (charts, changed) = (Charts(old, null).Concat(Charts(now, null)).Select(c => c.Key).Distinct().ToList(), Differing(old, now));
            foreach (var key in charts)
            {
                var (a, b) = (Charts(old, null).FirstOrDefault(c => c.Key == key), Charts(now, null).FirstOrDefault(c => c.Key == key));
                var pair = Draw(file, names.File(file), (b.Step ?? a.Step) is { } step ? ActivityNames.Of(step) : null, a.Chart, b.Chart, names, changed);
                if (pair.Changes > 0) yield return pair;
            }
        }
    }

    private static SketchPair Draw(string file, LocalText workflow, LocalText? inside, JsonObject? before, JsonObject? after, ChangeNames names, HashSet<string> changed)
    {
        var origin = DiagramSketch.Origin(before, after);
        var (oldWays, nowWays) = (Ends(before), Ends(after));
        var (oldIds, nowIds) = (Ids(before), Ids(after));
        SketchMark Mark(JsonObject step, HashSet<string> others, SketchMark alone) => step["id"].Text() is { } id && !others.Contains(id) ? alone : changed.Contains(step["id"].Text()!) ? SketchMark.Changed : SketchMark.Same;
        var old = before is null ? null : DiagramSketch.Of(before, origin, names, s => Mark(s, nowIds, SketchMark.Removed), e => nowWays.Contains(e) ? SketchMark.Same : SketchMark.Removed);
        var now = after is null ? null : DiagramSketch.Of(after, origin, names, s => Mark(s, oldIds, SketchMark.Added), e => oldWays.Contains(e) ? SketchMark.Same : SketchMark.Added);
        // What was only changed is marked in both and counted once.
        var count = (old is null ? 0 : Marked(old)) + (now is null ? 0 : Marked(now)) - (old?.Steps.Count(s => s.Mark == SketchMark.Changed) ?? 0);
        return new(file, workflow, inside, old, now, count);
    }

    private static int Marked(DiagramSketch sketch) => sketch.Steps.Count(s => s.Mark != SketchMark.Same) + sketch.Ways.Count(w => w.Mark != SketchMark.Same);

    /// <summary>Ids of steps of which anything but their place differs, in themselves or in what lies inside.</summary>
    private static HashSet<string> Differing(JsonObject? before, JsonObject? after)
    {
        var (old, now) = (All(before), All(after));
        return [.. old.Keys.Where(id => now.TryGetValue(id, out var step) && !WorkflowChanges.IsLayout(old[id], step))];
    }

    private static Dictionary<string, JsonObject> All(JsonObject? definition)
    {
        var all = new Dictionary<string, JsonObject>();
        foreach (var (_, _, chart) in Charts(definition, null))
            foreach (var step in DiagramSketch.StepsOf(chart)) all.TryAdd(step["id"].Text()!, step);
        return all;
    }

    /// <summary>The root and every flowchart inside a step, by the ids on the way to it.</summary>
    private static IEnumerable<(string Key, JsonObject? Step, JsonObject Chart)> Charts(JsonObject? definition, JsonObject? step)
    {
        if ((step is null ? definition?["root"] : definition) is not JsonObject root) yield break;
        foreach (var (key, chart) in step is null ? [("", root)] : Inside(root))
        {
            if (chart["activities"] is not JsonArray) continue;
            yield return (step is null ? "" : $"{step["id"].Text()}/{key}", step, chart);
            foreach (var inner in DiagramSketch.StepsOf(chart).SelectMany(s => Charts(s, s))) yield return inner;
        }
    }

    /// <summary>Flowcharts that a step holds itself or in one of its parts.</summary>
    internal static IEnumerable<(string Key, JsonObject Chart)> Inside(JsonObject step)
    {
        if (step["activities"] is JsonArray) yield return ("", step);
        foreach (var (name, part) in step)
            if (part is JsonObject chart && chart["activities"] is JsonArray) yield return (name, chart);
    }

    private static HashSet<SketchEnds> Ends(JsonObject? chart) => chart is null ? [] : [.. SketchEnds.Of(chart)];
    private static HashSet<string> Ids(JsonObject? chart) => chart is null ? [] : [.. DiagramSketch.StepsOf(chart).Select(s => s["id"].Text()!)];
    private static JsonObject? Read(IReadOnlyDictionary<string, string> files, string file) => files.TryGetValue(file, out var text) ? JsonFile.Read(text).Root : null;
}
