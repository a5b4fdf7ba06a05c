using CivilAffairs.Web.Features.Cases;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Cases.Print;
using CivilAffairs.Web.Platform.Api;
using CivilAffairs.Web.Platform.Security;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Net.Http.Headers;

namespace CivilAffairs.Web.Features.Desk.Print;

/// <summary>Printed forms and case files: PDFs for the browser's own viewer, and for programs.</summary>
internal static class CasePrintEndpoints
{
    /// <summary>For the desk and the applicant's page; who has to give a reason first is led to the page that asks.</summary>
    public static void MapCasePrints(this IEndpointRouteBuilder app)
    {
        app.MapGet("/desk/cases/{id:guid}/print/form", (Guid id, FormPrint form, ViewerAccessor viewers, HttpContext context) => FormAsync(id, form, viewers, context)).RequireAuthorization(Policies.Officer);
        app.MapGet("/my/cases/{id:guid}/form", (Guid id, FormPrint form, ViewerAccessor viewers, HttpContext context) => FormAsync(id, form, viewers, context)).RequireAuthorization(Policies.Applicant);
        app.MapGet("/desk/cases/{id:guid}/prints/{printId:guid}", async (Guid id, Guid printId, CasePrints prints, ViewerAccessor viewers, HttpContext context) =>
            Shown(context, await prints.FetchAsync(await viewers.RequireAsync(context.RequestAborted), id, printId, cancel: context.RequestAborted), "案卷.pdf")).RequireAuthorization(Policies.Officer);
    }

    public static void MapPrints(this RouteGroupBuilder api)
    {
        var cases = api.MapGroup("/cases/{id:guid}").Guarded().ProducesProblem(401).ProducesProblem(403).ProducesProblem(404).ProducesProblem(410).WithTags("Printing");
        cases.MapGet("/form/pdf", async (Guid id, [FromHeader(Name = AccessReasons.Header)] string? reason, FormPrint form, ViewerAccessor viewers, CancellationToken cancel) =>
        {
            var (pdf, number) = await form.PdfAsync(await viewers.RequireAsync(cancel), id, AccessReasons.ForOneLook(reason), cancel);
            return Results.File(pdf, "application/pdf", $"申请表 {number}.pdf");
        }).RequireAuthorization(Policies.SignedIn).Produces<Stream>(200, "application/pdf").ProducesProblem(400).ProducesProblem(503).WithSummary("The application form as filed, as PDF to be signed")
            .WithDescription($"In Chinese, with a place to sign. Every look of an officer is written down with its reason. {AccessReasons.Rule}");

        cases.MapPost("/prints", async (Guid id, [FromHeader(Name = ApiRoutes.KeyHeader)] string? key, [FromHeader(Name = AccessReasons.Header)] string? reason, CasePrints prints, ViewerAccessor viewers, CancellationToken cancel) =>
        {
            var print = await prints.AskAsync(await viewers.RequireAsync(cancel), id, key!, AccessReasons.ForOneLook(reason), cancel);
            return TypedResults.Accepted($"/api/v1/cases/{id}/prints/{print}", new AskedPrint(print));
        }).RequireAuthorization(Policies.Officer).Command().WithSummary("Asks for the whole case file in print 案卷")
            .WithDescription($"A job makes it: cover, index, form, materials, decisions, documents and history, numbered through. {AccessReasons.Rule}");

        cases.MapGet("/prints/{printId:guid}", async (Guid id, Guid printId, CasePrints prints, ViewerAccessor viewers, CancellationToken cancel) =>
        {
            var last = await prints.LastAsync(await viewers.RequireAsync(cancel), id, cancel);
            return last?.Id == printId ? TypedResults.Ok(new ApiPrint(last.Id, last.State.ToString(), last.Pages)) : throw new UnknownCaseException();
        }).RequireAuthorization(Policies.Officer).WithSummary("Whether a case file is ready").WithDescription("Waiting, Ready, TooLarge or Failed; the one that the caller asked for last, for 20 hours.");

        cases.MapGet("/prints/{printId:guid}/pdf", async (Guid id, Guid printId, [FromHeader(Name = AccessReasons.Header)] string? reason, CasePrints prints, ViewerAccessor viewers, CancellationToken cancel) =>
            Results.File(await prints.FetchAsync(await viewers.RequireAsync(cancel), id, printId, AccessReasons.ForOneLook(reason), cancel), "application/pdf", "案卷.pdf"))
            .RequireAuthorization(Policies.Officer).Produces<Stream>(200, "application/pdf").ProducesProblem(400).ProducesProblem(503).WithSummary("The case file as PDF").WithDescription($"For who asked for it. {AccessReasons.Rule}");
    }

    private static async Task<IResult> FormAsync(Guid id, FormPrint form, ViewerAccessor viewers, HttpContext context)
    {
        var (pdf, number) = await form.PdfAsync(await viewers.RequireAsync(context.RequestAborted), id, cancel: context.RequestAborted);
        return Shown(context, pdf, $"申请表 {number}.pdf");
    }

    private static IResult Shown(HttpContext context, byte[] pdf, string name)
    {
        var disposition = new ContentDispositionHeaderValue("inline");
        disposition.SetHttpFileName(name);
        context.Response.Headers.ContentDisposition = disposition.ToString();
        context.Response.Headers.CacheControl = "private, no-store";
        // A PDF cannot run anything of ours, whatever is in it.
        context.Response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; object-src 'self'; frame-ancestors 'none'";
        return Results.Bytes(pdf, "application/pdf");
    }
}

internal sealed record AskedPrint(Guid Id);

/// <param name="State"><c>Waiting</c>, <c>Ready</c>, <c>TooLarge</c> or <c>Failed</c>.</param>
/// <param name="Pages">0 until it is ready.</param>
internal sealed record ApiPrint(Guid Id, string State, int Pages);
