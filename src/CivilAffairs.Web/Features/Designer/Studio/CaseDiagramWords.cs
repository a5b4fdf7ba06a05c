using CivilAffairs.Engine.Definitions;
using CivilAffairs.Web.Features.Cases.Web;
using CivilAffairs.Web.Features.Cases.Words;
using CivilAffairs.Web.Platform.Pages;
using Microsoft.Extensions.Localization;

namespace CivilAffairs.Web.Features.Designer.Studio;

/// <summary>The diagram in words.</summary>
/// <param name="Now">What the case waits for.</param>
/// <param name="Skipped">Ways that were not taken and can't be any more.</param>
/// <param name="Passed">Ids of all steps that were not done and can't be any more, however far behind such a way.</param>
internal sealed record CaseWordsOfDiagram(IReadOnlyList<DiagramLine> Now, IReadOnlyList<string> Skipped, IReadOnlyList<DiagramLine> Happened, IReadOnlyList<string> Passed);

/// <param name="Step">Id of the activity that stands for it on the outer diagram.</param>
internal sealed record DiagramLine(string Step, string Text, string When);

/// <summary>Says what the diagram shows, so that nobody has to read it as a picture.</summary>
internal sealed class CaseDiagramWords(IStringLocalizer<StudioTexts> texts, IServiceProvider services)
{
    // Lines and forks are how it is drawn, not what happened.
    private static readonly string[] Drawing = ["Elsa.Flowchart", "Elsa.Start", "Elsa.FlowFork", "Elsa.FlowJoin", "Elsa.FlowNode", "Elsa.Sequence", "Elsa.SetVariable", "Elsa.End"];

    public CaseWordsOfDiagram Of(InstanceStory story)
    {
        using var scope = services.CreateScope();
        var refusals = scope.ServiceProvider.GetRequiredService<Refusals>();
        string Port(string port) => story.Revision.Matter.OutcomeWord(port) ?? (texts[$"Port.{port}"] is { ResourceNotFound: false } named ? named.Value : refusals.Outcome(port));

        var now = story.IsOver ? [] : story.Runs.Where(r => r.Waits && story.Node(r.ActivityId) is { Graph: null } node && Tells(node)).Select(r => new DiagramLine(Outer(story.Node(r.ActivityId)!), Label(story.Node(r.ActivityId)!), Display.Time(r.From))).ToList();
        var happened = story.Runs.Where(r => !r.Waits && story.Node(r.ActivityId) is { } node && Tells(node)).OrderBy(r => r.To).Select(r =>
        {
            var label = Label(story.Node(r.ActivityId)!);
            var outcomes = string.Join(texts["And"], r.Outcomes.Where(o => o != "Done").Select(Port));
            var text = r.State switch { "Canceled" => texts["RunCancelled", label].Value, "Faulted" => texts["RunFaulted", label].Value, _ => outcomes.Length > 0 ? texts["RunOutcome", label, outcomes].Value : label };
            return new DiagramLine(Outer(story.Node(r.ActivityId)!), text, Display.Time(r.To!.Value));
        }).ToList();
        return new(now, [.. Skipped(story, Port).Distinct()], happened, [.. Passed(story)]);
    }

    /// <summary>Of each activity that was done: the outcomes it never had and whose way nothing that is still at work can reach.</summary>
    private IEnumerable<string> Skipped(InstanceStory story, Func<string, string> port)
    {
        var run = story.Runs.ToLookup(r => r.ActivityId);
        foreach (var chart in story.Definition.Activities.Where(a => a.Graph is not null && run.Contains(a.Id)))
        {
            var graph = chart.Graph!;
            var reached = Reached(story, graph);
            foreach (var way in graph.Connections.GroupBy(c => (c.Source, c.Port)))
            {
                if (!run[way.Key.Source].Any(r => r.State == "Completed") || reached.Contains(way.Key.Source) || graph.Node(way.Key.Source) is not { } from) continue;
                if (run[way.Key.Source].Any(r => r.Outcomes.Contains(way.Key.Port)) || run[way.Key.Source].All(r => r.Outcomes.Count == 0)) continue;
                var missed = way.Select(c => graph.Node(c.Target)).OfType<ActivityNode>().Where(n => !run.Contains(n.Id) && !reached.Contains(n.Id)).ToList();
                if (missed.Count > 0) yield return texts["SkippedWay", Label(from), port(way.Key.Port), string.Join(texts["And"], missed.Select(Label))];
            }
        }
    }

    private static IEnumerable<string> Passed(InstanceStory story)
    {
        var run = story.Runs.Select(r => r.ActivityId).ToHashSet();
        foreach (var chart in story.Definition.Activities.Where(a => a.Graph is not null && run.Contains(a.Id)))
        {
            var reached = Reached(story, chart.Graph!);
            foreach (var node in chart.All("activities").Where(n => !run.Contains(n.Id) && !reached.Contains(n.Id))) yield return node.Id;
        }
    }

    /// <summary>What the steps that are still at work may yet lead to, they themselves included.</summary>
    private static HashSet<string> Reached(InstanceStory story, FlowGraph graph)
    {
        var reached = new HashSet<string>();
        var next = new Stack<string>(story.IsOver ? [] : story.Runs.Where(r => r.Waits && graph.Node(r.ActivityId) is not null).Select(r => r.ActivityId));
        while (next.TryPop(out var at))
            if (reached.Add(at)) foreach (var connection in graph.Outbound(at)) next.Push(connection.Target);
        return reached;
    }

    /// <summary>What stands for it on the outer diagram: itself, or the step that it is inside of.</summary>
    private static string Outer(ActivityNode node) => node.Parent is { Parent: not null } inside ? Outer(inside) : node.Id;

    private static bool Tells(ActivityNode node) => !Drawing.Contains(node.Type);

    private static string Label(ActivityNode node) => ActivityNames.Name(node.Raw);
}
