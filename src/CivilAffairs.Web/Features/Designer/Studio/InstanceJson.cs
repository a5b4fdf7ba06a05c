using System.Text.Json.Nodes;
using CivilAffairs.Engine.Port;
using CivilAffairs.Web.Features.Cases.Model;

namespace CivilAffairs.Web.Features.Designer.Studio;

/// <summary>An instance and its journal as Elsa's server would send them.</summary>
internal static class InstanceJson
{
    public static JsonObject Write(InstanceStory story)
    {
        var written = State(story);
        written["id"] = story.Id.ToString();
        written["definitionId"] = StudioDefinition.IdOf(story.Revision.Matter.Id, story.Workflow);
        written["definitionVersionId"] = story.VersionId;
        written["version"] = story.Definition.Version;
        written["correlationId"] = story.Number;
        written["name"] = story.Number;
        written["incidentCount"] = story.Runs.Count(r => r.State == "Faulted");
        written["isSystem"] = false;
        written["createdAt"] = story.From;
        if (story.IsOver) written["finishedAt"] = story.Until;
        var inner = written.DeepClone().AsObject();
        inner["definitionVersion"] = story.Definition.Version;
        inner["bookmarks"] = new JsonArray([.. story.Runs.Where(r => r.Waits && story.Node(r.ActivityId) is { Graph: null }).Select(r => (JsonNode)new JsonObject
        {
            ["id"] = story.RunId(r.ActivityId, r.Run), ["name"] = story.Node(r.ActivityId)!.Type, ["hash"] = "", ["activityId"] = r.ActivityId, ["activityNodeId"] = story.NodeId(r.ActivityId),
            ["activityInstanceId"] = story.RunId(r.ActivityId, r.Run), ["createdAt"] = r.From, ["autoBurn"] = true, ["autoComplete"] = true,
        })]);
        foreach (var list in new[] { "incidents", "completionCallbacks", "activityExecutionContexts", "scheduledActivities" }) inner[list] = new JsonArray();
        foreach (var map in new[] { "input", "output", "properties" }) inner[map] = new JsonObject();
        written["workflowState"] = inner;
        return written;
    }

    public static JsonObject State(InstanceStory story) => new() { ["status"] = story.IsOver ? "Finished" : "Running", ["subStatus"] = story.Status, ["isExecuting"] = false, ["updatedAt"] = story.Until };

    public static JsonObject Summary(WorkflowInstance instance, Case @case) => new()
    {
        ["id"] = instance.Id.ToString(), ["definitionId"] = StudioDefinition.IdOf(@case.Matter, instance.Workflow), ["definitionVersionId"] = $"{StudioDefinition.IdOf(@case.Matter, instance.Workflow)}.{instance.Revision}",
        ["version"] = 1, ["status"] = instance.Status == nameof(InstanceStatus.Suspended) ? "Running" : "Finished", ["subStatus"] = instance.Status, ["correlationId"] = @case.Number, ["name"] = @case.Number,
        ["incidentCount"] = 0, ["createdAt"] = @case.CreatedAt, ["updatedAt"] = @case.SubmittedAt ?? @case.CreatedAt,
    };

    public static JsonObject Line(InstanceStory story, StoryEvent happened) => new()
    {
        ["id"] = $"{story.Id}-{happened.Sequence}", ["activityInstanceId"] = story.RunId(happened.ActivityId, happened.Run), ["activityId"] = happened.ActivityId, ["activityType"] = story.Node(happened.ActivityId)?.Type ?? "Elsa.Workflow",
        ["activityTypeVersion"] = 1, ["activityName"] = story.Node(happened.ActivityId)?.Name, ["nodeId"] = story.NodeId(happened.ActivityId), ["timestamp"] = happened.At, ["sequence"] = happened.Sequence, ["eventName"] = happened.Event,
        ["payload"] = happened.Outcomes.Count > 0 ? new JsonObject { ["Outcomes"] = new JsonArray([.. happened.Outcomes.Select(o => (JsonNode)o)]) } : null,
    };

    /// <summary>How often each activity was begun and done, and whether it waits.</summary>
    public static IEnumerable<JsonObject> Stats(InstanceStory story) => story.Runs.GroupBy(r => r.ActivityId).Select(g => new JsonObject
    {
        ["activityId"] = g.Key, ["activityNodeId"] = story.NodeId(g.Key), ["startedCount"] = g.Count(), ["completedCount"] = g.Count(r => r.State == "Completed"), ["uncompletedCount"] = g.Count(r => r.Waits),
        ["isBlocked"] = !story.IsOver && g.Any(r => r.Waits), ["isFaulted"] = g.Any(r => r.State == "Faulted"), ["aggregateFaultCount"] = g.Count(r => r.State == "Faulted"), ["metadata"] = new JsonObject(),
    });

    /// <param name="whole">With what the list leaves out.</param>
    public static JsonObject Execution(InstanceStory story, ActivityRun run, bool whole)
    {
        var written = new JsonObject
        {
            ["workflowInstanceId"] = story.Id.ToString(), ["activityId"] = run.ActivityId, ["activityNodeId"] = story.NodeId(run.ActivityId), ["activityType"] = story.Node(run.ActivityId)?.Type ?? "Elsa.Workflow", ["activityTypeVersion"] = 1,
            ["activityName"] = story.Node(run.ActivityId)?.Name, ["startedAt"] = run.From, ["hasBookmarks"] = run.Waits, ["status"] = run.State, ["metadata"] = new JsonObject(), ["aggregateFaultCount"] = run.State == "Faulted" ? 1 : 0,
            ["id"] = story.RunId(run.ActivityId, run.Run),
        };
        if (run.To is { } at) written["completedAt"] = at;
        if (!whole) return written;
        written["activityState"] = new JsonObject();
        written["outputs"] = new JsonObject();
        written["properties"] = new JsonObject();
        written["payload"] = new JsonObject { ["Outcomes"] = new JsonArray([.. run.Outcomes.Select(o => (JsonNode)o)]) };
        return written;
    }
}
