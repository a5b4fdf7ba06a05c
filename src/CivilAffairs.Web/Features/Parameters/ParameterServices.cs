using CivilAffairs.Web.Features.Cases.Words;

namespace CivilAffairs.Web.Features.Parameters;

internal static class ParameterServices
{
    internal static IServiceCollection AddParameters(this IServiceCollection services) =>
        services.AddSingleton<ParameterCommands>().AddSingleton<ParameterQuery>().AddSingleton<PublishedStandards>().AddScoped<ParameterDisplay>();
}
