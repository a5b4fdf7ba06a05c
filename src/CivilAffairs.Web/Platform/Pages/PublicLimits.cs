using System.Threading.RateLimiting;
using Microsoft.AspNetCore.RateLimiting;

namespace CivilAffairs.Web.Platform.Pages;

/// <summary>How often one address may use the pages that need no sign-in: enough for a person, too little for trying codes.</summary>
public static class PublicLimits
{
    /// <summary>Reading: 60 a minute.</summary>
    public const string Read = "public.read";

    /// <summary>The tools of the API: 120 a minute, for systems that ask for many.</summary>
    public const string Tools = "public.tools";

    /// <summary>Sending: 10 in ten minutes.</summary>
    public const string Send = "public.send";

    /// <summary>Sending a message with its files, by who is signed in: 60 in ten minutes from one address. How many one account may send is the message's own rule.</summary>
    public const string Message = "message.send";

    public static IServiceCollection AddPublicLimits(this IServiceCollection services) => services.AddRateLimiter(options =>
    {
        options.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
        options.AddPolicy(Read, context => Window(context, 60, TimeSpan.FromMinutes(1)));
        options.AddPolicy(Tools, context => Window(context, 120, TimeSpan.FromMinutes(1)));
        // Reading the form's page is not sending it.
        options.AddPolicy(Send, context => HttpMethods.IsPost(context.Request.Method)
            ? Window(context, 10, TimeSpan.FromMinutes(10))
            : Window(context, 60, TimeSpan.FromMinutes(1)));
        options.AddPolicy(Message, context => HttpMethods.IsPost(context.Request.Method) ? Window(context, 60, TimeSpan.FromMinutes(10)) : RateLimitPartition.GetNoLimiter("read"));
    });

    private static RateLimitPartition<string> Window(HttpContext context, int permits, TimeSpan window) => RateLimitPartition.GetFixedWindowLimiter(
        $"{context.Connection.RemoteIpAddress} {permits}", _ => new FixedWindowRateLimiterOptions { PermitLimit = permits, Window = window });
}
