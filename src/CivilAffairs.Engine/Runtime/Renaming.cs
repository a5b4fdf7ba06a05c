using System.Text.Json.Nodes;
using CivilAffairs.Engine.CaseActivities;
using CivilAffairs.Engine.Definitions;
using CivilAffairs.Engine.Port;

namespace CivilAffairs.Engine.Runtime;

/// <summary>What people call an activity.</summary>
internal static class Naming
{
    internal static NamedActivity Of(ActivityNode node) => new(node.Id, node.Type, Title(node));

    internal static NamedActivity OfWorkflow(WorkflowDefinition definition) => new(WorkflowKey, "Elsa.Workflow", new LocalText(definition.Name, definition.Name));

    private const string WorkflowKey = Activities.WorkflowBehaviour.NodeKey;

    private static LocalText Title(ActivityNode node)
    {
        if (Literal(node, "title") is { Length: > 0 } zh) return new LocalText(zh, Literal(node, "titleEn") is { Length: > 0 } en ? en : zh);
        var shown = Json.Text((node.Raw["metadata"] as JsonObject)?["displayText"]) ?? (node.Name != node.Id ? node.Name : null);
        if (shown is { Length: > 0 }) return new LocalText(shown, shown);
        return CaseActivityCatalogue.Find(node.Type)?.Name ?? new LocalText(node.Id, node.Id);
    }

    private static string? Literal(ActivityNode node, string property) =>
        (node.Raw[property] as JsonObject)?["expression"] is JsonObject { } expression && Json.Text(expression["type"]) == "Literal" ? Json.Text(expression["value"]) : null;
}

/// <summary>Which activity may be which under a new id: a proposal, never a decision.</summary>
internal static class Renaming
{
    internal static IReadOnlyList<Rename> Between(WorkflowDefinition from, WorkflowDefinition to)
    {
        var known = from.Activities.Select(a => a.Id).ToHashSet();
        var renames = new List<Rename>();
        foreach (var node in from.Activities.Where(a => a.Parent is not null && to.Find(a.Key) is null && CanWait(a)))
        {
            var old = Naming.Of(node);
            var candidates = to.Activities.Where(a => a.Type == node.Type && !known.Contains(a.Id) && SameParent(node, a)).Select(Naming.Of).ToList();
            var likely = candidates.Find(c => c.Title == old.Title) ?? candidates.Find(c => c.Title.Zh == old.Title.Zh);
            renames.Add(new Rename(old, [.. candidates.OrderBy(c => c != likely)], likely?.Id));
        }
        return renames;
    }

    // A loop or an inner chart that is gone takes everything in it along; the children of one that was renamed are found through it.
    private static bool SameParent(ActivityNode a, ActivityNode b) => (a.Parent, b.Parent) switch
    {
        ({ Parent: null }, { Parent: null }) => true,
        ({ } p, { } q) => p.Id == q.Id,
        _ => false,
    };

    private static bool CanWait(ActivityNode node) => node.Type is "CivilAffairs.HumanTask" or "CivilAffairs.ApplicantTask" or "CivilAffairs.PublicNotice" or "CivilAffairs.WaitUntil"
        or "Elsa.RunTask" or "Elsa.Event" or "Elsa.Delay" or "Elsa.Timer" or "Elsa.StartAt" or "Elsa.Cron" or "Elsa.Flowchart" or "Elsa.Sequence";
}

/// <summary>The body of a loop as it runs: without what only the editor sees, and what only labels a task.</summary>
internal static class LoopBody
{
    private static readonly HashSet<string> Drawing = ["metadata", "customProperties", "nodeId", "version", "name"],
        Labels = ["title", "titleEn", "role", "level", "startWithin", "finishWithin", "countFrom", "notAfter", "noLimitReason", "source", "form"];

    internal static JsonNode? Of(ActivityNode loop) => loop.Child("body") is { } body ? Strip(body.Raw) : null;

    private static JsonNode? Strip(JsonNode? node) => node switch
    {
        JsonObject item => new JsonObject(item.Where(p => !Drawing.Contains(p.Key) && !(IsTask(item) && Labels.Contains(p.Key))).OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => KeyValuePair.Create(p.Key, Strip(p.Value)))),
        JsonArray list => new JsonArray([.. list.Select(Strip)]),
        _ => node?.DeepClone(),
    };

    private static bool IsTask(JsonObject item) => Json.Text(item["type"]) is "CivilAffairs.HumanTask" or "CivilAffairs.ApplicantTask";
}
