using System.Globalization;
using CivilAffairs.Web.Features.Designer.Health;
using CivilAffairs.Web.Features.Designer.WhatIf;
using CivilAffairs.Web.Platform.Api;
using CivilAffairs.Web.Platform.Security;

namespace CivilAffairs.Web.Features.Designer;

/// <summary>What past cases say about a matter's definitions, for who designs them.</summary>
internal static class TrialApi
{
    public static void MapTrials(this RouteGroupBuilder api)
    {
        var matters = api.MapGroup("/matters/{id}").Guarded().RequireAuthorization(Policies.Manager).ProducesProblem(401).ProducesProblem(403).ProducesProblem(404).WithTags("Designer");
        matters.MapGet("/health", async (string id, HealthQuery query, ViewerAccessor viewers, CancellationToken cancel) =>
            TypedResults.Ok(await query.ReadAsync(await viewers.RequireAsync(cancel), id, cancel)))
            .WithSummary("Posts that nobody holds, steps that are late, ways that no case takes")
            .WithDescription($"Of the newest cases filed within a year where the caller manages matters, at most {HealthQuery.MostCases}. A step is named from {HealthQuery.LatePercent} % of its tasks on, a way only where its activity was left {HealthQuery.LeastCases} times.");
        matters.MapGet("/what-if", async (string id, string? of, string? cases, WhatIfRuns runs, ViewerAccessor viewers, CancellationToken cancel) =>
            TypedResults.Ok(await runs.RunAsync(await viewers.RequireAsync(cancel), id, of, Count(cases), cancel: cancel)))
            .ProducesProblem(400).ProducesProblem(503).WithSummary("What ended cases would have met with under a revision")
            .WithDescription($"'of' is draft or a published revision's hash; absent: the one in force. 'cases': how many of the newest ended ones, 1 to {WhatIfRuns.Most}, 50 if absent. Reads only, may take a minute; one runs at a time, and 503 says that too many wait. A case's id is given where the caller may open it.");
    }

    private static int Count(string? cases) => cases is null ? 50
        : int.TryParse(cases, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count is >= 1 and <= WhatIfRuns.Most ? count
        : throw new MalformedRequestException("cases", $"cases 应是 1 至 {WhatIfRuns.Most} 的整数。", $"cases must be a whole number from 1 to {WhatIfRuns.Most}.");
}
