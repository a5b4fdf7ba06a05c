namespace CivilAffairs.Tests.Support;

/// <summary>The checkout that the tests were built from.</summary>
public static class Repository
{
    /// <summary>The folder of CivilAffairs.sln.</summary>
    public static string Root { get; } = Find();

    /// <summary>A path of the checkout, as <c>Path("workflows", "rural-dibao")</c>.</summary>
    public static string Path(params string[] parts) => System.IO.Path.Combine([Root, .. parts]);

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "CivilAffairs.sln"))) return folder.FullName;
        throw new InvalidOperationException("CivilAffairs.sln is in no folder above the tests.");
    }
}
