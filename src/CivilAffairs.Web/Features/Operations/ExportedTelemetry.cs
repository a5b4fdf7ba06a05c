using System.Reflection;
using CivilAffairs.Web.Platform.Telemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace CivilAffairs.Web.Features.Operations;

/// <summary>
/// Sends spans and measures to a collector where <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> names one; absent, nothing is
/// gathered. All other settings are OpenTelemetry's own (<c>OTEL_EXPORTER_OTLP_PROTOCOL</c>, <c>OTEL_SERVICE_NAME</c>,
/// <c>OTEL_RESOURCE_ATTRIBUTES</c>, <c>OTEL_TRACES_SAMPLER</c>, <c>OTEL_METRIC_EXPORT_INTERVAL</c> …).
/// </summary>
internal static class ExportedTelemetry
{
    internal static IServiceCollection AddExportedTelemetry(this IServiceCollection services, IConfiguration configuration)
    {
        if (configuration["OTEL_EXPORTER_OTLP_ENDPOINT"] is not { Length: > 0 } || configuration.GetValue("OTEL_SDK_DISABLED", false)) return services;
        services.AddHostedService<Gauges>();
        services.AddOpenTelemetry()
            .ConfigureResource(resource =>
            {
                if (configuration["OTEL_SERVICE_NAME"] is not { Length: > 0 }) resource.AddService("civilaffairs", serviceVersion: Version);
            })
            .WithTracing(tracing => tracing.AddSource(ProductTelemetry.Name)
                .AddAspNetCoreInstrumentation(web =>
                {
                    web.Filter = context => !context.Request.Path.StartsWithSegments("/health");
                    web.RecordException = false;
                    web.EnrichWithHttpResponse = (span, _) =>
                    {
                        // Paths and queries hold codes and what people search for; the route's template stays.
                        foreach (var tag in Personal) span.SetTag(tag, null);
                    };
                })
                .AddOtlpExporter())
            .WithMetrics(metrics => metrics.AddMeter(ProductTelemetry.Name, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime").AddOtlpExporter());
        return services;
    }

    internal static readonly string[] Personal = ["url.path", "url.query", "url.full", "client.address", "network.peer.address", "user_agent.original"];

    private static string? Version => typeof(ExportedTelemetry).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;
}
