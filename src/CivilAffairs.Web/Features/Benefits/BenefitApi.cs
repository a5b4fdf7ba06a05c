using CivilAffairs.Engine.Rules;
using CivilAffairs.Web.Platform.Api;
using CivilAffairs.Web.Platform.Security;

namespace CivilAffairs.Web.Features.Benefits;

/// <summary>The register of benefits 待遇台账 of the caller's jurisdiction.</summary>
internal static class BenefitApi
{
    public static void MapBenefits(this RouteGroupBuilder api) => api.MapGroup("/benefits").Guarded().RequireAuthorization(Policies.Officer).WithTags("Benefits")
        .MapPost("/search", async (BenefitSearch body, BenefitsQuery register, ViewerAccessor viewers, CancellationToken cancel) =>
        {
            var (page, size) = new PageQuery(body.Page, body.PageSize).Checked();
            if (body.Name?.Length > 40) throw new MalformedRequestException("name", "name 最多 40 个字符。", "name has at most 40 characters.");
            var viewer = await viewers.RequireAsync(cancel);
            var view = await register.ReadAsync(viewer, body.Name ?? "", page, size, cancel);
            return TypedResults.Ok(new ApiBenefits(
                [.. view.Rows.Select(r => new ApiBenefit(r.Id, r.CaseId, r.Matter, Mask.Name(r.HolderName), r.Division, r.Persons, r.AmountFen, r.FirstMonth, r.Ended))],
                view.Page, size, view.Total, await register.TotalsAsync(viewer, cancel)));
        }).ProducesProblem(400).ProducesProblem(401).ProducesProblem(403).WithSummary("Benefits, newest first, with totals by township")
            .WithDescription("A search by POST, since a name must not stand in an address; it changes nothing. Holders are masked.");
}

/// <param name="Name">Beginning of the holder's name; null: all.</param>
internal sealed record BenefitSearch(string? Name = null, int? Page = null, int? PageSize = null);

/// <param name="AmountFen">A month, as it is now.</param>
internal sealed record ApiBenefit(Guid Id, Guid? CaseId, string Matter, string Holder, string Division, int Persons, long AmountFen, DateOnly FirstMonth, bool Ended);

internal sealed record ApiBenefits(IReadOnlyList<ApiBenefit> Items, int Page, int PageSize, int Total, IReadOnlyList<BenefitTotal> Totals);
