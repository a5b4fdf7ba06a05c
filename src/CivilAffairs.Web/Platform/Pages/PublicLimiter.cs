using System.Threading.RateLimiting;
using Microsoft.AspNetCore.RateLimiting;

namespace CivilAffairs.Web.Platform.Pages;

/// <summary>
/// Counts by address and limit, in memory. The framework's middleware is not used: it never disposes its limiters, and their
/// timers keep an application that has stopped alive with all it holds. These belong to the container and end with it.
/// </summary>
internal sealed class PublicLimiter : IDisposable
{
    private readonly PartitionedRateLimiter<HttpContext> limiter = PartitionedRateLimiter.Create<HttpContext, string>(Partition);

    /// <summary>Goes on, or answers 429.</summary>
    public async Task LimitAsync(HttpContext context, RequestDelegate next)
    {
        using (var lease = await limiter.AcquireAsync(context, 1, context.RequestAborted).ConfigureAwait(false))
        {
            if (!lease.IsAcquired)
            {
                context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
                return;
            }
        }
        await next(context).ConfigureAwait(false);
    }

    public void Dispose() => limiter.Dispose();

    private static RateLimitPartition<string> Partition(HttpContext context)
    {
        // Reading the form's page is not sending it.
        var isPost = HttpMethods.IsPost(context.Request.Method);
        return context.GetEndpoint()?.Metadata.GetMetadata<EnableRateLimitingAttribute>()?.PolicyName switch
        {
            null => RateLimitPartition.GetNoLimiter(""),
            PublicLimits.Send when isPost => Window(PublicLimits.Send, 10, TimeSpan.FromMinutes(10)),
            PublicLimits.Message when isPost => Window(PublicLimits.Message, 60, TimeSpan.FromMinutes(10)),
            PublicLimits.Message => RateLimitPartition.GetNoLimiter(""),
            PublicLimits.Tools => Window(PublicLimits.Tools, 120, TimeSpan.FromMinutes(1)),
            PublicLimits.Read => Window(PublicLimits.Read, 60, TimeSpan.FromMinutes(1)),
            PublicLimits.Send => Window(PublicLimits.Send + " get", 60, TimeSpan.FromMinutes(1)),
            var other => throw new InvalidOperationException($"Nothing says what the limit '{other}' is."),
        };

        RateLimitPartition<string> Window(string limit, int permits, TimeSpan window) => RateLimitPartition.GetFixedWindowLimiter(
            $"{limit} {context.Connection.RemoteIpAddress}", _ => new FixedWindowRateLimiterOptions { PermitLimit = permits, Window = window });
    }
}
