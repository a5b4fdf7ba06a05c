namespace CivilAffairs.Web.Platform.Data;

/// <summary>The folder of an installation's database, files and keys: <c>CIVILAFFAIRS_DATA</c>, else <c>data</c> in the caller's folder.</summary>
public sealed class DataFolder
{
    public DataFolder(string path)
    {
        Root = System.IO.Path.GetFullPath(path);
        Directory.CreateDirectory(Root);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(Root, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    public string Root { get; }

    /// <summary>A file or folder inside.</summary>
    public string Path(params string[] parts) => System.IO.Path.Combine([Root, .. parts]);

    public static DataFolder From(IConfiguration configuration) => new(configuration["CIVILAFFAIRS_DATA"] is { Length: > 0 } set ? set : "data");
}
