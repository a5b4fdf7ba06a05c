using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Platform.Api;
using CivilAffairs.Web.Platform.Security;

namespace CivilAffairs.Web.Features.Overview;

/// <summary>The leaders' figures and the late steps.</summary>
internal static class OverviewApi
{
    public static void MapOverview(this RouteGroupBuilder api)
    {
        var overview = api.MapGroup("/overview").Guarded().RequireAuthorization(Policies.Officer).ProducesProblem(401).ProducesProblem(403).ProducesProblem(404).WithTags("Overview");
        overview.MapGet("", async (OverviewQuery figures, ViewerAccessor viewers, CancellationToken cancel) =>
            TypedResults.Ok(await figures.ReadAsync(await viewers.RequireAsync(cancel), cancel) ?? throw new UnknownCaseException()))
            .WithSummary("Figures of the county").WithDescription("For who leads, heads a department or supervises for the whole county; 404 for anybody else.");
        overview.MapGet("/overdue", async ([AsParameters] PageQuery paging, string? division, OverdueQuery late, ViewerAccessor viewers, CancellationToken cancel) =>
        {
            var (page, size) = paging.Checked();
            return TypedResults.Ok(await late.ReadAsync(await viewers.RequireAsync(cancel), division, page, size, cancel) ?? throw new UnknownCaseException());
        }).ProducesProblem(400).WithSummary("Steps that are late, the longest late first").WithDescription("Of the jurisdiction in which the caller leads, heads a department or supervises; division limits them to a township.");
    }
}
