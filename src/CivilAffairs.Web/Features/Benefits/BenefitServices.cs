namespace CivilAffairs.Web.Features.Benefits;

internal static class BenefitServices
{
    internal static IServiceCollection AddBenefits(this IServiceCollection services) => services.AddSingleton<BenefitsQuery>().AddSingleton<GrantQuery>();
}
