namespace CivilAffairs.Web.Platform.Pages;

/// <summary>
/// Large type 大字版 for those whose eyes want it: 22 px instead of 18. The choice lives in a cookie, survives sign-out and
/// needs no JavaScript. The page asks by the class <c>large</c> at its root.
/// </summary>
public static class TypeSizes
{
    private const string Cookie = "civilaffairs.type", Large = "large", Normal = "normal";

    public static bool IsLarge(HttpContext context) => (context ?? throw new ArgumentNullException(nameof(context))).Request.Cookies[Cookie] == Large;

    /// <summary>What the button offers.</summary>
    public static string Other(HttpContext context) => IsLarge(context) ? Normal : Large;

    /// <summary><c>POST /type-size</c> with <c>size</c> (<c>large</c> or <c>normal</c>) and <c>returnUrl</c>.</summary>
    public static void MapTypeSizeChoice(this IEndpointRouteBuilder app) => app.MapChoice("/type-size", (context, form) =>
    {
        var size = form["size"].ToString();
        if (size is Large or Normal)
            context.Response.Cookies.Append(Cookie, size, new CookieOptions { HttpOnly = true, IsEssential = true, SameSite = SameSiteMode.Lax, Secure = context.Request.IsHttps, MaxAge = TimeSpan.FromDays(365) });
        return Task.CompletedTask;
    });
}
