using CivilAffairs.Web.Platform.Documents.Fonts;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace CivilAffairs.Web.Platform.Documents;

/// <summary>The fonts of documents are beside the program.</summary>
internal sealed class FontHealth(IServiceProvider services) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            // Opens them at the first question, as the first document would.
            return Task.FromResult(services.GetRequiredService<DocumentFonts>().Has('民') ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("The documents' font has no Chinese characters."));
        }
        catch (FileNotFoundException)
        {
            return Task.FromResult(HealthCheckResult.Unhealthy("A font of the documents is missing."));
        }
    }
}
