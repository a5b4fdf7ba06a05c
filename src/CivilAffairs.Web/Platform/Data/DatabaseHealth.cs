using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace CivilAffairs.Web.Platform.Data;

/// <summary>The database answers and has the shape that this version wants.</summary>
internal sealed class DatabaseHealth(IReader reader) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        await using var db = reader.Open();
        var missing = (await db.Database.GetPendingMigrationsAsync(cancellationToken).ConfigureAwait(false)).Count();
        return missing == 0 ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy($"{missing} migrations are missing; a restart applies them.");
    }
}

/// <summary>What is to be written gets through.</summary>
internal sealed class WriterHealth(IWriterState writer, TimeProvider time) : IHealthCheck
{
    /// <summary>The longest honest work, a county's import aside, takes a second.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var (waiting, stuck) = (writer.Waiting, time.GetUtcNow() - writer.StuckSince);
        return Task.FromResult(
            stuck > Patience ? HealthCheckResult.Unhealthy($"Nothing was written for {(int)stuck.Value.TotalSeconds} s; {waiting} changes wait.")
            : waiting >= writer.Capacity ? HealthCheckResult.Unhealthy($"The queue is full: {waiting} changes wait, and further ones are refused.")
            : HealthCheckResult.Healthy());
    }
}

/// <summary>Attachments and keys can be written.</summary>
internal sealed class DataFolderHealth(DataFolder folder) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var path = folder.Path($"probe-{Guid.NewGuid():N}");
        try
        {
            await File.WriteAllTextAsync(path, "ready", cancellationToken).ConfigureAwait(false);
            File.Delete(path);
            return HealthCheckResult.Healthy();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return HealthCheckResult.Unhealthy($"The data folder cannot be written: {e.GetType().Name}.");
        }
    }
}
