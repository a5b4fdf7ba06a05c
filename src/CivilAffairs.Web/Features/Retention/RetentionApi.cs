using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Platform.Api;
using CivilAffairs.Web.Platform.Security;
using Microsoft.AspNetCore.Mvc;

namespace CivilAffairs.Web.Features.Retention;

/// <summary>Cases whose retention has ended, and their destruction by two persons.</summary>
internal static class RetentionApi
{
    public static void MapRetention(this RouteGroupBuilder api)
    {
        var desk = api.MapGroup("").Guarded().RequireAuthorization(Policies.Officer).ProducesProblem(401).ProducesProblem(403).WithTags("Retention");
        desk.MapGet("/retention/due", async ([AsParameters] PageQuery paging, RetentionQuery query, ViewerAccessor viewers, CancellationToken cancel) =>
            TypedResults.Ok(Sliced(await query.DueAsync(await viewers.RequireAsync(cancel), cancel), paging)))
            .ProducesProblem(400).WithSummary("Cases whose retention has ended 保管期满").WithDescription($"For the county's supervisor (SUP) and leader (LDR), oldest decision first, the first {RetentionQuery.Most}; empty for others. Says by which rule.");

        desk.MapGet("/retention/proposals", async ([AsParameters] PageQuery paging, RetentionQuery query, ViewerAccessor viewers, CancellationToken cancel) =>
            TypedResults.Ok(Sliced(await query.ProposedAsync(await viewers.RequireAsync(cancel), cancel), paging)))
            .ProducesProblem(400).WithSummary("Proposals that wait for the leader").WithDescription($"Oldest first, the first {RetentionQuery.Most}; empty for who is neither supervisor nor leader of the county.");

        desk.MapPost("/cases/{id:guid}/erasure-proposals", async (Guid id, [FromHeader(Name = ApiRoutes.KeyHeader)] string? key, ErasureCommands commands, ViewerAccessor viewers, CancellationToken cancel) =>
            TypedResults.Created("/api/v1/retention/proposals", new ErasureProposal(await commands.ProposeAsync(await viewers.RequireAsync(cancel), id, key!, cancel))))
            .Command().ProducesProblem(404).ProducesProblem(410).WithSummary("Proposes to destroy a case 提出销毁").WithDescription("By the county's supervisor (SUP), once its retention has ended. A case that is proposed already gives that proposal.");

        desk.MapPost("/erasure-proposals/{id:guid}/approve", async (Guid id, ErasureReason body, [FromHeader(Name = ApiRoutes.KeyHeader)] string? key, ErasureCommands commands, ViewerAccessor viewers, CancellationToken cancel) =>
        {
            Require(ErasureCommands.ReasonsToErase, body.Reason);
            await commands.ApproveAsync(await viewers.RequireAsync(cancel), id, body.Reason, key!, cancel);
            return TypedResults.NoContent();
        }).Command().ProducesProblem(404).ProducesProblem(410).WithSummary("Destroys a proposed case 同意销毁").WithDescription("By the county's leader (LDR), never by who proposed it. What it held about people cannot be brought back. Reason: noFurtherUse or transferred.");

        desk.MapPost("/erasure-proposals/{id:guid}/keep", async (Guid id, ErasureReason body, [FromHeader(Name = ApiRoutes.KeyHeader)] string? key, ErasureCommands commands, ViewerAccessor viewers, CancellationToken cancel) =>
        {
            Require(ErasureCommands.ReasonsToKeep, body.Reason);
            await commands.KeepAsync(await viewers.RequireAsync(cancel), id, body.Reason, key!, cancel);
            return TypedResults.NoContent();
        }).Command().ProducesProblem(404).WithSummary("Turns a proposal down: the case is kept 继续保管").WithDescription("By the county's leader (LDR), never by who proposed it. Reason: dispute, inspection or value.");
    }

    private static Paged<T> Sliced<T>(IReadOnlyList<T> rows, PageQuery paging)
    {
        var (page, size) = paging.Checked();
        return new Paged<T>([.. rows.Skip((page - 1) * size).Take(size)], page, size, page * size < rows.Count, rows.Count < RetentionQuery.Most ? rows.Count : null);
    }

    private static void Require(IReadOnlyList<string> known, string reason)
    {
        var words = string.Join(", ", known);
        if (!known.Contains(reason)) throw new MalformedRequestException("reason", $"reason 应是 {words} 之一。", $"reason must be one of {words}.");
    }
}

internal sealed record ErasureProposal(Guid Id);

/// <param name="Reason">One of the codes that the route names.</param>
internal sealed record ErasureReason(string Reason);
