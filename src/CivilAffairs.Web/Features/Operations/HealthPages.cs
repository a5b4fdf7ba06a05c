using System.Collections.Concurrent;
using CivilAffairs.Web.Platform.Security;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace CivilAffairs.Web.Features.Operations;

/// <summary>
/// <c>/health/live</c>: the process answers. <c>/health/ready</c>: it can do its work; 503 where it cannot, which takes it
/// out of rotation. What is merely degraded (mail) answers 200. Everybody sees each check's name and state; why, only
/// administrators, and the log.
/// </summary>
internal sealed partial class HealthPages(HealthCheckService checks, ILogger<HealthPages> log)
{
    private readonly ConcurrentDictionary<string, HealthStatus> known = new();
    private readonly Lock gate = new();
    private Task<HealthReport>? running;

    internal static void Map(WebApplication app)
    {
        app.MapGet("/health/live", () => Results.Text("alive")).AllowAnonymous().ExcludeFromDescription();
        app.MapGet("/health/ready", async (HttpContext context, HealthPages pages, ViewerAccessor viewers) =>
        {
            var report = await pages.ReportAsync();
            var detailed = await IsAdministratorAsync(context, viewers);
            context.Response.Headers.CacheControl = "no-store";
            return Results.Json(new ReadinessReport(Words(report.Status), [.. report.Entries.Select(e => Line(e.Key, e.Value, detailed))]),
                statusCode: report.Status == HealthStatus.Unhealthy ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK);
        }).AllowAnonymous().ExcludeFromDescription();
    }

    /// <summary>One round of checks at a time, however many ask: a page open to everybody must not load the database.</summary>
    private Task<HealthReport> ReportAsync()
    {
        lock (gate) return running is { IsCompleted: false } round ? round : running = RunAsync();
    }

    private async Task<HealthReport> RunAsync()
    {
        var report = await checks.CheckHealthAsync().ConfigureAwait(false);
        foreach (var (name, entry) in report.Entries)
        {
            var before = known.GetValueOrDefault(name, HealthStatus.Healthy);
            known[name] = entry.Status;
            if (before != entry.Status) Changed(log, entry.Status == HealthStatus.Healthy ? LogLevel.Information : LogLevel.Warning, name, Words(entry.Status), Why(entry), entry.Exception);
        }
        return report;
    }

    // The database may be what is broken: then nobody can be shown to be one.
    private static async Task<bool> IsAdministratorAsync(HttpContext context, ViewerAccessor viewers)
    {
        if (context.User.AccountId() is null) return false;
        try
        {
            return await viewers.OfAsync(context.User, context.RequestAborted) is { } viewer && viewer.HoldsAny(Roles.Administrator);
        }
        catch (Exception e) when (e is System.Data.Common.DbException or InvalidOperationException)
        {
            return false;
        }
    }

    private static ReadinessLine Line(string name, HealthReportEntry entry, bool detailed) => detailed
        ? new(name, Words(entry.Status), Why(entry), (long)entry.Duration.TotalMilliseconds)
        : new(name, Words(entry.Status), null, null);

    // Of a check that threw, the kind: words of database servers hold hosts and users.
    private static string? Why(HealthReportEntry entry) => entry.Exception is { } thrown ? $"It could not be asked: {thrown.GetType().Name}." : entry.Description;

    private static string Words(HealthStatus status) => status switch { HealthStatus.Healthy => "healthy", HealthStatus.Degraded => "degraded", _ => "unhealthy" };

    [LoggerMessage(EventId = 1010, Message = "Check {Check} is {State} now: {Why}")]
    private static partial void Changed(ILogger log, LogLevel level, string check, string state, string? why, Exception? e);
}

/// <param name="Status"><c>healthy</c>, <c>degraded</c> or <c>unhealthy</c>: the worst of the checks.</param>
internal sealed record ReadinessReport(string Status, IReadOnlyList<ReadinessLine> Checks);

/// <param name="Why">For administrators; null: all is well, or the reader is none.</param>
internal sealed record ReadinessLine(string Name, string Status, [property: System.Text.Json.Serialization.JsonIgnore(Condition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull)] string? Why,
    [property: System.Text.Json.Serialization.JsonIgnore(Condition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull)] long? Milliseconds);
