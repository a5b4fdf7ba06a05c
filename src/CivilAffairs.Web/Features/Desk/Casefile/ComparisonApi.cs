using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Cases.Comparisons;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Api;
using CivilAffairs.Web.Platform.Pages;
using CivilAffairs.Web.Platform.Security;
using Microsoft.AspNetCore.Mvc;

namespace CivilAffairs.Web.Features.Desk.Casefile;

/// <summary>What a case was compared with, for programs; and why a rule is not followed in one case.</summary>
internal static class ComparisonApi
{
    public static void MapComparisons(this RouteGroupBuilder api)
    {
        var cases = api.MapGroup("/cases").Guarded().RequireAuthorization(Policies.Officer).ProducesProblem(401).ProducesProblem(403).ProducesProblem(404).WithTags("Cases");
        cases.MapGet("/{id:guid}/comparisons", async (Guid id, CaseComparisons comparisons, CivilAffairs.Web.Features.Desk.Casefile.DossierQuery dossiers, ComparisonWords told, ViewerAccessor viewers, CancellationToken cancel) =>
        {
            var viewer = await viewers.RequireAsync(cancel);
            var read = await comparisons.ReadAsync(viewer, id, cancel);
            if (read is null && await dossiers.ReadAsync(viewer, id, cancel) is null) throw new UnknownCaseException();
            return TypedResults.Ok(new ApiComparisons(read?.Rules ?? 0, read?.MayOverride ?? false, [.. (read?.Findings ?? []).Select(f => ApiFinding.Of(f, told))]));
        }).ProducesProblem(410).WithSummary("What other registers, benefits and cases say of a case's parties 比对").WithDescription("As of now. Of a case that the caller does not see, its office alone is told. No rules: the matter compares nothing, or the caller's posts decide nothing.");

        cases.MapPost("/{id:guid}/comparisons/overrides", async (Guid id, SentOverride body, [FromHeader(Name = ApiRoutes.KeyHeader)] string? key, ComparisonCommands commands, ViewerAccessor viewers, CancellationToken cancel) =>
        {
            await commands.OverrideAsync(await viewers.RequireAsync(cancel), id, body.Rule, body.Other, body.Reason, key!, cancel);
            return TypedResults.NoContent();
        }).Command().WithSummary("Says why something is granted although a rule stands against it 例外").WithDescription("By who has a task of the case in hand, where the rule allows it; 'other' as the finding names it. Written to the case's audit.");
    }
}

/// <param name="Rule">Id of the finding's rule.</param>
/// <param name="Other">The finding's.</param>
/// <param name="Reason">1 to 500 characters.</param>
internal sealed record SentOverride(string Rule, Guid Other, string Reason);

/// <param name="Rules">How many rules of the matter were asked.</param>
/// <param name="MayOverride">The caller has a task of the case in hand.</param>
internal sealed record ApiComparisons(int Rules, bool MayOverride, IReadOnlyList<ApiFinding> Findings);

/// <param name="Effect"><c>refuse</c>, <c>warn</c> or <c>note</c>.</param>
/// <param name="Text">What was found, in the caller's language; names masked.</param>
/// <param name="Overridable">Who decides may say why it is granted all the same.</param>
/// <param name="Override">That reason; null: none was given.</param>
/// <param name="Cases">Where it was found.</param>
internal sealed record ApiFinding(string Rule, string Kind, string Effect, string Text, string Says, string Source, Guid Other, int Count, bool Overridable, string? Override, IReadOnlyList<ApiElsewhere> Cases)
{
    public static ApiFinding Of(ComparedFinding finding, ComparisonWords told) => new(finding.Found.Rule.Id, finding.Found.Rule.Kind, finding.Found.Rule.Effect, told.Sentence(finding),
        finding.Found.Rule.Text.In(Languages.IsEnglish ? "en" : "zh"), $"{finding.Found.Rule.Mark} {finding.Found.Rule.Source}", finding.Found.Other, finding.Found.Count, finding.Found.Rule is { Effect: "refuse", Override: true }, finding.Override?.Reason,
        [.. finding.Elsewhere.Select(e => new ApiElsewhere(e.Number is null ? null : e.Found.CaseId, e.Number, e.Number is null ? told.Place(e.Found) : null))]);
}

/// <param name="Id">Null: not the caller's to see, or of an imported ledger.</param>
/// <param name="Place">The office, where the case is not the caller's to see.</param>
internal sealed record ApiElsewhere(Guid? Id, string? Number, string? Place);
