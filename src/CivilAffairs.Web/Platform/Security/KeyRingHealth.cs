using System.Text.Json;
using CivilAffairs.Web.Platform.Data;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace CivilAffairs.Web.Platform.Security;

/// <summary>The key ring on disk can be read and is the one that this process works with: else the next start reads nothing personal.</summary>
internal sealed class KeyRingHealth(KeyRing ring, DataFolder folder) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            return Task.FromResult(ring.IsStoredIn(folder) ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("The key ring on disk is another one than this process works with."));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or FormatException)
        {
            return Task.FromResult(HealthCheckResult.Unhealthy($"The key ring cannot be read: {e.GetType().Name}. Bring it back before the process ends."));
        }
    }
}
