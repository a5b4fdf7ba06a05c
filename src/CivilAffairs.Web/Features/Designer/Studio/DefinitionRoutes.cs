using System.Text.Json.Nodes;
using CivilAffairs.Engine.Port;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Platform.Security;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace CivilAffairs.Web.Features.Designer.Studio;

/// <summary>Reading definitions, and the one call that saves them.</summary>
internal static class DefinitionRoutes
{
    /// <summary>What the Studio offers and this product does on its own pages, with a reason and a second person.</summary>
    private static readonly string[] Elsewhere =
    [
        "{id}/publish", "{id}/retract", "{id}/revert/{version}", "{id}/execute", "{id}/dispatch", "{id}/bulk-dispatch", "{id}/update-references", "{id}/import", "import", "import-files",
    ];

    private static readonly string[] Bulk = ["delete", "publish", "retract", "cancel", "export", "import"];

    public static void MapStudioDefinitions(this RouteGroupBuilder group)
    {
        var routes = group.MapGroup("/workflow-definitions");
        routes.MapGet("/by-definition-id/{id}", async (string id, StudioDefinitions definitions, ViewerAccessor viewers, CancellationToken cancel) =>
            Whole(await definitions.LatestAsync(await viewers.RequireAsync(cancel), id, cancel), edits: true));
        routes.MapGet("/by-id/{versionId}", async (string versionId, StudioDefinitions definitions, ViewerAccessor viewers, CancellationToken cancel) =>
            Whole(await definitions.VersionAsync(await viewers.RequireAsync(cancel), versionId, cancel), edits: false));
        routes.MapGet("/many-by-id", async ([FromQuery] string[] ids, StudioDefinitions definitions, ViewerAccessor viewers, CancellationToken cancel) =>
        {
            var viewer = await viewers.RequireAsync(cancel);
            var found = new List<JsonNode?>();
            foreach (var id in ids.Take(50))
                if (await definitions.VersionAsync(viewer, id, cancel) is { } definition) found.Add(DefinitionJson.Write(definition, null));
            return StudioRoutes.List(found);
        });
        routes.MapGet("", ListAsync);
        routes.MapGet("/{id}/versions", async (string id, StudioDefinitions definitions, ViewerAccessor viewers, CancellationToken cancel) =>
            TypedResults.Json(new JsonArray([.. (await definitions.VersionsAsync(await viewers.RequireAsync(cancel), id, cancel)).Select(DefinitionJson.Summary)])));
        routes.MapGet("/validation/is-name-unique", () => TypedResults.Json(new JsonObject { ["isUnique"] = true }));
        routes.MapGet("/query/count", async (StudioDefinitions definitions, ViewerAccessor viewers, CancellationToken cancel) =>
            TypedResults.Json(new JsonObject { ["count"] = (await definitions.ListAsync(await viewers.RequireAsync(cancel), cancel)).Count }));
        routes.MapGet("/{id}/consumers", () => TypedResults.Json(new JsonObject { ["consumingWorkflowDefinitionIds"] = new JsonArray() }));
        routes.MapGet("/{id}/export", async (string id, StudioDefinitions definitions, ViewerAccessor viewers, CancellationToken cancel) =>
        {
            var found = await definitions.LatestAsync(await viewers.RequireAsync(cancel), id, cancel) ?? throw new UnknownCaseException();
            // As it is stored: nothing that only the editor was told.
            return TypedResults.File(System.Text.Encoding.UTF8.GetBytes(found.Text), "application/json", $"{found.Id}.v{found.Version}.json");
        });
        routes.MapGet("/subgraph/{versionId}", async (string versionId, string? parentNodeId, StudioDefinitions definitions, ViewerAccessor viewers, CancellationToken cancel) =>
            TypedResults.Json(Subgraph.Of(await RootAsync(definitions, viewers, versionId, cancel), parentNodeId) ?? throw new UnknownCaseException()));
        routes.MapGet("/subgraph/segments/{versionId}", async (string versionId, string? childNodeId, StudioDefinitions definitions, ViewerAccessor viewers, CancellationToken cancel) =>
            TypedResults.Json(Subgraph.Segments(await RootAsync(definitions, viewers, versionId, cancel), childNodeId) ?? throw new UnknownCaseException()));
        routes.MapPost("", SaveAsync);
        foreach (var path in Elsewhere) routes.MapMethods($"/{path}", ["POST", "PUT"], NotHere);
        routes.MapDelete("/{id}", NotHere);
        foreach (var path in Bulk) group.MapPost($"/bulk-actions/{path}/{{**what}}", NotHere);
        group.MapPost("/tests/activities", NotHere);
        group.MapPost("/scripting/javascript/type-definitions/{id}", async (string id, StudioDefinitions definitions, ViewerAccessor viewers, CancellationToken cancel) =>
            TypedResults.Text(ScriptTypes.Of(await definitions.LatestAsync(await viewers.RequireAsync(cancel), id, cancel) ?? throw new UnknownCaseException()), "application/x-typescript"));
    }

