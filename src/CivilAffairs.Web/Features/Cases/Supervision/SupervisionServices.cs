namespace CivilAffairs.Web.Features.Cases.Supervision;

internal static class SupervisionServices
{
    internal static IServiceCollection AddSupervision(this IServiceCollection services) => services.AddSingleton<SupervisionCommands>().AddSingleton<SupervisionQuery>().AddSingleton<SupervisionExports>().AddSingleton<SupervisionFigures>();
}
