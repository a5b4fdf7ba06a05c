namespace CivilAffairs.Web.Features.Apply;

internal static class ApplyServices
{
    internal static IServiceCollection AddApply(this IServiceCollection services) => services.AddSingleton<UsualTime>().AddSingleton<CaseViews>().AddSingleton<MyCases>().AddSingleton<MyOrganisations>();
}
