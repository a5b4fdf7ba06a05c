namespace CivilAffairs.Web.Platform.Pages;

/// <summary>The address under which people reach the site, for links in mails and QR codes: setting <c>Site:Url</c>.</summary>
public sealed class SiteAddress(IConfiguration configuration)
{
    private readonly string root = (configuration["Site:Url"] is { Length: > 0 } set ? set : "http://localhost:5000").TrimEnd('/');

    /// <param name="path">Begins with a slash.</param>
    public string Of(string path) => root + path;
}
