using System.Security.Cryptography;
using System.Text;
using CivilAffairs.Web.Platform.Security;
using Microsoft.AspNetCore.DataProtection;

namespace CivilAffairs.Web.Features.Designer.Studio;

/// <summary>
/// Stands against forged writes: the Studio sends no request token, so a page of ours leaves a cookie that a browser sends from our own
/// pages alone (SameSite=Strict), bound to the account and good for a working day, and every write must come from our own
/// origin. The session's cookie cannot be it: links in letters must find who is signed in (docs/adr/0072).
/// </summary>
internal sealed class StudioGuard(IDataProtectionProvider protection)
{
    internal const string CookieName = "civilaffairs.studio";
    internal const string Path = "/elsa/api";
    private static readonly TimeSpan Kept = TimeSpan.FromHours(8);
    private readonly ITimeLimitedDataProtector protector = protection.CreateProtector("CivilAffairs.Studio").ToTimeLimitedDataProtector();

    /// <summary>With a page that holds the Studio.</summary>
    public void Let(HttpContext context, Guid account) => context.Response.Cookies.Append(CookieName, protector.Protect(account.ToString("N"), Kept),
        new CookieOptions { HttpOnly = true, IsEssential = true, SameSite = SameSiteMode.Strict, Secure = context.Request.IsHttps, Path = Path, MaxAge = Kept });

    /// <summary>Sent by a page of ours: behind a proxy the scheme may be another, the host never is.</summary>
    public static bool IsOurs(HttpRequest request) =>
        Uri.TryCreate(request.Headers.Origin, UriKind.Absolute, out var origin) && string.Equals(origin.Authority, request.Host.Value, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether the page that sends it was given to this account.</summary>
    public bool IsLet(HttpRequest request, Guid account)
    {
        if (request.Cookies[CookieName] is not { Length: > 0 } cookie) return false;
        try
        {
            return CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(protector.Unprotect(cookie)), Encoding.ASCII.GetBytes(account.ToString("N")));
        }
        catch (CryptographicException)
        {
            // Over, or not ours: the page gets a new one with the sign-in.
            return false;
        }
    }
}
