using System.Text.Json.Nodes;
using CivilAffairs.Engine.Port;
using CivilAffairs.Web.Features.Designer.Changes;

namespace CivilAffairs.Web.Features.Designer.Diagram;

/// <summary>What became of a step or a way between two versions.</summary>
public enum SketchMark
{
    Same,
    Added,
    Removed,
    Changed,
}

/// <param name="X">Of its upper left corner; like all lengths in the diagram's own units, which are pixels at full size.</param>
/// <param name="Kind">What such an activity is called.</param>
/// <param name="HasInside">It holds steps of its own, which are drawn apart.</param>
public sealed record SketchStep(string Id, double X, double Y, double Width, double Height, LocalText Label, LocalText Kind, SketchMark Mark, bool HasInside);

/// <param name="Path">As SVG's <c>d</c>.</param>
/// <param name="Label">The outcome; null: its only one.</param>
public sealed record SketchWay(string Path, double LabelX, double LabelY, LocalText? Label, SketchMark Mark);

/// <summary>A flowchart as it is drawn on a page: where the manager put the steps, moved so that the upper left corner is 0, 0.</summary>
public sealed record DiagramSketch(IReadOnlyList<SketchStep> Steps, IReadOnlyList<SketchWay> Ways, double Width, double Height)
{
    private const double Margin = 40, StepWidth = 180, StepHeight = 60;

    /// <summary>Draws one flowchart.</summary>
    /// <param name="chart">An <c>Elsa.Flowchart</c>.</param>
    /// <param name="origin">Where the sheet begins: the same for both versions, so that what stayed stands at the same place.</param>
    internal static DiagramSketch Of(JsonObject chart, (double X, double Y) origin, ChangeNames names, Func<JsonObject, SketchMark> ofStep, Func<SketchEnds, SketchMark> ofWay)
    {
        var placed = Places(chart);
        var steps = StepsOf(chart).Select(s => (Json: s, Id: s["id"].Text()!)).Where(s => placed.ContainsKey(s.Id)).Select(s =>
        {
            var (x, y, width, height) = placed[s.Id];
            return new SketchStep(s.Id, x - origin.X + Margin, y - origin.Y + Margin, width, height, ActivityNames.Of(s.Json), ActivityNames.Kind(s.Json), ofStep(s.Json), SketchPairs.Inside(s.Json).Any());
        }).DistinctBy(s => s.Id).ToList();
        var byId = steps.ToDictionary(s => s.Id);
        var ends = SketchEnds.Of(chart).Where(e => byId.ContainsKey(e.From) && byId.ContainsKey(e.To)).ToList();
        var ways = new List<SketchWay>();
        foreach (var ports in ends.GroupBy(e => e.From))
        {
            var named = ports.Select(e => e.Port).Distinct().ToList();
            foreach (var end in ports) ways.Add(Way(byId[end.From], byId[end.To], (named.IndexOf(end.Port) + 1d) / (named.Count + 1), named.Count == 1 && end.Port == "Done" ? null : names.Outcome(end.Port), ofWay(end)));
        }
        return new(steps, ways, steps.Select(s => s.X + s.Width).DefaultIfEmpty(0).Max() + Margin, steps.Select(s => s.Y + s.Height).DefaultIfEmpty(0).Max() + Margin);
    }

    /// <summary>The least x and y of its steps.</summary>
    internal static (double X, double Y) Origin(params JsonObject?[] charts)
    {
        var all = charts.OfType<JsonObject>().SelectMany(c => Places(c).Values).ToList();
        return all.Count == 0 ? (0, 0) : (all.Min(p => p.X), all.Min(p => p.Y));
    }

    /// <summary>From the right side to the left; where that lies behind, under both.</summary>
    private static SketchWay Way(SketchStep from, SketchStep to, double share, LocalText? label, SketchMark mark)
    {
        var (x1, y1, x2, y2) = (from.X + from.Width, from.Y + from.Height * share, to.X, to.Y + to.Height / 2);
        FormattableString path;
        if (x2 - x1 > 24)
        {
            // Bends near the target: several that go there from afar join, and none crosses the steps between.
            var bend = x2 - 20;
            path = Math.Abs(y1 - y2) < 1 ? (FormattableString)$"M{x1} {y1}H{x2}" : $"M{x1} {y1}H{bend}V{y2}H{x2}";
        }
        else
        {
            var under = Math.Max(from.Y + from.Height, to.Y + to.Height) + 20;
            path = $"M{x1} {y1}h14V{under}H{x2 - 14}V{y2}H{x2}";
        }
        return new(FormattableString.Invariant(path), x1 + 6, y1 - 5, label, mark);
    }

    /// <summary>Where each step stands; those nobody placed come after the others, in a row below.</summary>
    private static Dictionary<string, (double X, double Y, double Width, double Height)> Places(JsonObject chart)
    {
        var placed = new Dictionary<string, (double X, double Y, double Width, double Height)>();
        var rest = new List<string>();
        foreach (var step in StepsOf(chart))
        {
            var drawn = step["metadata"]?["designer"] as JsonObject;
            if (Number(drawn?["position"]?["x"]) is { } x && Number(drawn?["position"]?["y"]) is { } y)
                placed.TryAdd(step["id"].Text()!, (x, y, Number(drawn?["size"]?["width"]) is > 0 and { } w ? w : StepWidth, Number(drawn?["size"]?["height"]) is > 0 and { } h ? h : StepHeight));
            else rest.Add(step["id"].Text()!);
        }
        var (left, below) = placed.Count == 0 ? (0, 0) : (placed.Values.Min(p => p.X), placed.Values.Max(p => p.Y + p.Height) + StepHeight);
        foreach (var (id, at) in rest.Distinct().Select((id, at) => (id, at))) placed.TryAdd(id, (left + at * (StepWidth + 80), below, StepWidth, StepHeight));
        return placed;
    }

    internal static IEnumerable<JsonObject> StepsOf(JsonObject chart) => (chart["activities"] as JsonArray ?? []).OfType<JsonObject>().Where(s => s["id"].Text() is { Length: > 0 });

    private static double? Number(JsonNode? node) => node is JsonValue value && value.TryGetValue<double>(out var number) && double.IsFinite(number) ? Math.Clamp(number, -50_000, 50_000) : null;
}

/// <summary>A way: from an outcome of one step to another step.</summary>
internal readonly record struct SketchEnds(string From, string Port, string To)
{
    public static IEnumerable<SketchEnds> Of(JsonObject chart) => (chart["connections"] as JsonArray ?? []).OfType<JsonObject>()
        .Select(c => new SketchEnds(c["source"].In("activity").Text() ?? "", c["source"].In("port").Text() is { Length: > 0 } port ? port : "Done", c["target"].In("activity").Text() ?? "")).Distinct();
}
