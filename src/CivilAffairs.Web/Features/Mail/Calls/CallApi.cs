using CivilAffairs.Engine.Rules;
using CivilAffairs.Web.Platform.Api;
using CivilAffairs.Web.Platform.Pages;
using CivilAffairs.Web.Platform.Security;
using Microsoft.AspNetCore.Mvc;

namespace CivilAffairs.Web.Features.Mail.Calls;

/// <summary>Whom no letter reaches, for who calls them.</summary>
internal static class CallApi
{
    public static void MapCalls(this RouteGroupBuilder api)
    {
        var calls = api.MapGroup("/calls").Guarded().RequireAuthorization(Policies.Officer).ProducesProblem(401).ProducesProblem(403).WithTags("Calls");
        calls.MapGet("", async ([AsParameters] PageQuery paging, CallList list, ViewerAccessor viewers, CancellationToken cancel) =>
        {
            var (page, size) = paging.Checked();
            var view = await list.ReadAsync(await viewers.RequireAsync(cancel), page, size, cancel);
            return TypedResults.Ok(new Paged<ApiCall>([.. view.Calls.Select(c => new ApiCall(c.Call.Id, c.Call.CaseNumber, c.Call.Shown, c.Call.Division, c.Name?.In(Languages.IsEnglish ? "en" : "zh"), c.Call.WrittenAt, c.Call.Reason))],
                view.Page, size, view.Page < view.Pages, view.Total));
        }).ProducesProblem(400).WithSummary("Letters that reached nobody, the longest waiting first").WithDescription("Of the villages and matters of the caller's posts. Names of persons are masked; a letter of no case is about an organisation and has no caseNumber.");
        calls.MapPost("/{id:guid}/sheet", async (Guid id, CallCommands commands, ViewerAccessor viewers, CancellationToken cancel) =>
            TypedResults.Ok(await commands.OpenAsync(await viewers.RequireAsync(cancel), id, cancel)))
            .ProducesProblem(404).WithSummary("Name, number and words for a call").WithDescription("Each opening is a line of the case's audit; so it is a POST, though it changes nothing else.");
        calls.MapPost("/{id:guid}/told", async (Guid id, Told body, [FromHeader(Name = ApiRoutes.KeyHeader)] string? key, CallCommands commands, ViewerAccessor viewers, CancellationToken cancel) =>
        {
            await commands.TellAsync(await viewers.RequireAsync(cancel), id, body.Reached, key, cancel);
            return TypedResults.NoContent();
        }).Command().ProducesProblem(404).WithSummary("Writes down whether somebody was told");
    }

    /// <param name="Letter">What the letter is called; null: it is a manager's own.</param>
    /// <param name="Reason">Why it did not go: a code, or the server's words.</param>
    internal sealed record ApiCall(Guid Id, string CaseNumber, string Applicant, string Division, string? Letter, DateTimeOffset WrittenAt, string? Reason);

    internal sealed record Told(bool Reached);
}
