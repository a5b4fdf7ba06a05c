using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Designer.Drafts;
using CivilAffairs.Web.Features.Designer.Forms;
using CivilAffairs.Web.Features.Designer.Papers;
using CivilAffairs.Web.Features.Designer.Settings;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Api;
using CivilAffairs.Web.Platform.Security;
using Microsoft.AspNetCore.Mvc;

namespace CivilAffairs.Web.Features.Designer;

/// <summary>How matters are handled, for managers: drafts, versions, and what changed between them. Archives and definitions: <see cref="ArchiveApi"/>.</summary>
internal static class DesignerApi
{
    private const string Match = "If-Match is the draft's version as it was read (ETag), \"0\" where there was no draft.";

    public static void MapDesigner(this RouteGroupBuilder api)
    {
        var designer = api.MapGroup("/designer/matters").Guarded().RequireAuthorization(Policies.Officer).ProducesProblem(401).ProducesProblem(403).WithTags("Designer");
        designer.MapGet("", async (DesignerQuery query, ViewerAccessor viewers, CancellationToken cancel) => TypedResults.Ok(await query.ListAsync(await viewers.RequireAsync(cancel), cancel)))
            .WithSummary("Matters with their current version and draft").WithDescription("Empty for who is no manager (MGR) of the county.");

        designer.MapPost("", async (NewMatterBody body, [FromHeader(Name = ApiRoutes.KeyHeader)] string? key, MatterDrafts drafts, ViewerAccessor viewers, HttpContext context, CancellationToken cancel) =>
        {
            var saved = await drafts.NewAsync(await viewers.RequireAsync(cancel), body.Id, new Words { Zh = body.NameZh, En = body.NameEn }, body.CopyOf, new NewMatterStart(body.Family, body.WhoZh is null && body.WhoEn is null ? null : new Words { Zh = body.WhoZh ?? "", En = body.WhoEn ?? "" }, body.Office), key!, cancel);
            context.Tag(saved.Version);
            return TypedResults.Created($"/api/v1/designer/matters/{saved.Matter}", saved);
        }).Command().WithSummary("Begins a new matter as a draft").WithDescription("A small one that passes the check, or a copy of a published one. Nobody can apply for it before it is published.");

        designer.MapGet("/{id}", async (string id, DesignerQuery query, ViewerAccessor viewers, HttpContext context, CancellationToken cancel) =>
        {
            var life = await query.FindAsync(await viewers.RequireAsync(cancel), id, cancel) ?? throw new UnknownCaseException();
            context.Tag(life.Draft?.Version ?? 0);
            return TypedResults.Ok(life);
        }).ProducesProblem(404).WithSummary("A matter's versions and its draft with what the check finds").WithDescription("Versions newest first, with who, when and why. ETag: the draft's version, \"0\" where there is none.");

        designer.MapGet("/{id}/changes", async (string id, [FromQuery] string from, [FromQuery] string to, DesignerQuery query, ViewerAccessor viewers, CancellationToken cancel) =>
            TypedResults.Ok(await query.CompareAsync(await viewers.RequireAsync(cancel), id, from, to, cancel) ?? throw new UnknownCaseException()))
            .ProducesProblem(400).ProducesProblem(404).WithSummary("What changed between two versions, in words").WithDescription("Each of from and to: a number, `draft`, or `folder` (the newer one that came with the product).");

        designer.MapGet("/{id}/files", async (string id, [FromQuery] string version, DesignerQuery query, ViewerAccessor viewers, CancellationToken cancel) =>
            TypedResults.Ok<IReadOnlyDictionary<string, string>>(await query.FilesAsync(await viewers.RequireAsync(cancel), id, version, cancel) ?? throw new UnknownCaseException()))
            .ProducesProblem(400).ProducesProblem(404).WithSummary("All files of a version").WithDescription("version: a number, `draft` or `folder`. The answer is an object: path → text.");

        Draft(designer);
        Versions(designer);
        designer.MapArchives();
        designer.MapPapers();
        designer.MapSettings();
        designer.MapForms();
    }

