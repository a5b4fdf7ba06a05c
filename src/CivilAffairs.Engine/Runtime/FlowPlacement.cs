using CivilAffairs.Engine.Definitions;
using CivilAffairs.Engine.Port;

namespace CivilAffairs.Engine.Runtime;

/// <summary>
/// Carries the counters of a running flowchart over to its new drawing, so that every join meets as many tokens as it
/// expects. What has passed stays passed, what is to come is still to come; where that cannot be, there is no safe place.
/// </summary>
/// <remarks>
/// A join compares the visits of its forward inputs with its own. So a new input must begin level with its target: one
/// short where its source is still to be left in this round, even where it lies behind. Then a chart that goes round again
/// passes new steps as any other.
/// </remarks>
internal sealed class FlowPlacement
{
    private readonly ActivityNode oldChart, newChart;
    private readonly FlowGraph was, becomes;
    private readonly FlowCounters counters;
    private readonly List<PlacementNote> remarks;
    private readonly Dictionary<string, string> forth = [], back = [];
    private readonly Dictionary<string, bool> active = [];
    private readonly HashSet<string> aheadBefore, aheadNow;

    /// <param name="chart">As it was.</param>
    /// <param name="target">As it becomes.</param>
    /// <param name="find">An activity's counterpart.</param>
    /// <param name="counters">Changed to fit <paramref name="target"/>.</param>
    /// <param name="running">What runs in it, with where it goes.</param>
    /// <param name="remarks">Added to.</param>
    internal FlowPlacement(ActivityNode chart, ActivityNode target, Func<ActivityNode, ActivityNode?> find, FlowCounters counters,
        IReadOnlyList<(ActivityContext Context, ActivityNode Target)> running, List<PlacementNote> remarks)
    {
        (oldChart, newChart, was, becomes, this.counters, this.remarks) = (chart, target, chart.Graph!, target.Graph!, counters, remarks);
        foreach (var node in chart.All("activities"))
            if (find(node) is { } there && there.Parent == target && forth.TryAdd(node.Id, there.Id)) back.TryAdd(there.Id, node.Id);
        // A run over a backward edge does not count as a visit, nor did its inputs.
        foreach (var (context, node) in running) active[node.Id] = active.GetValueOrDefault(node.Id) || !(context.Backward || context.Counted);
        aheadBefore = Ahead(was, running.Select(r => r.Context.Activity!.Id));
        aheadNow = Ahead(becomes, active.Keys);
    }

    internal IReadOnlyList<PlacementNote> Run()
    {
        var faults = new List<PlacementNote>();
        var fromStart = becomes.Start is { } start ? Ahead(becomes, [start.Id]) : [];
        var behind = active.Keys.Concat(aheadNow).SelectMany(becomes.Ancestors).ToHashSet();
        foreach (var node in newChart.All("activities"))
        {
            var old = back.GetValueOrDefault(node.Id);
            if (active.ContainsKey(node.Id)) continue;
            var (isAhead, wasAhead) = (aheadNow.Contains(node.Id), old is not null && aheadBefore.Contains(old));
            if (isAhead && !wasAhead && old is not null && Visits(old) > 0) faults.Add(Note(PlacementCode.WouldRepeat, node));
            else if (!isAhead && wasAhead && fromStart.Contains(node.Id)) faults.Add(Note(PlacementCode.WouldSkip, node));
            else if (old is null && !isAhead && Matters(node) && behind.Contains(node.Id)) remarks.Add(Note(PlacementCode.PassedOver, node));
        }
        var connections = Connections(faults);
        var activities = new Dictionary<string, int>();
        foreach (var (id, visits) in counters.Activities)
            if (forth.TryGetValue(id, out var there)) activities[there] = visits;
        counters.Activities = activities;
        counters.Followed = [.. counters.Followed.Select(Renamed).OfType<string>().Where(connections.ContainsKey)];
        counters.Connections = connections;
        return [.. faults.Distinct()];
    }

