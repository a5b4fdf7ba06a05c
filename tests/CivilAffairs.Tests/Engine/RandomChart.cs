using CivilAffairs.Tests.Support;

namespace CivilAffairs.Tests.Engine;

/// <summary>A small flowchart from a seed: steps, decisions, forks and joins of the three modes, ways back that end.</summary>
internal sealed class RandomChart
{
    private readonly Dictionary<string, (string Type, string Detail)> activities = [];

    internal sealed record Edge(string From, string Port, string To);

    /// <param name="backward">Ways back, each through a decision that says yes a few times.</param>
    /// <param name="modes">Modes that joins may have.</param>
    internal RandomChart(int seed, int backward, params string[] modes)
    {
        var random = new Random(seed);
        activities["a0"] = ("Step", "");
        var size = random.Next(4, 14);
        for (var i = 1; i < size; i++)
        {
            activities[$"a{i}"] = random.Next(10) switch
            {
                < 4 => ("Step", ""),
                < 6 => ("Decision", random.Next(2) == 0 ? "True" : "False"),
                < 7 => ("Fork", "a b c"[..(random.Next(3) * 2 + 1)]),
                _ => ("Join", modes[random.Next(modes.Length)]),
            };
            foreach (var from in Enumerable.Range(0, random.Next(1, 4)).Select(_ => random.Next(Math.Max(0, i - 4), i)).Distinct())
                Add(new Edge($"a{from}", Port($"a{from}", random), $"a{i}"));
        }
        for (var b = 0; b < backward; b++)
        {
            var (late, early) = (random.Next(2, size), random.Next(1, 3));
            activities[$"b{b}"] = ("Again", $"{random.Next(1, 3)}");
            Add(new Edge($"a{late}", Port($"a{late}", random), $"b{b}"));
            Add(new Edge($"b{b}", "True", $"a{Math.Min(early, late)}"));
        }
    }

    internal const string Start = "a0";
    internal List<Edge> Edges { get; } = [];
    internal IEnumerable<string> Steps => activities.Where(a => a.Value.Type == "Step").Select(a => a.Key);
    internal string Mode(string activity) => activities[activity] is ("Join", var mode) ? mode : "WaitAllActive";

    /// <param name="turn">1 at the first run.</param>
    internal List<string> Outcomes(string activity, int turn) => activities[activity] switch
    {
        ("Decision", var answer) => [answer],
        ("Fork", var branches) => [.. branches.Split(' ')],
        ("Again", var times) => [turn <= int.Parse(times, System.Globalization.CultureInfo.InvariantCulture) ? "True" : "False"],
        _ => ["Done"],
    };

    /// <param name="waiting">Steps that wait for an answer instead of printing a line.</param>
    internal Flow Flow(params string[] waiting)
    {
        var flow = new Flow();
        foreach (var (id, (type, detail)) in activities)
            _ = type switch
            {
                "Decision" => flow.Add("Elsa.FlowDecision", id, ("condition", detail == "True" ? "js:true" : "js:false")),
                "Fork" => flow.Add("Elsa.FlowFork", id, ("branches", $"[\"{detail.Replace(" ", "\",\"", StringComparison.Ordinal)}\"]")),
                "Join" => flow.Add("Elsa.FlowJoin", id, ("mode", detail)),
                "Again" => flow.Variable(id, "Int32").Add("Elsa.FlowDecision", id, ("condition", $"js:(setVariable('{id}', getVariable('{id}') + 1), getVariable('{id}') <= {detail})")),
                _ => waiting.Contains(id) ? flow.Add("Elsa.RunTask", id, ("taskName", id)) : flow.Add("Elsa.WriteLine", id, ("text", id)),
            };
        foreach (var edge in Edges) flow.Connect(edge.From, edge.To, edge.Port);
        return flow;
    }

    private void Add(Edge edge)
    {
        if (!Edges.Contains(edge)) Edges.Add(edge);
    }

    private string Port(string activity, Random random) => activities[activity] switch
    {
        ("Decision", _) or ("Again", _) => random.Next(3) == 0 ? "False" : "True",
        ("Fork", _) => "abc"[random.Next(3)].ToString(),
        _ => "Done",
    };
}
