namespace CivilAffairs.Web.Features.Apply;

internal static class ApplyServices
{
    internal static IServiceCollection AddApply(this IServiceCollection services) => services.AddSingleton<CaseViews>().AddSingleton<MyCases>();
}
