using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace CivilAffairs.Web.Features.Matters;

/// <summary>At least one matter is published.</summary>
internal sealed class MatterHealth(MatterLibrary library) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(library.Current.Count > 0 ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("No matter is published; the log of the start names the faults of those that came with the product."));
}
