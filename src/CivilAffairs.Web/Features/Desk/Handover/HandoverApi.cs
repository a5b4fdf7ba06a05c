using CivilAffairs.Web.Features.Cases.Web;
using CivilAffairs.Web.Platform.Api;
using CivilAffairs.Web.Platform.Pages;
using CivilAffairs.Web.Platform.Security;
using Microsoft.AspNetCore.Mvc;

namespace CivilAffairs.Web.Features.Desk.Handover;

/// <summary>Handing over 移交 what an officer has in hand, for programs.</summary>
internal static class HandoverApi
{
    public static void MapHandovers(this RouteGroupBuilder api)
    {
        var handovers = api.MapGroup("/handovers").Guarded().RequireAuthorization(Policies.Officer).ProducesProblem(401).ProducesProblem(403).WithTags("Handovers");
        handovers.MapGet("", async (HandoverQuery query, ViewerAccessor viewers, CancellationToken cancel) =>
            TypedResults.Ok(new ApiHolders([.. (await query.HoldersAsync(await viewers.RequireAsync(cancel), cancel)).Select(h => new ApiHolder(h.Id, h.Name, h.Count))])))
            .WithSummary("Officers with tasks in hand").WithDescription("Where the caller supervises (SUP); for anybody else only they themself.");

        handovers.MapGet("/{officerId:guid}", async (Guid officerId, HandoverQuery query, ViewerAccessor viewers, CancellationToken cancel) =>
        {
            var view = await query.ReadAsync(await viewers.RequireAsync(cancel), officerId, cancel);
            return TypedResults.Ok(new ApiHandover([.. view.Tasks.Select(t => new ApiHeldTask(t.Id, t.CaseId, t.Number, Languages.IsEnglish ? t.TitleEn : t.TitleZh, t.Role, t.Division, t.Limit.LastDay))],
                [.. view.Successors.Select(s => new ApiSuccessor(s.Id, s.Name, view.Tasks.Count(s.Covers)))], view.Total));
        }).WithSummary("What an officer has in hand, and who could take it").WithDescription($"The most pressing first, at most {HandoverQuery.Most}; only of cases that the caller supervises, and the caller's own.");

        handovers.MapPost("/preview", async (HandoverPreview body, HandoverQuery query, Refusals refusals, ViewerAccessor viewers, CancellationToken cancel) =>
        {
            var refused = await query.PreviewAsync(await viewers.RequireAsync(cancel), body.From, body.To, body.Tasks ?? [], cancel);
            return TypedResults.Ok(new ApiHandoverPreview((body.Tasks ?? []).Distinct().Count() - refused.Count, [.. refused.Select(r => (r.Id, Refusal: refusals.Of(r.Why)!)).Select(r => new ApiRefusedTask(r.Id, r.Refusal.Code, r.Refusal.Text))]));
        }).ProducesProblem(400).WithSummary("What would become of each task").WithDescription($"Changes nothing: which of the named tasks (at most {HandoverQuery.Most}) would stay where they are, each with its reason.");

        handovers.MapPost("", async (NewHandover body, [FromHeader(Name = ApiRoutes.KeyHeader)] string? key, HandoverCommands commands, Refusals refusals, ViewerAccessor viewers, CancellationToken cancel) =>
        {
            var report = await commands.HandOverAsync(await viewers.RequireAsync(cancel), body.From, body.To, body.Reason, body.Tasks ?? [], key!, cancel: cancel);
            return TypedResults.Ok(new ApiHandoverReport(report.Given, [.. report.Refused.Select(r => (r.Id, Refusal: refusals.Of(r.Why)!)).Select(r => new ApiRefusedTask(r.Id, r.Refusal.Code, r.Refusal.Text))]));
        }).Command().WithSummary("Hands tasks over to another officer 移交")
            .WithDescription($"By the supervisor (SUP) of their places, or by who holds them, of which the supervisors are told by letter; 'from' null: tasks that nobody holds. The named tasks, at most {HandoverQuery.Most}. Each is given under the rules of /tasks/{{id}}/reassign; what the successor may not do stays and is named. Sent again with its key it goes on where it stopped. The successor gets one letter.");
    }
}

internal sealed record ApiHolders(IReadOnlyList<ApiHolder> Items);

internal sealed record ApiHolder(Guid Id, string Name, int Count);

/// <param name="Total">More than are listed where there are very many.</param>
internal sealed record ApiHandover(IReadOnlyList<ApiHeldTask> Tasks, IReadOnlyList<ApiSuccessor> Successors, int Total);

internal sealed record ApiHeldTask(Guid Id, Guid CaseId, string CaseNumber, string Title, string Role, string Division, DateOnly? FinishBy);

/// <param name="Posts">How many of these tasks their posts cover.</param>
internal sealed record ApiSuccessor(Guid Id, string Name, int Posts);

/// <param name="Reason"><c>recusal</c>, <c>absence</c>, <c>overdue</c>, <c>workload</c> or <c>handover</c>.</param>
/// <param name="Tasks">At least one.</param>
internal sealed record NewHandover(Guid? From, Guid To, string Reason, IReadOnlyList<Guid>? Tasks);

internal sealed record HandoverPreview(Guid? From, Guid To, IReadOnlyList<Guid>? Tasks);

/// <param name="Given">How many would be handed over.</param>
internal sealed record ApiHandoverPreview(int Given, IReadOnlyList<ApiRefusedTask> Refused);

internal sealed record ApiHandoverReport(IReadOnlyList<Guid> Given, IReadOnlyList<ApiRefusedTask> Refused);

internal sealed record ApiRefusedTask(Guid Id, string Code, string Text);
