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
        overview.MapGet("/overdue", async ([AsParameters] PageQuery paging, string? division, string? matter, string? step, int? band, OverdueQuery late, ViewerAccessor viewers, CancellationToken cancel) =>
        {
            var (page, size) = paging.Checked();
            if (band is < 0 or > 2) throw new MalformedRequestException("band", "band 应在 0 至 2 之间。", "band must be 0 to 2.");
            return TypedResults.Ok(await late.ReadAsync(await viewers.RequireAsync(cancel), new OverdueFilter(division, matter, step, band), page, size, cancel) ?? throw new UnknownCaseException());
        }).ProducesProblem(400).WithSummary("Steps that are late, the longest late first").WithDescription("Of the jurisdiction in which the caller leads, heads a department or supervises; narrowed to a township, a matter, a step, or a band of days late (0: to a week, 1: to a month, 2: longer). Counts are of the whole jurisdiction.");
        overview.MapGet("/reverifications", async ([AsParameters] PageQuery paging, string? division, string? when, ReverificationsDueQuery due, ViewerAccessor viewers, CancellationToken cancel) =>
        {
            var (page, size) = paging.Checked();
            if (when is not (null or "late" or "soon")) throw new MalformedRequestException("when", "when 应为 late 或 soon。", "when must be late or soon.");
            return TypedResults.Ok(await due.ReadAsync(await viewers.RequireAsync(cancel), new ReverificationsDueFilter(division, when == "soon"), page, size, cancel) ?? throw new UnknownCaseException());
        }).ProducesProblem(400).WithSummary("Re-verifications that are due and not begun, the earliest day first").WithDescription("Of the jurisdiction in which the caller leads, heads a department or supervises: plans whose case is not open yet, and open cases in which nobody has taken or answered anything. late (the default): whose day has passed; soon: whose day comes within a month. Narrowed to a township; counts by township are of the whole jurisdiction.");
    }
}
