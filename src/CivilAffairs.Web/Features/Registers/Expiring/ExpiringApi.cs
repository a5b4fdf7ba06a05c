using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Registers.Lines;
using CivilAffairs.Web.Platform.Api;
using CivilAffairs.Web.Platform.Security;

namespace CivilAffairs.Web.Features.Registers.Expiring;

/// <summary>The certificates that run out 证书到期, for who leads or supervises.</summary>
internal static class ExpiringApi
{
    public static void MapExpiring(this RouteGroupBuilder registers)
    {
        registers.MapGet("/certificates/expiring", async (string? kind, string? division, int? band, string? after, int? pageSize, ExpiringQuery expiries, LineWords words, ViewerAccessor viewers, CancellationToken cancel) =>
        {
            var (_, size) = new PageQuery(null, pageSize).Checked();
            if (band is < 0 or > 3) throw new MalformedRequestException("band", "band 应在 0 至 3 之间。", "band must be 0 to 3.");
            var from = after is null ? null : LineKey.Parse(after) ?? throw new MalformedRequestException("after", "after 应是上一页给出的 next。", "after must be the next of an earlier page.");
            var view = await expiries.ReadAsync(await viewers.RequireAsync(cancel), new ExpiringFilter(kind, division, band), from, size, cancel) ?? throw new UnknownCaseException();
            return TypedResults.Ok(new ApiExpiring([.. view.Rows.Select(r => ApiLine.Of(r.Line, words, full: false))], view.Groups, view.Total, view.Next?.ToString()));
        }).ProducesProblem(400).ProducesProblem(404).WithSummary("Certificates that run out or did, the earliest first").WithDescription("Within ninety days, or in the last year and not renewed; narrowed to a kind, a township, or a band (0: run out, 1: within 30 days, 2: within 60, 3: within 90). Groups are counts of the whole jurisdiction. Persons are masked.");
    }
}

/// <param name="Total">As narrowed.</param>
/// <param name="Next">Begins the next page as <c>after</c>; null: this is the last one.</param>
internal sealed record ApiExpiring(IReadOnlyList<ApiLine> Items, IReadOnlyList<ExpiringGroup> Groups, int Total, string? Next);
