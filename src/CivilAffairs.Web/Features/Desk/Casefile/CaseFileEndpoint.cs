using CivilAffairs.Web.Features.Cases;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Platform.Security;
using Microsoft.Net.Http.Headers;

namespace CivilAffairs.Web.Features.Desk.Casefile;

/// <summary>Attachments of a case as downloads; a PDF or picture opens in its own tab, anything else is only ever saved.</summary>
internal static class CaseFileEndpoint
{
    private static readonly string[] Shown = ["application/pdf", "image/jpeg", "image/png"];

    public static void MapCaseFiles(this IEndpointRouteBuilder app) =>
        app.MapGet("/desk/cases/{id:guid}/files/{fileId:guid}", async (Guid id, Guid fileId, FileCommands files, ViewerAccessor viewers, HttpContext context) =>
        {
            try
            {
                var (content, type, name) = await files.ReadAsync(await viewers.RequireAsync(context.RequestAborted), id, fileId, context.RequestAborted);
                var inline = Shown.Contains(type);
                var disposition = new ContentDispositionHeaderValue(inline ? "inline" : "attachment");
                disposition.SetHttpFileName(name);
                context.Response.Headers.ContentDisposition = disposition.ToString();
                context.Response.Headers.CacheControl = "private, no-store";
                // A PDF cannot run anything of ours, whatever is in it.
                context.Response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; object-src 'self'; frame-ancestors 'none'";
                return Results.Bytes(content, inline ? type : "application/octet-stream");
            }
            catch (UnknownCaseException)
            {
                return Results.NotFound();
            }
            catch (CaseErasedException)
            {
                return Results.StatusCode(StatusCodes.Status410Gone);
            }
        }).RequireAuthorization(Policies.Officer);
}
