using CivilAffairs.Engine.Definitions;
using CivilAffairs.Engine.Expressions;
using CivilAffairs.Engine.Runtime;

namespace CivilAffairs.Engine.Activities;

/// <summary>Elsa's counter-based flowchart.</summary>
internal sealed class Flowchart : Behaviour
{
    internal override void Execute(Burst burst, ActivityContext context)
    {
        context.Counters = new FlowCounters();
        if (context.Activity!.Graph?.Start is { } start)
            burst.Schedule(context, start);
        else
            burst.Complete(context);
    }

    internal override void ChildCompleted(Burst burst, ActivityContext context, ActivityContext child, IReadOnlyList<string> outcomes)
    {
        if (Catalogue.Behaviour(child.Activity!.Type).IsTerminal)
        {
            burst.Complete(context);
            return;
        }
        new Walk(burst, context).Leave(child.Activity, outcomes, child.Backward, child.Counted);
        CompleteIfIdle(burst, context);
    }

    internal override void ChildCanceled(Burst burst, ActivityContext context, ActivityContext child)
    {
        // Counts also where it came over a backward edge: what is behind it is passed over once.
        new Walk(burst, context).Leave(child.Activity!, [], backward: false, child.Counted);
        CompleteIfIdle(burst, context);
    }

    private static void CompleteIfIdle(Burst burst, ActivityContext context)
    {
        if (!burst.HasQueued(context) && !burst.ChildrenOf(context).Any(c => c.Status is ContextStatus.Running or ContextStatus.Faulted))
            burst.Complete(context);
    }

    /// <summary>A join in any mode ends what is still running on the ways that lead to it.</summary>
    internal static void CancelAncestors(Burst burst, ActivityContext context, string join)
    {
        var ancestors = context.Activity!.Graph!.Ancestors(join);
        foreach (var child in burst.ChildrenOf(context).Where(c => ancestors.Contains(c.Activity!.Id)).ToList())
            burst.Cancel(child, childrenFirst: true);
    }

    /// <summary>What follows when an activity was left: counts its outbound connections and applies the targets' join rules.</summary>
    private sealed class Walk(Burst burst, ActivityContext context)
    {
        private readonly FlowGraph graph = context.Activity!.Graph!;
        private readonly FlowCounters counters = context.Counters!;

        internal void Leave(ActivityNode node, IReadOnlyList<string> outcomes, bool backward, bool counted)
        {
            if (!backward && !counted) Count(counters.Activities, node.Id);
            foreach (var connection in graph.Outbound(node.Id))
            {
                var followed = outcomes.Contains(connection.Port);
                Count(counters.Connections, connection.Key);
                if (followed) counters.Followed.Add(connection.Key);
                else counters.Followed.Remove(connection.Key);
                if (graph.Node(connection.Target) is not { } target) continue;
                if (graph.IsForward(connection)) Arrive(connection, target);
                else if (followed) GoBack(connection, target);
            }
        }

        private void GoBack(Connection connection, ActivityNode target)
        {
            if (!graph.IsValidBackward(connection))
                throw new InvalidOperationException($"Invalid backward connection: Every path from the source ('{connection.Source}') must go through the target ('{connection.Target}') when tracing back to the start.");
            burst.Schedule(context, target, backward: true);
        }

        private void Arrive(Connection connection, ActivityNode target)
        {
            var inbound = graph.ForwardInbound(target.Id);
            var n = counters.Activities.GetValueOrDefault(target.Id);
            var (min, max) = (inbound.Min(Visits), inbound.Max(Visits));
            switch (Mode(target))
            {
                case "WaitAny":
                    if (Visits(connection) <= n || burst.IsQueued(context, target)) return;
                    if (max > n && inbound.Any(c => Visits(c) == max && IsFollowed(c)))
                    {
                        // Counted now, so that a branch canceled below cannot trigger the join a second time.
                        Count(counters.Activities, target.Id);
                        burst.Schedule(context, target, counted: true);
                        CancelAncestors(burst, context, target.Id);
                    }
                    else if (min > n) Skip(target);
                    return;
                case "WaitAll":
                    if (min <= n) return;
                    if (inbound.All(c => Visits(c) == max && IsFollowed(c))) burst.Schedule(context, target);
                    else Skip(target);
                    return;
                default:
                    if (min <= n) return;
                    if (inbound.Any(c => Visits(c) == max && IsFollowed(c))) burst.Schedule(context, target);
                    else Skip(target);
                    return;
            }
        }

        /// <summary>The untaken arm still counts where it merges.</summary>
        private void Skip(ActivityNode target) => Leave(target, [], backward: false, counted: false);

        private string Mode(ActivityNode target)
        {
            if (target.Type != "Elsa.FlowJoin") return "WaitAllActive";
            return FlowJoin.Mode(target, new Burst.ContextScope(burst, context));
        }

        private int Visits(Connection connection) => counters.Connections.GetValueOrDefault(connection.Key);
        private bool IsFollowed(Connection connection) => counters.Followed.Contains(connection.Key);
        private static void Count(Dictionary<string, int> counters, string key) => counters[key] = counters.GetValueOrDefault(key) + 1;
    }
}
