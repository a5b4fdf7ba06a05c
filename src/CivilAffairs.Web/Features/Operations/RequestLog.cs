using CivilAffairs.Web.Platform.Security;
using Microsoft.AspNetCore.Diagnostics;

namespace CivilAffairs.Web.Features.Operations;

/// <summary>One line for each request: which page by its template, never the path or query as sent, and whose session.</summary>
internal sealed partial class RequestLog(RequestDelegate next, ILogger<RequestLog> log, TimeProvider time)
{
    public async Task InvokeAsync(HttpContext context)
    {
        if (context.Features.Get<IStatusCodeReExecuteFeature>() is not null || context.Features.Get<IExceptionHandlerFeature>() is not null)
        {
            // The status page in the place of a page that had its line.
            await next(context);
            return;
        }
        var (started, failed) = (time.GetTimestamp(), true);
        try
        {
            await next(context);
            failed = false;
        }
        finally
        {
            // Thrown past everybody: the server answers 500 after this.
            var status = failed ? context.RequestAborted.IsCancellationRequested ? StatusCodes.Status499ClientClosedRequest : StatusCodes.Status500InternalServerError : context.Response.StatusCode;
            var (route, level) = (Route(context), status >= 500 ? LogLevel.Warning : LogLevel.Information);
            // Probes ask every few seconds.
            if (route.StartsWith("/health/", StringComparison.Ordinal) && level < LogLevel.Warning) level = LogLevel.Debug;
            Answered(log, level, Method(context.Request.Method), route, status, (long)time.GetElapsedTime(started).TotalMilliseconds, context.User.AccountId());
        }
    }

    private static string Route(HttpContext context) => context.GetEndpoint() switch
    {
        RouteEndpoint { RoutePattern.RawText: { } template } => template.StartsWith('/') ? template : $"/{template}",
        not null => "(endpoint)",
        null => context.Response.StatusCode < 400 ? "(file)" : "(none)",
    };

    // A method is a word that the sender chooses.
    private static string Method(string method) =>
        HttpMethods.IsGet(method) ? "GET" : HttpMethods.IsPost(method) ? "POST" : HttpMethods.IsHead(method) ? "HEAD" : HttpMethods.IsConnect(method) ? "CONNECT" : "OTHER";

    [LoggerMessage(EventId = 1000, Message = "{Method} {Route} was answered with {Status} after {Milliseconds} ms to account {Account}")]
    private static partial void Answered(ILogger log, LogLevel level, string method, string route, int status, long milliseconds, Guid? account);
}