    private static void Draft(RouteGroupBuilder designer)
    {
        designer.MapPatch("/{id}/draft", async (string id, FilesBody body, [FromHeader(Name = "If-Match")] string? ifMatch, [FromHeader(Name = ApiRoutes.KeyHeader)] string? key, MatterDrafts drafts, ViewerAccessor viewers, HttpContext context, CancellationToken cancel) =>
            Tagged(context, await drafts.SaveFilesAsync(await viewers.RequireAsync(cancel), id, body.Files, Expected(ifMatch), key!, cancel)))
            .Command().ProducesProblem(404).ProducesProblem(412).WithSummary("Saves files of the draft").WithDescription($"files: path → text, null takes the file out; others stay. A draft begins with the current version where there is none. {Match} 412 says who saved meanwhile, and nothing is stored.");

        designer.MapGet("/{id}/draft/history", async (string id, DraftHistory history, ViewerAccessor viewers, CancellationToken cancel) =>
            TypedResults.Ok(await history.ReadAsync(await viewers.RequireAsync(cancel), id, cancel) ?? throw new UnknownCaseException()))
            .ProducesProblem(404).WithSummary("Who did what to the draft").WithDescription("Since it began, the newest first, from the audit; empty where there is no draft. Saves of the same files in one sitting are one line: times says how many.");

        designer.MapDelete("/{id}/draft", async (string id, [FromHeader(Name = "If-Match")] string? ifMatch, [FromHeader(Name = ApiRoutes.KeyHeader)] string? key, MatterDrafts drafts, ViewerAccessor viewers, CancellationToken cancel) =>
        {
            await drafts.DiscardAsync(await viewers.RequireAsync(cancel), id, Expected(ifMatch), key!, cancel);
            return TypedResults.NoContent();
        }).Command().ProducesProblem(404).ProducesProblem(412).WithSummary("Throws the draft away").WithDescription(Match);

        designer.MapPost("/{id}/draft/submit", async (string id, CommentBody body, [FromHeader(Name = "If-Match")] string? ifMatch, [FromHeader(Name = ApiRoutes.KeyHeader)] string? key, MatterDrafts drafts, ViewerAccessor viewers, HttpContext context, CancellationToken cancel) =>
            Tagged(context, await drafts.SubmitAsync(await viewers.RequireAsync(cancel), id, body.Comment, Expected(ifMatch), key!, cancel)))
            .Command().ProducesProblem(404).ProducesProblem(412).WithSummary("Submits the draft for a second person to publish").WithDescription($"A later save takes that back. {Match}");

        designer.MapPost("/{id}/draft/publish", async (string id, CommentBody body, [FromHeader(Name = "If-Match")] string? ifMatch, [FromHeader(Name = ApiRoutes.KeyHeader)] string? key, MatterDrafts drafts, ViewerAccessor viewers, CancellationToken cancel) =>
            TypedResults.Ok(await drafts.PublishAsync(await viewers.RequireAsync(cancel), id, body.Comment, Expected(ifMatch), key!, cancel)))
            .Command().ProducesProblem(404).ProducesProblem(412).WithSummary("Publishes the draft").WithDescription($"New cases go under it, running ones stay. Refused with the check's errors by file (422), without the second person that the published version asks for (403), and where another version was published since the draft began (403). {Match}");

        designer.MapPost("/{id}/draft/rebase", async (string id, [FromHeader(Name = "If-Match")] string? ifMatch, [FromHeader(Name = ApiRoutes.KeyHeader)] string? key, MatterDrafts drafts, ViewerAccessor viewers, HttpContext context, CancellationToken cancel) =>
            Tagged(context, await drafts.RebaseAsync(await viewers.RequireAsync(cancel), id, Expected(ifMatch), key!, cancel)))
            .Command().ProducesProblem(404).ProducesProblem(412).WithSummary("Says that the draft was compared with what was published since it began").WithDescription(Match);

        designer.MapPost("/{id}/draft/folder", async (string id, [FromHeader(Name = "If-Match")] string? ifMatch, [FromHeader(Name = ApiRoutes.KeyHeader)] string? key, MatterDrafts drafts, FolderOffers offers, ViewerAccessor viewers, HttpContext context, CancellationToken cancel) =>
        {
            var viewer = await viewers.RequireAsync(cancel);
            DesignerAccess.Require(viewer);
            var folder = offers.Shipped(viewer, id) ?? throw new UnknownCaseException();
            return Tagged(context, await drafts.TakeFolderAsync(viewer, id, folder, Expected(ifMatch), key!, cancel));
        }).Command().ProducesProblem(404).ProducesProblem(412).WithSummary("Makes the folder that came with the product the draft").WithDescription($"404 where the product brings none for this matter. {Match}");
    }

