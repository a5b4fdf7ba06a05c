using CivilAffairs.Engine.Rules;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Platform.Api;
using CivilAffairs.Web.Platform.Security;

namespace CivilAffairs.Web.Features.Benefits;

/// <summary>The register of benefits 待遇台账 of the caller's jurisdiction.</summary>
internal static class BenefitApi
{
    public static void MapBenefits(this RouteGroupBuilder api)
    {
        var benefits = api.MapGroup("/benefits").Guarded().RequireAuthorization(Policies.Officer).ProducesProblem(401).ProducesProblem(403).WithTags("Benefits");
        benefits.MapPost("/search", async (BenefitSearch body, BenefitsQuery register, ViewerAccessor viewers, CancellationToken cancel) =>
        {
            var (page, size) = new PageQuery(body.Page, body.PageSize).Checked();
            if (body.Name?.Length > 40) throw new MalformedRequestException("name", "name 最多 40 个字符。", "name has at most 40 characters.");
            var viewer = await viewers.RequireAsync(cancel);
            var view = await register.ReadAsync(viewer, body.Name ?? "", page, size, cancel);
            return TypedResults.Ok(new ApiBenefits(
                [.. view.Rows.Select(r => new ApiBenefit(r.Id, r.CaseId, r.Matter, Mask.Name(r.HolderName), r.Division, r.Persons, r.AmountFen, r.FirstMonth, r.Ended))],
                view.Page, size, view.Total, await register.TotalsAsync(viewer, cancel)));
        }).ProducesProblem(400).WithSummary("Benefits, newest first, with totals by township")
            .WithDescription("A search by POST, since a name must not stand in an address; it changes nothing. Holders are masked.");
        benefits.MapGet("/{id:guid}", async (Guid id, GrantQuery grants, ViewerAccessor viewers, CancellationToken cancel) =>
            TypedResults.Ok(ApiBenefitDetail.Of(await grants.ReadAsync(await viewers.RequireAsync(cancel), id, cancel) ?? throw new UnknownCaseException())))
            .ProducesProblem(404).WithSummary("One benefit with its changes").WithDescription("And the values that each amount rests on, with their source, as they were on the day of the decision. The holder is masked.");
    }
}

/// <param name="Name">Beginning of the holder's name; null: all.</param>
internal sealed record BenefitSearch(string? Name = null, int? Page = null, int? PageSize = null);

/// <param name="AmountFen">A month, as it is now.</param>
internal sealed record ApiBenefit(Guid Id, Guid? CaseId, string Matter, string Holder, string Division, int Persons, long AmountFen, DateOnly FirstMonth, bool Ended);

/// <summary>A benefit as granted, and what became of it.</summary>
/// <param name="AmountFen">A month, as decided first.</param>
/// <param name="OccurredOn">The day on which it was decided, recorded at <paramref name="RecordedAt"/>.</param>
internal sealed record ApiBenefitDetail(Guid Id, Guid? CaseId, string Matter, string Benefit, string Holder, string Division, int Persons, long AmountFen, DateOnly FirstMonth, DateOnly? LastMonth,
    DateOnly OccurredOn, DateTimeOffset RecordedAt, IReadOnlyList<ApiFrozenValue> Values, IReadOnlyList<ApiBenefitChange> Changes)
{
    public static ApiBenefitDetail Of(GrantDetail detail) => new(detail.Grant.Id, detail.Grant.CaseId, detail.Grant.Matter, detail.Grant.Benefit, Mask.Name(detail.Grant.HolderName),
        detail.Grant.Village ?? detail.Grant.Township ?? detail.Grant.County, detail.Grant.Persons, detail.Grant.AmountFen, detail.Grant.FirstMonth, detail.Grant.LastMonth, detail.Grant.OccurredOn, detail.Grant.RecordedAt,
        Told(detail.Values), [.. detail.Changes.Select(c => new ApiBenefitChange(c.CaseId, c.AmountFen, c.FromMonth, c.Reason, c.Persons, c.Category, c.OccurredOn, c.RecordedAt, Told(c.Values)))]);

    private static List<ApiFrozenValue> Told(IEnumerable<FrozenValue> values) => [.. values.Select(v => new ApiFrozenValue(v.Key, v.Value, v.Source, v.ValidFrom))];
}

/// <param name="AmountFen">A month from then on; null: ended.</param>
/// <param name="Persons">Protected from then on; null, as for <paramref name="Category"/>: as before.</param>
internal sealed record ApiBenefitChange(Guid? CaseId, long? AmountFen, DateOnly FromMonth, string Reason, int? Persons, string? Category, DateOnly OccurredOn, DateTimeOffset RecordedAt, IReadOnlyList<ApiFrozenValue> Values);

/// <param name="Source">Mark and source: <c>S DB 15</c>.</param>
/// <param name="ValidFrom">First day of the value; null: the matter's first one.</param>
internal sealed record ApiFrozenValue(string Key, System.Text.Json.JsonElement Value, string Source, DateOnly? ValidFrom);

internal sealed record ApiBenefits(IReadOnlyList<ApiBenefit> Items, int Page, int PageSize, int Total, IReadOnlyList<BenefitTotal> Totals);
