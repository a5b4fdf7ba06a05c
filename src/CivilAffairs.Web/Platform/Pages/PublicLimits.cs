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

    public static IServiceCollection AddPublicLimits(this IServiceCollection services) => services.AddSingleton<PublicLimiter>();

    /// <summary>After routing: which limit holds is said by the endpoint.</summary>
    public static IApplicationBuilder UsePublicLimits(this IApplicationBuilder app) => app.Use(next =>
    {
        var limiter = app.ApplicationServices.GetRequiredService<PublicLimiter>();
        return context => limiter.LimitAsync(context, next);
    });
}
