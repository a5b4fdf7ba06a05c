using System.Text.Json.Nodes;

namespace CivilAffairs.Engine.Definitions;

/// <summary>A connection of a flowchart; two equal ones are one.</summary>
public sealed record Connection(string Source, string Port, string Target, string TargetPort)
{
    /// <summary>What counters are kept under.</summary>
    internal string Key { get; } = $"{Source}|{Port}|{Target}|{TargetPort}";
}

/// <summary>
/// The graph of one flowchart: where it starts, which edges go forward, and whether a backward edge is allowed
/// (Elsa 3.6 counter-based flowcharts).
/// </summary>
public sealed class FlowGraph
{
    private readonly Dictionary<string, List<Connection>> outbound = [];
    private readonly Dictionary<string, List<Connection>> forwardInbound = [];
    private readonly HashSet<(string, string)> forward = [];
    private readonly Dictionary<string, HashSet<string>> ancestors = [];
    private readonly Dictionary<string, ActivityNode> nodes = [];

    private FlowGraph(ActivityNode flowchart, List<Connection> connections)
    {
        Connections = connections;
        foreach (var node in flowchart.All("activities"))
            nodes.TryAdd(node.Id, node);
        foreach (var connection in connections)
            (outbound.TryGetValue(connection.Source, out var list) ? list : outbound[connection.Source] = []).Add(connection);
        Start = FindStart(flowchart);
        if (Start is not null) FindForwardEdges(Start.Id);
    }

    public IReadOnlyList<Connection> Connections { get; }

    /// <summary>Null only in an empty flowchart.</summary>
    public ActivityNode? Start { get; }

    public ActivityNode? Node(string id) => nodes.GetValueOrDefault(id);
    public IReadOnlyList<Connection> Outbound(string id) => outbound.TryGetValue(id, out var list) ? list : [];
    public IReadOnlyList<Connection> ForwardInbound(string id) => forwardInbound.TryGetValue(id, out var list) ? list : [];
    public bool IsForward(Connection connection) => forward.Contains((connection.Source, connection.Target));

    internal static FlowGraph Build(ActivityNode flowchart)
    {
        var connections = new List<Connection>();
        foreach (var item in (flowchart.Raw["connections"] as JsonArray ?? []).OfType<JsonObject>())
        {
            var (source, port) = End(item, "source", "sourcePort", "Done");
            var (target, targetPort) = End(item, "target", "targetPort", "In");
            if (source is not null && target is not null)
                connections.Add(new Connection(source, port, target, targetPort));
        }
        // Written twice, a connection is still one.
        return new FlowGraph(flowchart, [.. connections.Distinct()]);
    }

    /// <summary>Reads both file forms: <c>source:{activity,port}</c> and the older <c>source, sourcePort</c>.</summary>
    private static (string? Activity, string Port) End(JsonObject item, string property, string portProperty, string defaultPort) =>
        item[property] is JsonObject end
            ? (Json.Text(end["activity"]), Json.Text(end["port"]) ?? defaultPort)
            : (Json.Text(item[property]), Json.Text(item[portProperty]) ?? defaultPort);

    private ActivityNode? FindStart(ActivityNode flowchart)
    {
        var activities = flowchart.All("activities");
        if (Json.Text(flowchart.Raw["start"]) is { } named && nodes.TryGetValue(named, out var chosen)) return chosen;
        var targets = Connections.Select(c => c.Target).ToHashSet();
        return activities.FirstOrDefault(a => a.Type == "Elsa.Start")
            ?? activities.FirstOrDefault(a => a.CanStartWorkflow)
            ?? activities.FirstOrDefault(a => !targets.Contains(a.Id))
            ?? (activities.Count > 0 ? activities[0] : null);
    }

    /// <summary>Breadth-first; an edge that would close a circle of accepted edges is backward.</summary>
    private void FindForwardEdges(string start)
    {
        var queue = new Queue<string>([start]);
        var dequeued = new HashSet<string>();
        while (queue.TryDequeue(out var source))
        {
            if (!dequeued.Add(source)) continue;
            foreach (var connection in Outbound(source))
            {
                var target = connection.Target;
                if (!nodes.ContainsKey(target)) continue;
                if (forward.Contains((source, target))) continue;
                if (source == target || Reaches(target, source)) continue;
                forward.Add((source, target));
                if (!dequeued.Contains(target)) queue.Enqueue(target);
            }
        }
        foreach (var connection in Connections.Where(IsForward))
        {
            var list = forwardInbound.TryGetValue(connection.Target, out var known) ? known : forwardInbound[connection.Target] = [];
            if (!list.Contains(connection)) list.Add(connection);
        }
    }

    private bool Reaches(string from, string to, string? avoiding = null)
    {
        if (from == avoiding) return false;
        var seen = new HashSet<string> { from };
        var stack = new Stack<string>([from]);
        while (stack.TryPop(out var at))
        {
            if (at == to) return true;
            foreach (var next in Outbound(at))
                if (next.Target != avoiding && forward.Contains((at, next.Target)) && seen.Add(next.Target))
                    stack.Push(next.Target);
        }
        return false;
    }

    /// <summary>
    /// True where every forward path from the start to the source goes through the target: the target dominates the
    /// source. Cutting the target out and looking whether the source is still reached costs one walk, where listing
    /// the paths would cost 2^n for n diamonds.
    /// </summary>
    public bool IsValidBackward(Connection connection) =>
        Start is not null && (connection.Source == connection.Target || !Reaches(Start.Id, connection.Source, avoiding: connection.Target));

    /// <summary>All activities from which forward edges lead to this one.</summary>
    public IReadOnlySet<string> Ancestors(string id)
    {
        lock (ancestors)
        {
            if (ancestors.TryGetValue(id, out var known)) return known;
            var found = new HashSet<string>();
            var stack = new Stack<string>([id]);
            while (stack.TryPop(out var at))
                foreach (var inbound in ForwardInbound(at))
                    if (found.Add(inbound.Source)) stack.Push(inbound.Source);
            return ancestors[id] = found;
        }
    }
}
