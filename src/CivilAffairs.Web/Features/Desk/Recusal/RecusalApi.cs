using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Platform.Api;
using CivilAffairs.Web.Platform.Pages;
using CivilAffairs.Web.Platform.Security;
using CivilAffairs.Web.Platform.Time;
using Microsoft.AspNetCore.Mvc;

namespace CivilAffairs.Web.Features.Desk.Recusal;

/// <summary>Keeping off a case 回避, and what the supervisor does so that its work goes on.</summary>
internal static class RecusalApi
{
    public static void MapRecusals(this RouteGroupBuilder api)
    {
        var desk = api.MapGroup("").Guarded().RequireAuthorization(Policies.Officer).ProducesProblem(401).ProducesProblem(403).WithTags("Recusal");
        desk.MapPost("/cases/{id:guid}/recusals", async (Guid id, NewRecusal body, [FromHeader(Name = ApiRoutes.KeyHeader)] string? key, RecusalCommands commands, ViewerAccessor viewers, CancellationToken cancel) =>
        {
            Require(RecusalCommands.Reasons, body.Reason);
            var viewer = await viewers.RequireAsync(cancel);
            if (body.OfficerId is { } officer) await commands.OrderAsync(viewer, id, officer, body.Reason, key!, cancel);
            else await commands.DeclareAsync(viewer, id, body.Reason, key!, cancel);
            return TypedResults.NoContent();
        }).Command().ProducesProblem(404).WithSummary("Keeps an officer off a case 回避")
            .WithDescription("Oneself, where no officer is named; another one by the supervisor (SUP) of the place. From then on they neither see it nor take its tasks; what they held is back in the queue. Reason: relative, interest or other.");

        desk.MapGet("/cases/{id:guid}/staff", async (Guid id, RecusalCommands commands, ViewerAccessor viewers, TimeProvider time, CancellationToken cancel) =>
            TypedResults.Ok(await commands.StaffAsync(await viewers.RequireAsync(cancel), id, time.Today(), cancel)))
            .ProducesProblem(404).WithSummary("Officers posted where the case is handled, for its supervisor");

        desk.MapGet("/tasks/{id:guid}/candidates", async (Guid id, RecusalCommands commands, ViewerAccessor viewers, TimeProvider time, CancellationToken cancel) =>
            TypedResults.Ok(await commands.CandidatesAsync(await viewers.RequireAsync(cancel), id, time.Today(), cancel)))
            .ProducesProblem(404).WithSummary("Officers to whom the supervisor may give a task").WithDescription("Those of its role and jurisdiction whom neither separation of duties nor a recusal keeps off.");

        desk.MapPost("/tasks/{id:guid}/reassign", async (Guid id, Reassignment body, [FromHeader(Name = ApiRoutes.KeyHeader)] string? key, RecusalCommands commands, ViewerAccessor viewers, CancellationToken cancel) =>
        {
            Require(RecusalCommands.ReassignReasons, body.Reason);
            await commands.ReassignAsync(await viewers.RequireAsync(cancel), id, body.OfficerId, body.Reason, key!, cancel: cancel);
            return TypedResults.NoContent();
        }).Command().ProducesProblem(404).WithSummary("Gives a task to another officer").WithDescription("By the supervisor (SUP) of the place. Reason: recusal, absence, overdue, workload or handover. Its new holder gets a letter that there is work.");

        desk.MapGet("/desk/stranded", async ([FromQuery] int? page, StrandedQuery query, ViewerAccessor viewers, CancellationToken cancel) =>
        {
            var (number, _) = new PageQuery(page, null).Checked();
            var view = await query.ReadAsync(await viewers.RequireAsync(cancel), number, cancel);
            return TypedResults.Ok(new Paged<ApiStrandedTask>([.. view.Rows.Select(r => new ApiStrandedTask(r.TaskId, r.CaseId, r.Number, Languages.IsEnglish ? r.TitleEn : r.TitleZh, r.Role, r.Division, r.Since, r.FinishBy, r.Takers))],
                view.Page, StrandedQuery.PageSize, view.Page < view.Pages, view.Total));
        }).ProducesProblem(400).WithSummary("Open tasks that nobody of their office may do, for its supervisor").WithDescription("Longest waiting first, 25 a page.");
    }

    private static void Require(IReadOnlyList<string> known, string reason)
    {
        var words = string.Join(", ", known);
        if (!known.Contains(reason)) throw new MalformedRequestException("reason", $"reason 应是 {words} 之一。", $"reason must be one of {words}.");
    }
}

/// <param name="Reason"><c>relative</c>, <c>interest</c> or <c>other</c>.</param>
/// <param name="OfficerId">Null: the caller.</param>
internal sealed record NewRecusal(string Reason, Guid? OfficerId = null);

/// <param name="Reason"><c>recusal</c>, <c>absence</c>, <c>overdue</c>, <c>workload</c> or <c>handover</c>.</param>
internal sealed record Reassignment(Guid OfficerId, string Reason);

/// <param name="Candidates">Officers who may take it now; empty: nobody.</param>
internal sealed record ApiStrandedTask(Guid Id, Guid CaseId, string CaseNumber, string Title, string Role, string Division, DateTimeOffset Since, DateOnly? FinishBy, IReadOnlyList<Colleague> Candidates);
