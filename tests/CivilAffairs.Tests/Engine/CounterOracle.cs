namespace CivilAffairs.Tests.Engine;

/// <summary>
/// A naive second telling of the counter rules (elsa-semantics, sections 3 and 4) for flowcharts in which nothing waits:
/// lists and loops only, no code shared with the engine.
/// </summary>
internal sealed class CounterOracle
{
    private readonly RandomChart chart;
    private readonly List<(string From, string To)> forward = [];
    private readonly List<(string Activity, bool Back, bool Counted)> queue = [];
    private readonly List<string> activityVisits = [];
    private readonly List<RandomChart.Edge> edgeVisits = [];
    private readonly Dictionary<RandomChart.Edge, bool> followed = [];
    private readonly List<string> runs = [];

    private CounterOracle(RandomChart chart)
    {
        this.chart = chart;
        var (waiting, done) = (new List<string> { RandomChart.Start }, new List<string>());
        while (waiting.Count > 0)
        {
            var at = waiting[0];
            waiting.RemoveAt(0);
            if (done.Contains(at)) continue;
            done.Add(at);
            foreach (var edge in chart.Edges.Where(e => e.From == at))
            {
                if (forward.Contains((at, edge.To)) || Leads(edge.To, at, [])) continue;
                forward.Add((at, edge.To));
                if (!done.Contains(edge.To)) waiting.Add(edge.To);
            }
        }
    }

    /// <summary>Activities in the order in which they start; null where an invalid way back is taken.</summary>
    internal static List<string>? Run(RandomChart chart)
    {
        var oracle = new CounterOracle(chart);
        oracle.queue.Add((RandomChart.Start, false, false));
        while (oracle.queue.Count > 0)
        {
            var (activity, back, counted) = oracle.queue[0];
            oracle.queue.RemoveAt(0);
            oracle.runs.Add(activity);
            if (!oracle.Leave(activity, chart.Outcomes(activity, oracle.runs.Count(r => r == activity)), back || counted)) return null;
        }
        return oracle.runs;
    }

    private bool Leads(string from, string to, List<string> seen)
    {
        if (from == to) return true;
        if (seen.Contains(from)) return false;
        seen.Add(from);
        return forward.Any(f => f.From == from && Leads(f.To, to, seen));
    }

    /// <summary>Every path from the start, listed one by one, goes through the target.</summary>
    private bool ValidBack(string source, string target)
    {
        bool All(string at, bool through)
        {
            through |= at == target;
            return (at != source || through) && forward.Where(f => f.From == at).All(f => All(f.To, through));
        }
        return All(RandomChart.Start, false);
    }

    private bool Leave(string activity, List<string> outcomes, bool counted)
    {
        if (!counted) activityVisits.Add(activity);
        foreach (var edge in chart.Edges.Where(e => e.From == activity))
        {
            edgeVisits.Add(edge);
            followed[edge] = outcomes.Contains(edge.Port);
            if (!forward.Contains((edge.From, edge.To)))
            {
                if (!followed[edge]) continue;
                if (!ValidBack(edge.From, edge.To)) return false;
                queue.Add((edge.To, true, false));
            }
            else if (!Arrive(edge)) return false;
        }
        return true;
    }

    private bool Arrive(RandomChart.Edge edge)
    {
        var inbound = chart.Edges.Where(e => e.To == edge.To && forward.Contains((e.From, e.To))).ToList();
        int Visits(RandomChart.Edge e) => edgeVisits.Count(v => v == e);
        var n = activityVisits.Count(v => v == edge.To);
        var (min, max) = (inbound.Min(Visits), inbound.Max(Visits));
        var fresh = inbound.Where(e => Visits(e) == max && followed.GetValueOrDefault(e)).ToList();
        if (chart.Mode(edge.To) == "WaitAny")
        {
            if (Visits(edge) <= n || queue.Any(q => q.Activity == edge.To)) return true;
            if (max > n && fresh.Count > 0)
            {
                activityVisits.Add(edge.To);
                queue.Add((edge.To, false, true));
                return true;
            }
            return min <= n || Leave(edge.To, [], false);
        }
        if (min <= n) return true;
        if (chart.Mode(edge.To) == "WaitAll" ? fresh.Count == inbound.Count : fresh.Count > 0)
        {
            queue.Add((edge.To, false, false));
            return true;
        }
        return Leave(edge.To, [], false);
    }
}