    /// <summary>Those that were there keep their counts, in their order; then those of new ones that do not begin with none.</summary>
    private Dictionary<string, int> Connections(List<PlacementNote> faults)
    {
        var kept = new Dictionary<string, int>();
        var there = becomes.Connections.ToDictionary(c => c.Key);
        var before = was.Connections.ToDictionary(c => c.Key);
        foreach (var (key, visits) in counters.Connections)
            if (Renamed(key) is { } name && there.TryGetValue(name, out var connection) && before.TryGetValue(key, out var old) && (becomes.IsForward(connection) == was.IsForward(old))) kept[name] = visits;
        foreach (var node in newChart.All("activities"))
        {
            var inputs = becomes.ForwardInbound(node.Id);
            var old = back.GetValueOrDefault(node.Id);
            var oldInputs = old is null ? [] : was.ForwardInbound(old);
            var same = oldInputs.Select(c => Renamed(c.Key)).ToHashSet().SetEquals(inputs.Select(c => c.Key));
            var known = oldInputs.Select(c => Renamed(c.Key)).ToHashSet();
            var joins = JoinMode(newChart, node.Id);
            if (old is not null && Loses(node.Id, old, oldInputs, inputs, JoinMode(oldChart, old) != joins)) faults.Add(Note(PlacementCode.JoinChanged, node));
            if (same) continue;
            var n = old is null ? 0 : Visits(old);
            foreach (var input in inputs.Where(c => !known.Contains(c.Key)))
            {
                var toCome = active.ContainsKey(input.Source) || aheadNow.Contains(input.Source);
                // What runs already cannot wait for it; and who waits for all would never have what is not to come.
                if (toCome ? active.ContainsKey(node.Id) : aheadNow.Contains(node.Id) && !active.ContainsKey(node.Id) && WaitsForAll(joins)) faults.Add(Note(PlacementCode.JoinChanged, node));
                var level = toCome ? n : n + (active.TryGetValue(node.Id, out var fresh) ? fresh ? 1 : 0 : aheadNow.Contains(node.Id) ? 1 : 0);
                if (level > 0) kept[input.Key] = level;
                else kept.Remove(input.Key);
            }
            // What it still waited for is gone: nothing would ever come that lets it go on.
            if (aheadNow.Contains(node.Id) && !active.ContainsKey(node.Id) && inputs.Count > 0 && inputs.All(c => kept.GetValueOrDefault(c.Key) > n)) faults.Add(Note(PlacementCode.JoinChanged, node));
        }
        return kept;
    }

    /// <summary>
    /// Whether a new drawing loses something that has arrived at a join: counts that are out of step, a token whose connection
    /// is gone, or one that would be counted in another way. An input that is still to come may come by another way.
    /// </summary>
    private bool Loses(string id, string old, IReadOnlyList<Connection> before, IReadOnlyList<Connection> after, bool otherMode)
    {
        var n = Visits(old);
        var passed = n + (active.GetValueOrDefault(id) ? 1 : 0);
        var there = after.Select(c => c.Key).ToHashSet();
        var changed = !before.Select(c => Renamed(c.Key)).ToHashSet().SetEquals(there);
        if (!changed && !otherMode) return false;
        if (before.Any(c => Count(c) < passed || Count(c) > n + 1)) return true;
        var arrived = before.Where(c => Count(c) > passed && counters.Followed.Contains(c.Key)).ToList();
        if (arrived.Count == 0) return false;
        return otherMode || arrived.Exists(c => Renamed(c.Key) is not { } name || !there.Contains(name))
            || after.Any(c => !before.Any(b => Renamed(b.Key) == c.Key) && !active.ContainsKey(c.Source) && !aheadNow.Contains(c.Source));

        int Count(Connection connection) => counters.Connections.GetValueOrDefault(connection.Key);
    }

    /// <summary>A mode that is computed may be any.</summary>
    private static bool WaitsForAll(string mode) => mode.Length > 0 && !mode.Contains("\"WaitAny\"", StringComparison.Ordinal) && !mode.Contains("\"WaitAllActive\"", StringComparison.Ordinal) && mode != "null";

    private static HashSet<string> Ahead(FlowGraph graph, IEnumerable<string> starts)
    {
        var found = new HashSet<string>();
        var stack = new Stack<string>(starts);
        while (stack.TryPop(out var at))
            foreach (var connection in graph.Outbound(at))
                if (graph.IsForward(connection) && found.Add(connection.Target)) stack.Push(connection.Target);
        return found;
    }

    /// <summary>The key of a connection under the new names of its ends; null where an end is gone.</summary>
    private string? Renamed(string key)
    {
        var parts = key.Split('|');
        return parts.Length == 4 && forth.TryGetValue(parts[0], out var source) && forth.TryGetValue(parts[2], out var target) ? $"{source}|{parts[1]}|{target}|{parts[3]}" : null;
    }

    /// <summary>Elsa's default counts every input; a join says how.</summary>
    private static string JoinMode(ActivityNode chart, string id) =>
        chart.Graph!.Node(id) is { Type: "Elsa.FlowJoin" } join ? Json.Write(join.Raw["mode"]) : "";

    /// <summary>Steps of people and of the law; a decision or a variable is nothing to tell.</summary>
    private static bool Matters(ActivityNode node) => node.Type.StartsWith("CivilAffairs.", StringComparison.Ordinal);

    private int Visits(string old) => counters.Activities.GetValueOrDefault(old);
    private static PlacementNote Note(PlacementCode code, ActivityNode node) => new(code, Naming.Of(node));
}
