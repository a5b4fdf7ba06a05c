namespace CivilAffairs.Web.Features.Operations;

/// <summary>What those who run the product look at: health, request log, telemetry. See docs/operations.md.</summary>
internal static class OperationServices
{
    internal static IServiceCollection AddOperations(this IServiceCollection services, IConfiguration configuration) =>
        services.AddSingleton<HealthPages>().AddExportedTelemetry(configuration);

    /// <summary>Within the status pages, which run the pipeline once more in the place of what failed.</summary>
    internal static IApplicationBuilder UseRequestLog(this IApplicationBuilder app) => app.UseMiddleware<RequestLog>();

    internal static void MapOperations(this WebApplication app) => HealthPages.Map(app);
}
