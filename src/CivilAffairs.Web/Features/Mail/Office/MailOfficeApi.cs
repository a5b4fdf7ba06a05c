using CivilAffairs.Web.Platform.Api;
using CivilAffairs.Web.Platform.Security;
using Microsoft.AspNetCore.Mvc;

namespace CivilAffairs.Web.Features.Mail.Office;

/// <summary>Letters for administrators: state, parked ones, and what is done about them.</summary>
internal static class MailOfficeApi
{
    /// <summary>Letters of one command.</summary>
    private const int MostAtOnce = 500;

    public static void MapMailOffice(this RouteGroupBuilder api)
    {
        var mail = api.MapGroup("/mail").Guarded().RequireAuthorization(Policies.Administrator).ProducesProblem(401).ProducesProblem(403).WithTags("Mail");
        mail.MapGet("", async (MailOfficeQuery query, CancellationToken cancel) => TypedResults.Ok(await query.StateAsync(cancel))).WithSummary("Whether letters go, how many wait and how many are parked");
        mail.MapGet("/parked", async ([AsParameters] PageQuery paging, MailOfficeQuery query, CancellationToken cancel) =>
        {
            var (page, size) = paging.Checked();
            var view = await query.ParkedAsync(page, size, cancel);
            return TypedResults.Ok(new Paged<ParkedLetter>(view.Letters, view.Page, size, view.Page < view.Pages, view.Total));
        }).ProducesProblem(400).WithSummary("Parked letters, the latest first").WithDescription("Recipients are masked, and nothing tells what a letter says.");
        mail.MapPost("/parked/retry", async (Letters body, [FromHeader(Name = ApiRoutes.KeyHeader)] string? key, MailOffice office, ViewerAccessor viewers, CancellationToken cancel) =>
            TypedResults.Ok(new Changed(await office.RetryAsync(await viewers.RequireAsync(cancel), Checked(body), key, cancel)))).Command().WithSummary("Sends parked letters again");
        mail.MapPost("/parked/drop", async (Letters body, [FromHeader(Name = ApiRoutes.KeyHeader)] string? key, MailOffice office, ViewerAccessor viewers, CancellationToken cancel) =>
            TypedResults.Ok(new Changed(await office.DropAsync(await viewers.RequireAsync(cancel), Checked(body), key, cancel)))).Command().WithSummary("Gives parked letters up");
        mail.MapPost("/pause", async ([FromHeader(Name = ApiRoutes.KeyHeader)] string? key, MailOffice office, ViewerAccessor viewers, CancellationToken cancel) =>
        {
            await office.PauseAsync(await viewers.RequireAsync(cancel), key, cancel);
            return TypedResults.NoContent();
        }).Command().WithSummary("Stops all letters on all nodes").WithDescription("Those that a node holds already still go.");
        mail.MapPost("/resume", async (Resuming body, [FromHeader(Name = ApiRoutes.KeyHeader)] string? key, MailOffice office, ViewerAccessor viewers, CancellationToken cancel) =>
            TypedResults.Ok(new Changed(await office.ResumeAsync(await viewers.RequireAsync(cancel), body.DropOlder, key, cancel) ?? 0))).Command()
            .WithSummary("Lets letters go again").WithDescription("With dropOlder those that waited when they were stopped are given up: after a restore they may have been sent since the backup.");
    }

    private static IReadOnlyList<Guid> Checked(Letters body) => body.Ids is { Count: > 0 and <= MostAtOnce } ids ? ids
        : throw new MalformedRequestException("ids", $"ids 应有 1 至 {MostAtOnce} 个。", $"ids must be 1 to {MostAtOnce}.");

    internal sealed record Letters(IReadOnlyList<Guid>? Ids);

    internal sealed record Resuming(bool DropOlder);

    /// <param name="Count">How many letters were changed.</param>
    internal sealed record Changed(int Count);
}
