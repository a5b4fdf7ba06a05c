using System.Text.RegularExpressions;
using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Platform.Mail;

namespace CivilAffairs.Tests.Architecture.Deployment;

/// <summary>The settings that the code reads, by the names they have as environment variables.</summary>
internal static class Settings
{
    /// <summary>All C# of the product.</summary>
    internal static string Source { get; } = string.Join('\n', Directory.EnumerateFiles(Repository.Path("src"), "*.cs", SearchOption.AllDirectories)
        .Where(f => !f.Split(Path.DirectorySeparatorChar).Any(p => p is "bin" or "obj" or "node_modules")).Select(File.ReadAllText));

    /// <summary>Whether ASP.NET Core or the code reads it.</summary>
    internal static bool IsKnown(string variable) => variable switch
    {
        "ASPNETCORE_URLS" or "ASPNETCORE_FORWARDEDHEADERS_ENABLED" => true,
        "CIVILAFFAIRS_DATA" => Among(variable, "\"(CIVILAFFAIRS_\\w+)\""),
        _ when variable.Split("__") is ["ConnectionStrings", var name] => Among(name, "GetConnectionString\\(\"(\\w+)\"\\)|ConnectionStrings:(\\w+)"),
        _ when variable.Split("__") is [MailOptions.Section, var name] => typeof(MailOptions).GetProperty(name) is not null,
        _ => false,
    };

    private static bool Among(string name, string pattern) => Regex.Matches(Source, pattern).Any(m => m.Groups.Values.Skip(1).Any(g => g.Value == name));
}
