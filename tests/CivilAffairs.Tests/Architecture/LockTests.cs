using System.Text.Json.Nodes;
using System.Xml.Linq;
using CivilAffairs.Tests.Support;

namespace CivilAffairs.Tests.Architecture;

/// <summary>The lock files hold what the projects ask for, and nothing that follows the SDK's patch; see docs/adr/0016.</summary>
public sealed class LockTests
{
    private static readonly string[] Tops = ["src", "tests"];

    [Fact]
    public void No_lock_file_follows_the_SDK()
    {
        var projects = Tops.SelectMany(top => Directory.EnumerateFiles(Repository.Path(top), "*.csproj", SearchOption.AllDirectories)).ToList();
        Assert.True(projects.Count > 4);
        Assert.Empty(projects.SelectMany(p => Faults(File.ReadAllText(p), File.ReadAllText(Path.Combine(Path.GetDirectoryName(p)!, "packages.lock.json"))).Select(f => $"{Path.GetFileName(p)}: {f}")));
    }

    [Theory]
    [InlineData("10.0.12", "10.0.13")]
    [InlineData(null, "10.0.12")]
    public void The_guard_sees_a_package_that_the_SDK_added(string? pinned, string locked)
    {
        var pin = pinned is null ? "" : $"<Target><ItemGroup><KnownAspNetCorePack Condition=\"'%(Identity)' == 'Some.Assets'\"><AspNetCorePackVersion>{pinned}</AspNetCorePackVersion></KnownAspNetCorePack></ItemGroup></Target>";
        var project = $"<Project><ItemGroup><PackageReference Include=\"A\" /></ItemGroup>{pin}</Project>";
        var lockFile = """{"dependencies":{"net10.0":{"A":{"type":"Direct","resolved":"1.0.0"},"Some.Assets":{"type":"Direct","resolved":"VERSION"}}}}""".Replace("VERSION", locked, StringComparison.Ordinal);
        Assert.Single(Faults(project, lockFile));
    }

    private static IEnumerable<string> Faults(string project, string lockFile)
    {
        var xml = XDocument.Parse(project);
        var asked = xml.Descendants("PackageReference").Select(p => (string?)p.Attribute("Include")).ToHashSet();
        var pinned = xml.Descendants("KnownAspNetCorePack").ToDictionary(p => ((string)p.Attribute("Condition")!).Split('\'')[3], p => (string?)p.Element("AspNetCorePackVersion"));
        foreach (var (name, package) in JsonNode.Parse(lockFile)!["dependencies"]!.AsObject().SelectMany(f => f.Value!.AsObject()))
            if ((string?)package!["type"] == "Direct" && !asked.Contains(name) && pinned.GetValueOrDefault(name) != (string?)package["resolved"])
                yield return $"{name} {(string?)package["resolved"]} is in the lock file, but the project does not say so";
    }
}
