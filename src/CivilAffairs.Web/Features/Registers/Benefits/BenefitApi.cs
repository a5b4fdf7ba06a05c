using CivilAffairs.Engine.Rules;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Platform.Api;
using CivilAffairs.Web.Platform.Security;

namespace CivilAffairs.Web.Features.Registers.Benefits;

/// <summary>The register of benefits 待遇台账 of the caller's jurisdiction.</summary>
internal static class BenefitApi
{
    public static void MapBenefits(this RouteGroupBuilder api)
    {
        var benefits = api.MapGroup("/benefits").Guarded().RequireAuthorization(Policies.Officer).ProducesProblem(401).ProducesProblem(403).WithTags("Benefits");
        benefits.MapGet("/totals", async (BenefitsQuery paid, ViewerAccessor viewers, CancellationToken cancel) => TypedResults.Ok(await paid.TotalsAsync(await viewers.RequireAsync(cancel), cancel)))
            .WithSummary("What is being paid this month, by township").WithDescription("In the caller's jurisdiction. The benefits themselves are the lines of the list benefits, under /registers.");
        benefits.MapGet("/{id:guid}", async (Guid id, GrantQuery grants, ViewerAccessor viewers, CancellationToken cancel) =>
            TypedResults.Ok(ApiBenefitDetail.Of(await grants.ReadAsync(await viewers.RequireAsync(cancel), id, cancel) ?? throw new UnknownCaseException())))
            .ProducesProblem(404).WithSummary("One benefit with its changes").WithDescription("And the values that each amount rests on, with their source, as they were on the day of the decision. The holder is masked.");
    }
}

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
