using System.Text.RegularExpressions;
using CivilAffairs.Tests.Support;
using Xunit;

namespace CivilAffairs.Tests.Architecture;

/// <summary>Nothing unfinished and nothing of one machine stays in the tree. Each guard is shown to be able to fail.</summary>
public sealed class LeftoverTests
{
    private static readonly string[] Folders = [".ci", "docs", "src", "tests", "workflows"];
    private static readonly string[] Skipped = ["bin", "obj", "node_modules", "TestResults"];
    private static readonly string[] Kinds = [".cs", ".cshtml", ".razor", ".resx", ".json", ".md", ".sh", ".yml", ".yaml", ".props", ".csproj", ".css", ".js", ".html", ".liquid", ".npmrc", ".sln", ""];

    // Written in pieces, so that this file does not find itself.
    private static readonly Regex Unfinished = new(@"\bTO" + @"DO\b|\bFIX" + @"ME\b|NotImplemented" + "Exception");
    private static readonly Regex OneMachine = new(@"(?<![\w.])/(tmp" + @"/|home/\w|root/|work/(main|wt|shared)\b)|registry\.npm" + @"\w*\.|api\.nuget" + @"\.org|[A-Z]:\\Users\\");

    [Fact]
    public void Nothing_in_the_code_is_left_unfinished() =>
        Assert.Empty(Files().Where(f => f.StartsWith("src/", StringComparison.Ordinal) || f.StartsWith("tests/", StringComparison.Ordinal)).SelectMany(f => Hits(Unfinished, f, Text(f))));

    [Theory]
    [InlineData("// TO" + "DO later")]
    [InlineData("throw new NotImplemented" + "Exception();")]
    public void The_guard_sees_what_is_unfinished(string line) => Assert.NotEmpty(Hits(Unfinished, "x.cs", line));

    [Fact]
    public void No_file_names_a_package_registry_or_a_path_of_one_machine() => Assert.Empty(Files().SelectMany(f => Hits(OneMachine, f, Text(f))));

    [Theory]
    [InlineData("see /tm" + "p/notes")]
    [InlineData("\"/hom" + "e/someone/x\"")]
    [InlineData("https://registry.npm" + "js.org/x")]
    [InlineData("https://api.nuget" + ".org/v3/index.json")]
    public void The_guard_sees_a_registry_or_a_path(string line) => Assert.NotEmpty(Hits(OneMachine, "x.md", line));

    [Fact]
    public void The_guards_read_the_whole_tree()
    {
        var files = Files().ToList();
        Assert.Contains("tests/run.sh", files);
        Assert.Contains(".ci/run", files);
        Assert.Contains("src/CivilAffairs.Web/Program.cs", files);
        Assert.Contains("Directory.Build.props", files);
    }

    private static IEnumerable<string> Hits(Regex pattern, string file, string text) =>
        text.Split('\n').Select((line, i) => (Match: pattern.Match(line), Line: i + 1)).Where(h => h.Match.Success).Select(h => $"{file}:{h.Line}: {h.Match.Value}");

    private static string Text(string file) => File.ReadAllText(Repository.Path(file));

    private static IEnumerable<string> Files() =>
        Folders.Select(f => Repository.Path(f)).Where(Directory.Exists)
            .SelectMany(f => Directory.EnumerateFiles(f, "*", SearchOption.AllDirectories))
            .Concat(Directory.EnumerateFiles(Repository.Root))
            .Select(f => Path.GetRelativePath(Repository.Root, f).Replace('\\', '/'))
            .Where(f => f != ".git" && !f.Split('/').Any(Skipped.Contains) && Kinds.Contains(Path.GetExtension(f)));
}
