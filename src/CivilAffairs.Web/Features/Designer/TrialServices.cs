using CivilAffairs.Web.Features.Designer.Health;
using CivilAffairs.Web.Features.Designer.TryOut;
using CivilAffairs.Web.Features.Designer.WhatIf;

namespace CivilAffairs.Web.Features.Designer;

/// <summary>Trying matters out, before they are published and after.</summary>
internal static class TrialServices
{
    public static IServiceCollection AddTrials(this IServiceCollection services) => services
        .AddSingleton<RevisionSource>()
        .AddSingleton<PastCases>()
        .AddSingleton<TryOutPapers>()
        .AddScoped<TryOutWords>()
        .AddSingleton<PastRuns>()
        .AddSingleton<WhatIfRuns>()
        .AddScoped<WhatIfWords>()
        .AddSingleton<HealthQuery>();
}
