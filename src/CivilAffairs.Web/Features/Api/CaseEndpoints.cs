using System.Text.Json;
using CivilAffairs.Web.Features.Cases;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Api;

/// <summary>One case as it stands, without its contents: those are for the desk, where a full view is written down.</summary>
internal static class CaseEndpoints
{
    public static void MapCase(this RouteGroupBuilder api) => api.MapGet("/cases/{id:guid}", async (Guid id, IReader reader, ViewerAccessor viewers, CancellationToken cancel) =>
    {
        var viewer = await viewers.RequireAsync(cancel);
        await using var db = reader.Open();
        var found = await db.Set<Case>().Where(c => c.Id == id).VisibleTo(db, viewer).FirstOrDefaultAsync(cancel) ?? throw new UnknownCaseException();
        var tasks = await db.Set<WorkTask>().Where(t => t.CaseId == id).OrderBy(t => t.CreatedAt).ThenBy(t => t.Seat).ToListAsync(cancel);
        return TypedResults.Ok(new ApiCase(found.Id, found.Number, found.Matter, found.Status, CivilAffairs.Engine.Rules.Mask.Name(found.ApplicantName), found.Township, found.Village,
            found.SubmittedAt, found.AcceptedOn, found.DecidedAt, found.ClosedAt, found.Clock.DueOn, found.Version,
            [.. tasks.Select(t => new ApiCaseTask(t.Id, t.ActivityId, t.Role, t.TitleZh, t.TitleEn, t.State.ToString(), JsonSerializer.Deserialize<string[]>(t.Outcomes)!, t.Outcome, t.FinishBy, t.ClosedAt))]));
    }).WithSummary("A case with its tasks; the applicant is masked");
}

internal sealed record ApiCase(Guid Id, string? Number, string Matter, string Status, string Applicant, string? Township, string? Village, DateTimeOffset? SubmittedAt,
    DateOnly? AcceptedOn, DateTimeOffset? DecidedAt, DateTimeOffset? ClosedAt, DateOnly? LegalLastDay, long Version, IReadOnlyList<ApiCaseTask> Tasks);

internal sealed record ApiCaseTask(Guid Id, string Activity, string Role, string TitleZh, string TitleEn, string State, IReadOnlyList<string> Outcomes, string? Outcome, DateOnly? FinishBy, DateTimeOffset? ClosedAt);
