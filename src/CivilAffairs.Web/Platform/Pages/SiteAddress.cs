namespace CivilAffairs.Web.Platform.Pages;

/// <summary>
/// The address under which people reach the site, for links in mails and QR codes: setting <c>Site:Url</c>; without it the
/// first address that <c>--urls</c> names, as this machine sees it.
/// </summary>
public sealed class SiteAddress(IConfiguration configuration)
{
    private readonly string root = (configuration["Site:Url"] is { Length: > 0 } set ? set : Listening(configuration["urls"])).TrimEnd('/');

    /// <param name="path">Begins with a slash.</param>
    public string Of(string path) => root + path;

    private static string Listening(string? urls) =>
        urls?.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).FirstOrDefault() is { } first
            ? System.Text.RegularExpressions.Regex.Replace(first, @"://(\*|\+|0\.0\.0\.0|\[::\])(?=[:/]|$)", "://localhost", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1))
            : "http://localhost:5000";
}
