using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Platform.Api;
using CivilAffairs.Web.Platform.Security;
using Microsoft.AspNetCore.Mvc;

namespace CivilAffairs.Web.Features.Api;

/// <summary>What applicants and officers do with a case alike: read its attachments, withdraw it.</summary>
internal static class CaseEndpoints
{
    public static void MapCases(this RouteGroupBuilder api)
    {
        var cases = api.MapGroup("/cases/{id:guid}").Guarded().RequireAuthorization(Policies.SignedIn).ProducesProblem(401).ProducesProblem(403).ProducesProblem(404).WithTags("Cases");
        cases.MapGet("/attachments/{fileId:guid}", async (Guid id, Guid fileId, [FromHeader(Name = AccessReasons.Header)] string? reason, FileCommands files, ViewerAccessor viewers, HttpContext context, CancellationToken cancel) =>
        {
            var (content, type, name) = await files.ReadAsync(await viewers.RequireAsync(cancel), id, fileId, AccessReasons.ForOneLook(reason), cancel);
            // Whatever somebody sent in is only ever saved, never shown as a page of this site.
            context.Response.Headers.ContentSecurityPolicy = "default-src 'none'; frame-ancestors 'none'; sandbox";
            return Results.File(content, type, name);
        }).Produces<Stream>(200, "application/octet-stream").ProducesProblem(400).ProducesProblem(410).ProducesProblem(503).WithSummary("An attachment's bytes")
            .WithDescription($"As a download, never inline; the type is what its bytes were found to be: application/pdf, image/jpeg or image/png. Every look of an officer is written down with its reason. {AccessReasons.Rule}");

        cases.MapPost("/withdraw", async (Guid id, [FromBody(EmptyBodyBehavior = Microsoft.AspNetCore.Mvc.ModelBinding.EmptyBodyBehavior.Allow)] Withdrawal? body, [FromHeader(Name = ApiRoutes.KeyHeader)] string? key, [FromHeader(Name = "If-Match")] string? ifMatch, CaseEvents events, ViewerAccessor viewers, HttpContext context, CancellationToken cancel) =>
        {
            var result = await events.WithdrawAsync(await viewers.RequireAsync(cancel), id, key!, ApiRoutes.Version(ifMatch), body?.OccurredOn, body?.Party, body?.Reason, cancel);
            context.Tag(result.Version);
            return TypedResults.Ok(result);
        }).Command().ProducesProblem(412).WithSummary("Withdraws a case 撤回").WithDescription("By any party that sees it, as long as its matter allows, until it is decided; a case filed at the counter also by its officers, who may say on which day it was asked, and by whom.");

        cases.MapPost("/reopen", async (Guid id, Reopening body, [FromHeader(Name = ApiRoutes.KeyHeader)] string? key, [FromHeader(Name = "If-Match")] string? ifMatch, ReviewCommands reviews, ViewerAccessor viewers, HttpContext context, CancellationToken cancel) =>
        {
            var result = await reviews.ReopenAsync(await viewers.RequireAsync(cancel), id, body.Basis, body.Reference, body.OccurredOn, key!, ApiRoutes.Version(ifMatch), cancel);
            context.Tag(result.Version);
            return TypedResults.Ok(result);
        }).RequireAuthorization(Policies.Officer).Command().ProducesProblem(410).ProducesProblem(412).WithSummary("Reopens a decided case 重新审查")
            .WithDescription("By the posts that the matter names, once work on the case is done. The decision stays as it is; the one that comes out supersedes it. 403 says why it cannot be reopened.");
    }
}

/// <param name="Party">Officers only: role of the party who came in; null: the applicant.</param>
/// <param name="OccurredOn">Officers only: the day on which the letter came in, from the application's to today; null or no body: today.</param>
/// <param name="Reason">In the party's words, at most 500 characters; nobody has to give one.</param>
internal sealed record Withdrawal(DateOnly? OccurredOn = null, string? Party = null, string? Reason = null);

/// <param name="Basis"><c>administrativeReview</c>, <c>courtJudgment</c> or <c>selfCorrection</c>.</param>
/// <param name="Reference">Number of the document that orders it, or the reason; 1 to 200 characters.</param>
/// <param name="OccurredOn">Day of the document, or on which the mistake was found: from the decision's day to today.</param>
internal sealed record Reopening(string Basis, string Reference, DateOnly OccurredOn);