    private static IResult NotHere() => StudioRoutes.Refused(new LocalText("这一步不在流程图里办：发布须写明理由，停用、恢复以前的版本、试办也都在这个事项自己的页面上办理。",
        "This is not done in the diagram: publishing needs a reason; it, retiring, bringing back an earlier version and trying out are done on the matter's own page."));

    private static JsonHttpResult<JsonObject> Whole(StudioDefinition? found, bool edits) =>
        found is null ? throw new UnknownCaseException() : TypedResults.Json(DefinitionJson.Write(found, edits && found.MayEdit ? Guid.NewGuid().ToString("N") : null));

    private static async Task<IResult> ListAsync(StudioDefinitions definitions, ViewerAccessor viewers, HttpContext context, CancellationToken cancel)
    {
        var (query, viewer) = (context.Request.Query, await viewers.RequireAsync(cancel));
        int Number(string name, int otherwise) => int.TryParse(query[name], out var number) && number >= 0 ? number : otherwise;
        var (page, size) = (Number("Page", 0), Math.Clamp(Number("PageSize", 20), 1, 100));
        // One id, or several in one value or many.
        var ids = query["DefinitionIds"].Concat(query["DefinitionId"]).OfType<string>().SelectMany(v => v.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)).ToList();
        IReadOnlyList<StudioDefinition> all;
        if (ids.Count > 0)
        {
            var found = new List<StudioDefinition>();
            foreach (var id in ids.Distinct().Take(50)) found.AddRange(await definitions.VersionsAsync(viewer, id, cancel));
            all = found;
        }
        else all = await definitions.ListAsync(viewer, cancel);
        var wanted = query["VersionOptions"].ToString();
        var term = query["SearchTerm"].ToString().Trim();
        var matching = all.Where(d => wanted switch { "Latest" => d.IsLatest, "Published" => d.IsCurrent, "LatestOrPublished" => d.IsLatest || d.IsCurrent, "LatestAndPublished" => d.IsLatest && d.IsCurrent, "Draft" => d.IsDraft, _ => true })
            .Where(d => term.Length == 0 || d.Id.Contains(term, StringComparison.OrdinalIgnoreCase) || d.Revision.Matter.Name.Zh.Contains(term, StringComparison.OrdinalIgnoreCase)).ToList();
        return TypedResults.Json(new JsonObject
        {
            ["items"] = new JsonArray([.. matching.Skip(page * size).Take(size).Select(DefinitionJson.Summary)]), ["totalCount"] = matching.Count,
            ["links"] = new JsonArray(new JsonObject { ["href"] = "/workflow-definitions", ["rel"] = "self", ["method"] = "GET" }),
        });
    }

    private static async Task<JsonObject> RootAsync(StudioDefinitions definitions, ViewerAccessor viewers, string versionId, CancellationToken cancel) =>
        (await definitions.VersionAsync(await viewers.RequireAsync(cancel), versionId, cancel) is { } found ? DefinitionJson.Write(found, null)["root"] : null) as JsonObject ?? throw new UnknownCaseException();

    private static async Task<IResult> SaveAsync(JsonObject body, StudioSave save, ViewerAccessor viewers, CancellationToken cancel)
    {
        if (body["model"] is not JsonObject model) return StudioRoutes.Refused(new LocalText("请求中没有流程。", "The request has no definition."));
        if (body["publish"] is JsonValue flag && flag.TryGetValue<bool>(out var publish) && publish) return NotHere();
        var (saved, faults) = await save.SaveAsync(await viewers.RequireAsync(cancel), model, cancel);
        return saved is null ? StudioRoutes.Refused(faults)
            : TypedResults.Json(new JsonObject { ["workflowDefinition"] = saved, ["alreadyPublished"] = false, ["consumingWorkflowCount"] = 0 });
    }
}
