namespace CivilAffairs.Web.Features.Overview;

internal static class OverviewServices
{
    internal static IServiceCollection AddOverview(this IServiceCollection services) => services.AddSingleton<OverviewQuery>().AddSingleton<OverdueQuery>().AddSingleton<ReverificationsDueQuery>();
}
