using CivilAffairs.Web.Platform.Api;
using CivilAffairs.Web.Platform.Security;
using Microsoft.AspNetCore.Mvc;

namespace CivilAffairs.Web.Features.Desk.Absences;

/// <summary>Absence with a dated deputy 请假代理, for programs.</summary>
internal static class AbsenceApi
{
    public static void MapAbsences(this RouteGroupBuilder api)
    {
        var absences = api.MapGroup("/absences").Guarded().RequireAuthorization(Policies.Officer).ProducesProblem(401).ProducesProblem(403).WithTags("Absences");
        absences.MapGet("", async (AbsenceQuery query, ViewerAccessor viewers, CancellationToken cancel) =>
        {
            var view = await query.ReadAsync(await viewers.RequireAsync(cancel), cancel);
            return TypedResults.Ok(new ApiAbsences([.. view.Lines.Select(l => new ApiAbsence(l.Id, l.OfficerId, l.Officer, l.DeputyId, l.Deputy, l.From, l.To, l.State.ToString(), l.BeyondPosts, l.MayEnd))]));
        }).WithSummary("Absences that concern the caller").WithDescription($"Their own, those they stand in for, and those of officers whom they lead (SUP, LDR); until {AbsenceQuery.Remembered} days after the last day, at most {AbsenceRules.Most}.");

        absences.MapPost("", async (NewAbsence body, [FromHeader(Name = ApiRoutes.KeyHeader)] string? key, AbsenceCommands commands, ViewerAccessor viewers, CancellationToken cancel) =>
            TypedResults.Ok(new ApiNewAbsence(await commands.RecordAsync(await viewers.RequireAsync(cancel), body, key!, cancel))))
            .Command().WithSummary("Records an absence with its deputy 代理")
            .WithDescription("One's own, where no officer is named; an officer's by who leads them (SUP or LDR of all their places). The deputy must hold posts that cover theirs, unless the leader says beyondPosts. From the first day to the last the deputy sees and does the absent officer's tasks; separation of duties and recusals hold for both. No chains.");

        absences.MapPost("/{id:guid}/end", async (Guid id, [FromHeader(Name = ApiRoutes.KeyHeader)] string? key, AbsenceCommands commands, ViewerAccessor viewers, CancellationToken cancel) =>
        {
            await commands.EndAsync(await viewers.RequireAsync(cancel), id, key, cancel);
            return TypedResults.NoContent();
        }).Command().ProducesProblem(404).WithSummary("Ends an absence before its last day").WithDescription("By the officer or their leader. From now on the deputy is one no more.");
    }
}

internal sealed record ApiAbsences(IReadOnlyList<ApiAbsence> Items);

/// <param name="State"><c>Planned</c>, <c>Now</c>, <c>Ended</c> (before its last day) or <c>Over</c>.</param>
/// <param name="MayEnd">By the caller, now.</param>
internal sealed record ApiAbsence(Guid Id, Guid OfficerId, string Officer, Guid DeputyId, string Deputy, DateOnly From, DateOnly To, string State, bool BeyondPosts, bool MayEnd);

internal sealed record ApiNewAbsence(Guid Id);
