using System.Globalization;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using Microsoft.AspNetCore.Localization;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Platform.Pages;

/// <summary>
/// The two languages: Chinese first, English complete. The choice lives in a cookie and survives sign-out; whoever is
/// signed in gets their mails in it too.
/// </summary>
public static class Languages
{
    public static readonly IReadOnlyList<CultureInfo> All = [new("zh-CN"), new("en")];

    public static bool IsEnglish => CultureInfo.CurrentUICulture.TwoLetterISOLanguageName == "en";

    public static void AddLanguages(this IServiceCollection services)
    {
        services.AddLocalization();
        services.Configure<RequestLocalizationOptions>(options =>
        {
            options.DefaultRequestCulture = new RequestCulture("zh-CN");
            options.SupportedCultures = [.. All];
            options.SupportedUICultures = [.. All];
        });
    }

    /// <summary><c>POST /language</c> with <c>culture</c> and <c>returnUrl</c>: works without JavaScript, refuses to lead elsewhere.</summary>
    public static void MapLanguageChoice(this IEndpointRouteBuilder app) => app.MapPost("/language", async (HttpContext context, IWriter writer, [Microsoft.AspNetCore.Mvc.FromForm] string culture, [Microsoft.AspNetCore.Mvc.FromForm] string? returnUrl) =>
    {
        if (All.Any(c => c.Name == culture))
        {
            if (context.User.AccountId() is { } id)
                await writer.WriteAsync((db, cancel) => db.Users.Where(a => a.Id == id && a.Language != culture).ExecuteUpdateAsync(s => s.SetProperty(a => a.Language, culture), cancel), context.RequestAborted);
            context.Response.Cookies.Append(CookieRequestCultureProvider.DefaultCookieName, CookieRequestCultureProvider.MakeCookieValue(new RequestCulture(culture)),
                new CookieOptions { HttpOnly = true, IsEssential = true, SameSite = SameSiteMode.Lax, Secure = context.Request.IsHttps, MaxAge = TimeSpan.FromDays(365) });
        }
        return Results.LocalRedirect(Local(returnUrl));
    });

    /// <summary>An address of this site; the home page for anything else.</summary>
    internal static string Local(string? returnUrl) => returnUrl is ['/', ..] and not ['/', '/', ..] and not ['/', '\\', ..] ? returnUrl : "/";
}