    private static void Versions(RouteGroupBuilder designer)
    {
        designer.MapPost("/{id}/retire", async (string id, RetireBody body, [FromHeader(Name = ApiRoutes.KeyHeader)] string? key, MatterDrafts drafts, ViewerAccessor viewers, CancellationToken cancel) =>
            TypedResults.Ok(await drafts.RetireAsync(await viewers.RequireAsync(cancel), id, body.Comment, body.Number, key!, cancel)))
            .Command().ProducesProblem(404).ProducesProblem(412).WithSummary("Takes no new cases of a matter").WithDescription("Those that run go on. number: the current version as it was read.");

        designer.MapPost("/{id}/versions/{number:int}/publish", async (string id, int number, CommentBody body, [FromHeader(Name = ApiRoutes.KeyHeader)] string? key, DesignerQuery query, MatterDrafts drafts, ViewerAccessor viewers, CancellationToken cancel) =>
        {
            var viewer = await viewers.RequireAsync(cancel);
            DesignerAccess.Require(viewer);
            return TypedResults.Ok(await drafts.RollBackAsync(viewer, id, await query.HashAsync(viewer, id, number, cancel) ?? throw new UnknownCaseException(), body.Comment, key!, cancel));
        }).Command().ProducesProblem(404).WithSummary("Publishes an earlier version once more").WithDescription("Under a new number. The current one only where it was retired. Where two persons publish: load it into the draft instead.");

        designer.MapPost("/{id}/versions/{number:int}/restore", async (string id, int number, [FromHeader(Name = "If-Match")] string? ifMatch, [FromHeader(Name = ApiRoutes.KeyHeader)] string? key, DesignerQuery query, MatterDrafts drafts, ViewerAccessor viewers, HttpContext context, CancellationToken cancel) =>
        {
            var viewer = await viewers.RequireAsync(cancel);
            DesignerAccess.Require(viewer);
            return Tagged(context, await drafts.RestoreAsync(viewer, id, await query.HashAsync(viewer, id, number, cancel) ?? throw new UnknownCaseException(), Expected(ifMatch), key!, cancel));
        }).Command().ProducesProblem(404).ProducesProblem(412).WithSummary("Makes an earlier version the draft").WithDescription(Match);
    }

    internal static Microsoft.AspNetCore.Http.HttpResults.Ok<DraftSaved> Tagged(HttpContext context, DraftSaved saved)
    {
        context.Tag(saved.Version);
        return TypedResults.Ok(saved);
    }

    /// <exception cref="MalformedRequestException">A save without the version that was seen could write over a colleague's work.</exception>
    internal static int Expected(string? ifMatch) => ApiRoutes.Version(ifMatch) is { } version and >= 0 and <= int.MaxValue ? (int)version
        : throw new MalformedRequestException("If-Match", "请求头 If-Match 必须有：读取草稿时得到的 ETag，没有草稿时为 \"0\"。", "The header If-Match is required: the ETag of the draft as it was read, \"0\" where there was none.");
}

/// <param name="Id">Lower-case letters, digits, hyphens.</param>
/// <param name="CopyOf">A published matter; null: a small one that works.</param>
/// <param name="Family"><c>relief</c>, <c>marriage</c>, <c>organisation</c> or <c>register</c>; null: as in what it begins from.</param>
/// <param name="WhoZh">Who applies; null in both languages: as in what it begins from.</param>
/// <param name="Office"><c>county</c> or <c>township</c> handles the small one; null: the county.</param>
internal sealed record NewMatterBody(string Id, string NameZh, string NameEn, string? CopyOf = null, string? Family = null, string? WhoZh = null, string? WhoEn = null, string? Office = null);

/// <param name="Files">Path → text; null takes the file out.</param>
internal sealed record FilesBody(IReadOnlyDictionary<string, string?> Files);

/// <param name="Comment">Why, 1 to 500 characters.</param>
internal sealed record CommentBody(string Comment);

/// <param name="Comment">Why, 1 to 500 characters.</param>
/// <param name="Number">The current version.</param>
internal sealed record RetireBody(string Comment, int Number);
