using System.Text.Json.Nodes;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Platform.Security;

namespace CivilAffairs.Web.Features.Designer.Studio;

/// <summary>What the instance viewer and the list of instances ask, from our journal.</summary>
internal static class InstanceRoutes
{
    public static void MapStudioInstances(this RouteGroupBuilder group)
    {
        group.MapPost("/workflow-instances", ListAsync);
        group.MapGet("/workflow-instances", (InstanceStories stories, ViewerAccessor viewers, HttpContext context, CancellationToken cancel) => ListAsync(null, stories, viewers, context, cancel));
        var one = group.MapGroup("/workflow-instances/{id:guid}");
        one.MapGet("", async (Guid id, InstanceStories stories, ViewerAccessor viewers, CancellationToken cancel) => TypedResults.Json(InstanceJson.Write(await StoryAsync(id, stories, viewers, cancel))));
        one.MapGet("/execution-state", async (Guid id, InstanceStories stories, ViewerAccessor viewers, CancellationToken cancel) => TypedResults.Json(InstanceJson.State(await StoryAsync(id, stories, viewers, cancel))));
        one.MapGet("/variables", async (Guid id, InstanceStories stories, ViewerAccessor viewers, CancellationToken cancel) =>
            StudioRoutes.List(stories.Variables(await StoryAsync(id, stories, viewers, cancel)).Select(v => new JsonObject { ["id"] = v.Id, ["name"] = v.Name, ["value"] = v.Value })));
        one.MapMethods("/journal", ["GET", "POST"], JournalAsync);

        group.MapPost("/activity-executions/report", async (JsonObject body, InstanceStories stories, ViewerAccessor viewers, CancellationToken cancel) =>
        {
            var story = await StoryAsync(Id(body["workflowInstanceId"]), stories, viewers, cancel);
            var wanted = Texts(body["activityNodeIds"]);
            return TypedResults.Json(new JsonObject { ["stats"] = new JsonArray([.. InstanceJson.Stats(story).Where(s => wanted is null || wanted.Contains((string)s["activityNodeId"]!))]) });
        });
        foreach (var (path, whole) in new[] { ("/activity-executions/list", true), ("/activity-execution-summaries/list", false) })
            group.MapGet(path, async (string workflowInstanceId, string? activityNodeId, InstanceStories stories, ViewerAccessor viewers, CancellationToken cancel) =>
            {
                var story = await StoryAsync(Id(workflowInstanceId), stories, viewers, cancel);
                return StudioRoutes.List(story.Runs.Where(r => activityNodeId is null || story.NodeId(r.ActivityId) == activityNodeId).Select(r => InstanceJson.Execution(story, r, whole)));
            });
        group.MapGet("/activity-executions/by-id", async (string id, InstanceStories stories, ViewerAccessor viewers, CancellationToken cancel) => await ExecutionAsync(id, stories, viewers, cancel));
        group.MapGet("/activity-executions/{id}", async (string id, InstanceStories stories, ViewerAccessor viewers, CancellationToken cancel) => await ExecutionAsync(id, stories, viewers, cancel));
        group.MapGet("/activity-executions/{id}/call-stack", () => TypedResults.Json(new JsonObject { ["activityExecutionId"] = "", ["items"] = new JsonArray(), ["totalCount"] = 0 }));
        group.MapGet("/resilience/retries/{id}", () => TypedResults.Json(new JsonObject { ["items"] = new JsonArray(), ["totalCount"] = 0 }));
    }

    private static async Task<IResult> ExecutionAsync(string id, InstanceStories stories, ViewerAccessor viewers, CancellationToken cancel)
    {
        var story = await StoryAsync(Id(id.Length > 36 ? id[..36] : id), stories, viewers, cancel);
        return TypedResults.Json(story.Runs.Select(r => InstanceJson.Execution(story, r, true)).FirstOrDefault(e => (string?)e["id"] == id) ?? throw new UnknownCaseException());
    }

    private static async Task<IResult> JournalAsync(Guid id, HttpContext context, InstanceStories stories, ViewerAccessor viewers, CancellationToken cancel)
    {
        var story = await StoryAsync(id, stories, viewers, cancel);
        var filter = context.Request.HasJsonContentType() ? (await context.Request.ReadFromJsonAsync<JsonObject>(cancel))?["filter"] as JsonObject : null;
        var (nodes, activities, names) = (Texts(filter?["activityNodeIds"]), Texts(filter?["activityIds"]), Texts(filter?["eventNames"]));
        var unwanted = Texts(filter?["excludedActivityTypes"]);
        var lines = story.Events.Where(e => (nodes is null || nodes.Contains(story.NodeId(e.ActivityId))) && (activities is null || activities.Contains(e.ActivityId)) && (names is null || names.Contains(e.Event))
            && (unwanted is null || !unwanted.Contains(story.Node(e.ActivityId)?.Type ?? "Elsa.Workflow"))).ToList();
        int Number(string name) => int.TryParse(context.Request.Query[name], out var number) && number >= 0 ? number : -1;
        var (skip, take) = (Number("skip"), Number("take"));
        if (take < 0) (take, skip) = (Number("pageSize") is > 0 and var size ? size : 100, Math.Max(0, Number("page")) * Math.Max(1, Number("pageSize")));
        return TypedResults.Json(new JsonObject { ["items"] = new JsonArray([.. lines.Skip(Math.Max(0, skip)).Take(Math.Clamp(take, 0, 1000)).Select(e => InstanceJson.Line(story, e))]), ["totalCount"] = lines.Count });
    }

    private static async Task<IResult> ListAsync(JsonObject? body, InstanceStories stories, ViewerAccessor viewers, HttpContext context, CancellationToken cancel)
    {
        string? Asked(string name) => body?[name]?.ToString() ?? (context.Request.Query[name] is { Count: > 0 } value ? value.ToString() : null);
        var page = int.TryParse(Asked("page"), out var asked) ? Math.Max(0, asked) : 0;
        var size = int.TryParse(Asked("pageSize"), out var many) ? Math.Clamp(many, 1, 100) : 20;
        var (rows, total) = await stories.ListAsync(await viewers.RequireAsync(cancel), Texts(body?["definitionIds"])?.FirstOrDefault() ?? Asked("definitionId"), page, size, cancel);
        return TypedResults.Json(new JsonObject { ["items"] = new JsonArray([.. rows.Select(r => InstanceJson.Summary(r.Instance, r.Case))]), ["totalCount"] = total });
    }

    private static async Task<InstanceStory> StoryAsync(Guid id, InstanceStories stories, ViewerAccessor viewers, CancellationToken cancel) =>
        await stories.FindAsync(await viewers.RequireAsync(cancel), id, cancel) ?? throw new UnknownCaseException();

    private static Guid Id(JsonNode? node) => Guid.TryParse(node?.ToString(), out var id) ? id : throw new UnknownCaseException();

    /// <returns>Null: nothing is asked for, so everything is meant.</returns>
    private static HashSet<string>? Texts(JsonNode? node) => node is JsonArray { Count: > 0 } list ? [.. list.Select(t => t?.ToString()).OfType<string>()] : null;
}
