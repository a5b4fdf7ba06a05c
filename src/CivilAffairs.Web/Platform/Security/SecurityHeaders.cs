namespace CivilAffairs.Web.Platform.Security;

/// <summary>
/// Headers on every answer. Scripts come only from ourselves and never inline; nobody may frame a page; what a page
/// shows is never cached by a shared proxy.
/// </summary>
public static class SecurityHeaders
{
    internal const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; " +
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'";

    /// <summary>The desk's component library writes style attributes; scripts stay as strict. See docs/adr/0005.</summary>
    internal static readonly string DeskPolicy = ContentSecurityPolicy.Replace("style-src 'self'", "style-src 'self' 'unsafe-inline'", StringComparison.Ordinal)
        .Replace("base-uri 'none'", "base-uri 'self'", StringComparison.Ordinal) + "; frame-src 'self'";

    /// <summary>A page that is made to stand in a frame of our own: the designer's view of an applicant's page. See docs/adr/0077.</summary>
    internal static readonly string FramedPolicy = ContentSecurityPolicy.Replace("frame-ancestors 'none'", "frame-ancestors 'self'", StringComparison.Ordinal);

    /// <summary>The reader of the API's description styles inline too, and starts by one script that carries the answer's nonce.</summary>
    internal static string DocsPolicy(string nonce) => ContentSecurityPolicy.Replace("style-src 'self'", "style-src 'self' 'unsafe-inline'", StringComparison.Ordinal)
        .Replace("script-src 'self'", $"script-src 'self' 'nonce-{nonce}'", StringComparison.Ordinal);

    /// <summary>
    /// Elsa Studio: WebAssembly, workers made from blobs, and the one line of script that its start writes into the page, by its hash; the code
    /// editor brings its symbols as a data font. See docs/adr/0072.
    /// </summary>
    internal static readonly string StudioPolicy = DeskPolicy
        .Replace("script-src 'self'", "script-src 'self' 'wasm-unsafe-eval' 'sha256-snlP1jz0gjwc5cTz9ErZcliXuCK63+Mmf68RRCeptgc='", StringComparison.Ordinal)
        .Replace("font-src 'self'", "font-src 'self' data:", StringComparison.Ordinal) + "; worker-src 'self' blob:";

    private static string PolicyOf(PathString path) => path.StartsWithSegments("/desk") ? DeskPolicy : path.StartsWithSegments("/studio") ? StudioPolicy : ContentSecurityPolicy;

    public static IApplicationBuilder UseSecurityHeaders(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = PolicyOf(context.Request.Path);
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        return next();
    });
}
