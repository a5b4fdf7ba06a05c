using System.Text;
using System.Text.Json.Nodes;
using CivilAffairs.Engine.Definitions;
using CivilAffairs.Engine.Port;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Designer.Drafts;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Api;
using CivilAffairs.Web.Platform.Security;
using Microsoft.AspNetCore.Mvc;

namespace CivilAffairs.Web.Features.Designer;

/// <summary>A matter's folder as a .zip and one definition as Elsa JSON, both ways without loss.</summary>
internal static class ArchiveApi
{
    private const string Zip = "application/zip";

    public static void MapArchives(this RouteGroupBuilder designer)
    {
        designer.MapPost("/archive", async (IFormFile file, [FromHeader(Name = "If-Match")] string? ifMatch, [FromHeader(Name = ApiRoutes.KeyHeader)] string? key, MatterDrafts drafts, ViewerAccessor viewers, HttpContext context, CancellationToken cancel) =>
        {
            await using var bytes = file.OpenReadStream();
            return DesignerApi.Tagged(context, await drafts.ImportAsync(await viewers.RequireAsync(cancel), bytes, DesignerApi.Expected(ifMatch), key!, cancel));
        }).Command().DisableAntiforgery().WithMetadata(new RequestSizeLimitAttribute(MatterArchive.Largest + 1_000_000)).ProducesProblem(412)
            .WithSummary("Takes a matter's folder from a .zip as the draft").WithDescription("Of the matter that its matter.json names: a new one, or the next version of one that is there. At most 8 MB. If-Match as for saving.");

        designer.MapGet("/{id}/archive", async (string id, [FromQuery] string version, DesignerQuery query, MatterDrafts drafts, ViewerAccessor viewers, CancellationToken cancel) =>
        {
            var viewer = await viewers.RequireAsync(cancel);
            var hash = version == "draft" ? null : int.TryParse(version, out var number) && await query.HashAsync(viewer, id, number, cancel) is { } found ? found : throw new UnknownCaseException();
            return TypedResults.File(await drafts.ExportAsync(viewer, id, hash, cancel), Zip, $"{id}-{(hash is null ? "draft" : version)}.zip");
        }).Produces<Stream>(200, Zip).ProducesProblem(400).ProducesProblem(404).WithSummary("A matter's folder as a .zip").WithDescription("version: a number or `draft`. Sent back, it gives the same revision.");

        designer.MapGet("/{id}/workflows/{workflow}", async (string id, string workflow, [FromQuery] string version, DesignerQuery query, ViewerAccessor viewers, CancellationToken cancel) =>
        {
            var files = await query.FilesAsync(await viewers.RequireAsync(cancel), id, version, cancel) ?? throw new UnknownCaseException();
            return PathOf(files, workflow) is { } path && files.TryGetValue(path, out var json) ? TypedResults.File(Encoding.UTF8.GetBytes(json), "application/json", $"{id}-{workflow}.json") : throw new UnknownCaseException();
        }).Produces<JsonObject>(200).ProducesProblem(400).ProducesProblem(404).WithSummary("One definition as Elsa JSON").WithDescription("version: a number or `draft`. As it is stored, to the byte.");

        designer.MapPut("/{id}/workflows/{workflow}", async (string id, string workflow, [FromHeader(Name = "If-Match")] string? ifMatch, [FromHeader(Name = ApiRoutes.KeyHeader)] string? key, DesignerQuery query, MatterDrafts drafts, ViewerAccessor viewers, HttpContext context, CancellationToken cancel) =>
        {
            var viewer = await viewers.RequireAsync(cancel);
            DesignerAccess.Require(viewer);
            var json = await TextAsync(context, cancel);
            if (Fault(json) is { } wrong) throw new InvalidAnswersException([wrong]);
            var life = await query.FindAsync(viewer, id, cancel) ?? throw new UnknownCaseException();
            var files = await query.FilesAsync(viewer, id, life.Draft is null ? $"{life.Current?.Number}" : "draft", cancel) ?? throw new UnknownCaseException();
            var path = PathOf(files, workflow) ?? throw new InvalidAnswersException([DraftFaults.Of("workflow", "workflow.unknown", workflow)]);
            return DesignerApi.Tagged(context, await drafts.SaveFileAsync(viewer, id, path, json, DesignerApi.Expected(ifMatch), key!, cancel));
        }).Command().Accepts<JsonObject>("application/json").WithMetadata(new RequestSizeLimitAttribute(MatterBundle.LongestFile * 3)).ProducesProblem(404).ProducesProblem(412)
            .WithSummary("Puts one definition into the draft").WithDescription("Elsa JSON, kept as it is sent; what the check says of it stands with the matter. If-Match as for saving.");
    }

    /// <summary>Where the matter keeps a definition; null: it has none of that key.</summary>
    private static string? PathOf(SortedDictionary<string, string> files, string workflow) =>
        files.TryGetValue("matter.json", out var json) ? MatterJson.Read<MatterFile>("matter.json", json, [])?.Workflows.GetValueOrDefault(workflow) : null;

    private static Matters.Forms.FieldFault? Fault(string json)
    {
        if (JsonFile.Why(json) is { } why) return DraftFaults.Of("body", "json.wrong", why);
        try
        {
            WorkflowDefinition.Parse(json);
            return null;
        }
        catch (DefinitionException e)
        {
            return DraftFaults.Of("body", "json.wrong", e.Text);
        }
    }

    private static async Task<string> TextAsync(HttpContext context, CancellationToken cancel)
    {
        using var reader = new StreamReader(context.Request.Body, new UTF8Encoding(false, throwOnInvalidBytes: true));
        try
        {
            return await reader.ReadToEndAsync(cancel);
        }
        catch (DecoderFallbackException)
        {
            throw new InvalidAnswersException([DraftFaults.Of("body", "file.notText")]);
        }
    }
}
