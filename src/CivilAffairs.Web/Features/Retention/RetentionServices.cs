namespace CivilAffairs.Web.Features.Retention;

internal static class RetentionServices
{
    internal static IServiceCollection AddRetention(this IServiceCollection services) => services
        .AddSingleton<ErasureCommands>()
        .AddSingleton<RetentionQuery>();
}
