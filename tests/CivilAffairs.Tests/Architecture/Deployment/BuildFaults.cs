using System.Text.Json;
using System.Xml.Linq;
using CivilAffairs.Tests.Support;

namespace CivilAffairs.Tests.Architecture.Deployment;

/// <summary>Where the image's build and the repository differ: versions, files that it takes, files that it would miss.</summary>
internal static class BuildFaults
{
    private const string Web = "src/CivilAffairs.Web/CivilAffairs.Web.csproj";
    private static readonly string[] BuildFiles = ["global.json", "Directory.Build.props", "Directory.Packages.props", ".editorconfig"];
    private static readonly string[] Made = ["bin", "obj", "node_modules"];

    internal static IEnumerable<string> Of(ImageFile image, string ignoreText)
    {
        var sdk = JsonDocument.Parse(File.ReadAllText(Repository.Path("global.json"))).RootElement.GetProperty("sdk").GetProperty("version").GetString()!;
        if (image.Tag("/sdk") is not { } tag || !sdk.StartsWith(tag + ".", StringComparison.Ordinal)) yield return "the image builds with another SDK than global.json";
        var framework = XDocument.Load(Repository.Path("Directory.Build.props")).Descendants("TargetFramework").Single().Value;
        if ($"net{image.Tag("/aspnet")}" != framework) yield return "the image runs on another framework than the build's";
        if (image.Tag("node")?.StartsWith("20-", StringComparison.Ordinal) is not true) yield return "the image has another Node than the README";

        var copied = image.Copied.ToList();
        foreach (var (_, source) in copied)
            if (!File.Exists(Repository.Path(source)) && !Directory.Exists(Repository.Path(source))) yield return $"COPY takes {source}, which is not there";
        var restore = image.Instructions.TakeWhile(i => !i.Rest.StartsWith("dotnet restore", StringComparison.Ordinal)).Count();
        foreach (var needed in BuildFiles.Concat(Projects(Web).SelectMany(FilesOf)))
            if (!copied.Any(c => c.At < restore && c.Source == needed)) yield return $"restore would miss {needed}";
        var publish = image.Instructions.TakeWhile(i => !i.Rest.StartsWith("dotnet publish", StringComparison.Ordinal)).Count();
        foreach (var folder in OutsideContent().Append("src"))
            if (!copied.Any(c => c.At < publish && c.Source == folder)) yield return $"publish would miss {folder}";

        // Everything is shut out, then let in again what COPY takes: nothing else can reach an image, and nothing is missed.
        var patterns = ignoreText.Split('\n').Select(l => l.Trim()).Where(l => l.Length > 0 && l[0] != '#').ToList();
        if (patterns[0] != "*" || !patterns.Where(p => p[0] == '!').Select(p => p[1..]).ToHashSet().SetEquals(copied.Select(c => c.Source.Split('/')[0])))
            yield return "the build gets other files than COPY takes";
        foreach (var made in Made.Where(m => !patterns.Contains("**/" + m))) yield return $"the build gets this machine's {made}";
    }

    /// <summary>Folders at the top level that the product takes files from besides its own, as the matters.</summary>
    private static IEnumerable<string> OutsideContent() =>
        XDocument.Load(Repository.Path(Web)).Descendants("Content").Select(c => ((string?)c.Attribute("Include") ?? "").Split('/'))
            .Where(path => path is ["..", "..", _, ..]).Select(path => path[2]);

    private static HashSet<string> Projects(string project)
    {
        var folder = Path.GetDirectoryName(project)!;
        var references = XDocument.Load(Repository.Path(project)).Descendants("ProjectReference").Where(r => r.Attribute("Condition") is null)
            .Select(r => Path.GetRelativePath(Repository.Root, Repository.Path(folder, (string)r.Attribute("Include")!)).Replace('\\', '/'));
        return [project, .. references.SelectMany(Projects)];
    }

    // What NuGet and npm read of a project.
    private static IEnumerable<string> FilesOf(string project) =>
        new[] { Path.GetFileName(project), "packages.lock.json", "package.json", "package-lock.json", ".npmrc" }
            .Select(f => $"{Path.GetDirectoryName(project)}/{f}").Where(f => File.Exists(Repository.Path(f)));
}
