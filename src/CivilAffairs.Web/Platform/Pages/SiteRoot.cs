namespace CivilAffairs.Web.Platform.Pages;

/// <summary>Where <c>wwwroot</c> lies: beside the assembly when published, in the project's folder when run from a checkout.</summary>
internal static class SiteRoot
{
    internal static string Find()
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
            if (Directory.Exists(Path.Combine(at.FullName, "wwwroot"))) return at.FullName;
        return AppContext.BaseDirectory;
    }
}
