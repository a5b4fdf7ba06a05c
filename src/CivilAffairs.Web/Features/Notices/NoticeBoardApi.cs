using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Platform.Api;
using CivilAffairs.Web.Platform.Pages;
using CivilAffairs.Web.Platform.Security;
using Microsoft.AspNetCore.Mvc;

namespace CivilAffairs.Web.Features.Notices;

/// <summary>The officers' board: notices of the cases they see, and objections that people bring to the office.</summary>
internal static class NoticeBoardApi
{
    public static void MapNoticeBoard(this RouteGroupBuilder api)
    {
        var board = api.MapGroup("/desk/notices").Guarded().RequireAuthorization(Policies.Officer).ProducesProblem(401).ProducesProblem(403).WithTags("Notice board");
        board.MapGet("", async (NoticeBoardQuery query, ViewerAccessor viewers, CancellationToken cancel) =>
        {
            var viewer = await viewers.RequireAsync(cancel);
            return TypedResults.Ok<IReadOnlyList<ApiBoardNotice>>([.. (await query.ReadAsync(viewer, cancel)).Select(n => new ApiBoardNotice(n.Id, n.CaseId, n.Number, Languages.IsEnglish ? n.TitleEn : n.TitleZh,
                n.Division, n.FirstDay, n.LastDay, n.DaysLeft, n.Objections, n.TakesObjections && CaseEvents.MayRecordObjection(viewer, n.Division)))]);
        }).WithSummary("Notices up now, of cases the caller sees").WithDescription("Soonest to come down first, at most 200.");

        board.MapPost("/{id:guid}/objections", async (Guid id, RecordedObjection body, [FromHeader(Name = ApiRoutes.KeyHeader)] string? key, CaseEvents events, ViewerAccessor viewers, CancellationToken cancel) =>
            TypedResults.Ok(await events.ObjectAsync(await viewers.RequireAsync(cancel), id, body.OccurredOn, body.Text.Trim(), body.Sender?.Trim() ?? "", key!, cancel)))
            .Command().ProducesProblem(404).WithSummary("Records an objection that was brought to the office").WithDescription("By the township's reviewer (TRV), who keeps its notices.");
    }
}

/// <param name="OccurredOn">The day it was raised, within the notice.</param>
/// <param name="Text">1 to 2,000 characters.</param>
/// <param name="Sender">Name and how to reach them; may be null.</param>
internal sealed record RecordedObjection(DateOnly OccurredOn, string Text, string? Sender = null);

/// <param name="DaysLeft">Today included; null: as long as the benefit lasts.</param>
/// <param name="MayRecord">Whether the caller may record an objection to it.</param>
internal sealed record ApiBoardNotice(Guid Id, Guid CaseId, string CaseNumber, string Title, string Division, DateOnly FirstDay, DateOnly? LastDay, int? DaysLeft, int Objections, bool MayRecord);
