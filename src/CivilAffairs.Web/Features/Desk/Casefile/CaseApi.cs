using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Desk.Search;
using CivilAffairs.Web.Platform.Api;
using CivilAffairs.Web.Platform.Security;
using Microsoft.AspNetCore.Mvc;

namespace CivilAffairs.Web.Features.Desk.Casefile;

/// <summary>The case page and the search of the desk, for programs: masked until somebody asks for all of it.</summary>
internal static class CaseApi
{
    public static void MapDeskCases(this RouteGroupBuilder api)
    {
        var cases = api.MapGroup("/cases").Guarded().RequireAuthorization(Policies.Officer).ProducesProblem(401).ProducesProblem(403).WithTags("Cases");
        cases.MapPost("/search", async (CaseSearch body, SearchQuery search, ViewerAccessor viewers, CancellationToken cancel) =>
        {
            var (page, size) = new PageQuery(body.Page, body.PageSize).Checked();
            if (body.Term.Trim().Length is < 2 or > 60) throw new MalformedRequestException("term", "term 应有 2 至 60 个字符。", "term must have 2 to 60 characters.");
            var view = await search.FindAsync(await viewers.RequireAsync(cancel), body.Term, page, size, cancel);
            return TypedResults.Ok(new Paged<ApiFoundCase>([.. view.Rows.Select(ApiFoundCase.Of)], page, size, view.More, null));
        }).ProducesProblem(400).WithSummary("Finds cases by number, ID number or the beginning of a name")
            .WithDescription("Among those that the caller sees, filed last first. By POST, since what is sought must not stand in an address; it changes nothing.");

        cases.MapGet("/{id:guid}", async (Guid id, DossierQuery dossiers, DossierWriter writer, ViewerAccessor viewers, HttpContext context, CancellationToken cancel) =>
            Told(context, writer, await dossiers.ReadAsync(await viewers.RequireAsync(cancel), id, cancel), full: false))
            .ProducesProblem(404).ProducesProblem(410).WithSummary("A case as the desk shows it").WithDescription("Personal data masked. Every open task says whether the caller may do it, and if not why. The ETag is the case's version.");

        cases.MapPost("/{id:guid}/full-view", async (Guid id, AccessReason body, FullView views, DossierQuery dossiers, DossierWriter writer, ViewerAccessor viewers, HttpContext context, CancellationToken cancel) =>
        {
            var reasons = string.Join(", ", AccessReasons.Codes);
            if (!AccessReasons.Codes.Contains(body.Reason)) throw new MalformedRequestException("reason", $"reason 应是 {reasons} 之一。", $"reason must be one of {reasons}.");
            var viewer = await viewers.RequireAsync(cancel);
            await views.OpenAsync(viewer, id, body.Reason, body.Note, cancel);
            return Told(context, writer, await dossiers.ReadAsync(viewer, id, cancel), full: true);
        }).ProducesProblem(400).ProducesProblem(404).ProducesProblem(410).ProducesProblem(422).ProducesProblem(503).WithSummary("The same with personal data in full 查看完整信息")
            .WithDescription("Each call is written down with its reason (decide, contact, verify, objection, supervise, or other with a note), so it takes no idempotency key: a repeat would be a look that nobody could find later.");

        cases.MapPost("/{id:guid}/access-reasons", async (Guid id, AccessReason body, [FromHeader(Name = ApiRoutes.KeyHeader)] string? key, AccessReasons reasons, ViewerAccessor viewers, CancellationToken cancel) =>
        {
            await reasons.GiveAsync(await viewers.RequireAsync(cancel), id, body.Reason, body.Note, key!, cancel);
            return TypedResults.NoContent();
        }).Command().ProducesProblem(404).ProducesProblem(410).WithSummary("Says why an officer looks 查阅理由")
            .WithDescription($"Holds for this case and officer for {AccessReasons.Sitting.TotalMinutes:0} minutes. Reason: {string.Join(", ", AccessReasons.Codes)}; the last one takes a note.");
    }

    private static Microsoft.AspNetCore.Http.HttpResults.Ok<ApiDossier> Told(HttpContext context, DossierWriter writer, Dossier? file, bool full)
    {
        if (file is null) throw new UnknownCaseException();
        context.Tag(file.Case.Version);
        return TypedResults.Ok(writer.Write(file, full));
    }
}

/// <param name="Term">2 to 60 characters: a case number or its end, a whole ID number, or the beginning of a name.</param>
internal sealed record CaseSearch(string Term, int? Page = null, int? PageSize = null);

/// <param name="Reason"><c>decide</c>, <c>contact</c>, <c>verify</c>, <c>objection</c>, <c>supervise</c> or <c>other</c>.</param>
/// <param name="Note">At most 200 characters; needed with <c>other</c>.</param>
internal sealed record AccessReason(string Reason, string? Note = null);

/// <summary>The applicant is masked.</summary>
internal sealed record ApiFoundCase(Guid Id, string Number, string Matter, string Status, string Applicant, string Division, DateTimeOffset? SubmittedAt)
{
    public static ApiFoundCase Of(FoundCase found) => new(found.Id, found.Number, found.Matter, found.Status, Cases.Words.ShownNames.Of(found.ApplicantName, found.IsOrganisation), found.Division, found.SubmittedAt);
}
