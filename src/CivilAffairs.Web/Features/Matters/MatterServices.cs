namespace CivilAffairs.Web.Features.Matters;

internal static class MatterServices
{
    internal static IServiceCollection AddMatters(this IServiceCollection services)
    {
        services.AddHealthChecks().AddCheck<MatterHealth>("matters", timeout: TimeSpan.FromSeconds(3));
        return services
            .AddSingleton(sp => WorkflowEngines.Chosen(sp.GetRequiredService<IConfiguration>()))
            .AddSingleton<MatterLibrary>()
            .AddSingleton<Forms.FormPreviews>();
    }
}
