using System.Globalization;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Localization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;

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
    public static void MapLanguageChoice(this IEndpointRouteBuilder app) => app.MapChoice("/language", async (context, form) =>
    {
        var culture = form["culture"].ToString();
        if (All.All(c => c.Name != culture)) return;
        if (context.User.AccountId() is { } id)
            await context.RequestServices.GetRequiredService<IWriter>().WriteAsync((db, cancel) => db.Users.Where(a => a.Id == id && a.Language != culture).ExecuteUpdateAsync(s => s.SetProperty(a => a.Language, culture), cancel), context.RequestAborted);
        context.Response.Cookies.Append(CookieRequestCultureProvider.DefaultCookieName, CookieRequestCultureProvider.MakeCookieValue(new RequestCulture(culture)),
            new CookieOptions { HttpOnly = true, IsEssential = true, SameSite = SameSiteMode.Lax, Secure = context.Request.IsHttps, MaxAge = TimeSpan.FromDays(365) });
    });

    /// <summary>
    /// A choice sent by a form of the page, which leads back to where it stood and nowhere else. One without the form's token is
    /// refused in a sentence of its own: the page for a status would be run as the same request, and fail at the same token.
    /// </summary>
    internal static void MapChoice(this IEndpointRouteBuilder app, string path, Func<HttpContext, IFormCollection, Task> choose) => app.MapPost(path, async (HttpContext context) =>
    {
        // In this order: a form whose token does not hold may not even be asked whether it is one.
        if (context.Features.Get<IAntiforgeryValidationFeature>() is not { IsValid: true } || !context.Request.HasFormContentType)
            return Results.Text(context.RequestServices.GetRequiredService<IStringLocalizer<SharedTexts>>()["TokenGone"], "text/plain", System.Text.Encoding.UTF8, StatusCodes.Status400BadRequest);
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        await choose(context, form);
        return Results.LocalRedirect(Local(form["returnUrl"]));
    }).WithMetadata(new RequireAntiforgeryTokenAttribute());

    /// <summary>An address of this site; the home page for anything else.</summary>
    private static string Local(string? returnUrl) => returnUrl is ['/', ..] and not ['/', '/', ..] and not ['/', '\\', ..] ? returnUrl : "/";
}
