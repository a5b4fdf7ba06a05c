using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Platform.Api;
using CivilAffairs.Web.Platform.Pages;
using CivilAffairs.Web.Platform.Security;
using Microsoft.AspNetCore.Mvc;

namespace CivilAffairs.Web.Features.Documents;

/// <summary>Numbered documents of a case for who sees it, and the public question whether one is genuine.</summary>
internal static class DocumentApi
{
    public static void MapDocuments(this RouteGroupBuilder api)
    {
        var documents = api.MapGroup("/cases/{id:guid}/documents").Guarded().RequireAuthorization(Policies.SignedIn)
            .ProducesProblem(401).ProducesProblem(403).ProducesProblem(404).WithTags("Documents");
        documents.MapGet("", async (Guid id, DocumentFiles files, ViewerAccessor viewers, CancellationToken cancel) =>
            TypedResults.Ok<IReadOnlyList<ApiDocument>>([.. (await files.ListAsync(await viewers.RequireAsync(cancel), id, cancel)).Select(ApiDocument.Of)]))
            .WithSummary("Documents of a case, oldest first").WithDescription("An applicant is given those delivered to them.");
        documents.MapGet("/{documentId:guid}", async (Guid id, Guid documentId, DocumentFiles files, ViewerAccessor viewers, CancellationToken cancel) =>
            TypedResults.Ok(ApiDocument.Of(await FindAsync(files, await viewers.RequireAsync(cancel), id, documentId, cancel)))).WithSummary("A document's number and dates");
        documents.MapGet("/{documentId:guid}/pdf", async (Guid id, Guid documentId, [FromHeader(Name = AccessReasons.Header)] string? reason, DocumentFiles files, ViewerAccessor viewers, CancellationToken cancel) =>
        {
            var viewer = await viewers.RequireAsync(cancel);
            var document = await FindAsync(files, viewer, id, documentId, cancel);
            var pdf = await files.PdfAsync(viewer, document, AccessReasons.ForOneLook(reason), cancel);
            return Results.File(pdf, "application/pdf", $"{document.NameZh} {document.Number}.pdf");
        }).Produces<Stream>(200, "application/pdf").ProducesProblem(400).ProducesProblem(410).ProducesProblem(503).WithSummary("The document as PDF")
            .WithDescription($"The same bytes for everybody and at any time. An applicant's first look is noted; every look of an officer is written down with its reason. {AccessReasons.Rule}");

        api.MapGet("/verifications/{code}", async (string code, Verification verification, HttpContext context, CancellationToken cancel) =>
        {
            context.Response.Headers.CacheControl = "no-store";
            var (document, office, certificate) = await verification.FindAsync(code, cancel) ?? throw new UnknownCaseException();
            return TypedResults.Ok(new VerifiedDocument(Languages.IsEnglish ? document.NameEn : document.NameZh, document.Number, document.IssuedAt, office, certificate));
        }).RequireRateLimiting(PublicLimits.Read).ProducesProblem(404).ProducesProblem(429).WithTags("Documents")
            .WithSummary("Whether a document is genuine").WithDescription("By the code in its QR code. Says what it is, its number, day and office, of an organisation's certificate who holds it and whether it is in force, and nothing about any person.");
    }

    private static async Task<IssuedDocument> FindAsync(DocumentFiles files, Viewer viewer, Guid caseId, Guid documentId, CancellationToken cancel)
    {
        var document = await files.FindAsync(viewer, documentId, cancel);
        return document.CaseId == caseId ? document : throw new UnknownCaseException();
    }
}

/// <param name="Delivered">Whether the applicant gets it.</param>
/// <param name="OpenedAt">When the applicant first opened it.</param>
/// <param name="PdfHash">SHA-256 of the PDF in hex, once it was made.</param>
internal sealed record ApiDocument(Guid Id, string Template, string Name, string Number, DateTimeOffset IssuedAt, bool Delivered, DateTimeOffset? OpenedAt, string? PdfHash)
{
    public static ApiDocument Of(IssuedDocument document) => new(document.Id, document.Template, Languages.IsEnglish ? document.NameEn : document.NameZh, document.Number,
        document.IssuedAt, document.Deliver, document.OpenedAt, document.PdfHash);
}

/// <param name="Certificate">Of an organisation's certificate; otherwise not there.</param>
internal sealed record VerifiedDocument(string Name, string Number, DateTimeOffset IssuedAt, string Office,
    [property: System.Text.Json.Serialization.JsonIgnore(Condition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull)] VerifiedCertificate? Certificate);
