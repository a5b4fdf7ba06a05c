using System.Text.RegularExpressions;
using CivilAffairs.Tests.Support;
using Xunit;

namespace CivilAffairs.Tests.Architecture;

/// <summary>Features → Platform → Engine only; features share only Cases and Matters, but Demo plays all of them, and nobody uses it. Each guard is shown to be able to fail.</summary>
public sealed partial class DependencyTests
{
    private static readonly string[] Tops = ["src", "tests"];
    private static readonly string[] SharedFeatures = ["Cases", "Matters"];

    // Development's county runs the product's jobs, post and imports on the clock of its story (docs/adr/0062).
    private const string Teller = "Demo";

    // The designer shows a matter as applicants and officers would see it, in their own fields and letters; the command line
    // plays what its page plays (docs/adr/0074). The copy for Elsa's own server shows what the designer's viewer shows (docs/adr/0080). What
    // everybody may have worked out asks the form's own questions, as the applicant's pages do (docs/adr/0089).
    private static readonly Dictionary<string, string[]> Beside = new() { ["Designer"] = ["Desk", "Mail"], ["CommandLine"] = ["Designer"], ["Projection"] = ["Designer"], ["Tools"] = ["Apply"] };

    [Fact]
    public void Dependencies_run_from_features_over_platform_to_engine() => Assert.Empty(Sources().SelectMany(f => Violations(f.Path, f.Text)));

    [Theory]
    [InlineData("src/CivilAffairs.Engine/Time/X.cs", "using CivilAffairs.Web.Platform.Data;")]
    [InlineData("src/CivilAffairs.Engine/Time/X.cs", "using Microsoft.EntityFrameworkCore;")]
    [InlineData("src/CivilAffairs.Engine/Time/X.cs", "var now = DateTimeOffset.UtcNow;")]
    [InlineData("src/CivilAffairs.Engine/Time/X.cs", "var now = TimeProvider.System.GetUtcNow();")]
    [InlineData("src/CivilAffairs.Engine/Time/X.cs", "var id = Guid.NewGuid();")]
    [InlineData("src/CivilAffairs.Engine/Time/X.cs", "var n = Random.Shared.Next();")]
    [InlineData("src/CivilAffairs.Engine/Time/X.cs", "var text = File.ReadAllText(path);")]
    [InlineData("src/CivilAffairs.Web/Platform/Data/X.cs", "using CivilAffairs.Web.Features.Cases;")]
    [InlineData("src/CivilAffairs.Web/Features/Home/X.cs", "using CivilAffairs.Web.Features.CommandLine;")]
    [InlineData("src/CivilAffairs.Web/Features/Home/X.cs", "using CivilAffairs.Web.Features.Demo;")]
    [InlineData("src/CivilAffairs.Web/Features/Desk/X.cs", "using CivilAffairs.Web.Features.Designer;")]
    [InlineData("src/CivilAffairs.Web/Features/Designer/X.cs", "using CivilAffairs.Web.Features.Apply;")]
    public void The_guard_sees_a_violation(string path, string line) => Assert.NotEmpty(Violations(path, line));

    [Theory]
    [InlineData("src/CivilAffairs.Web/Features/Home/X.cs", "using CivilAffairs.Web.Features.Matters;")]
    [InlineData("src/CivilAffairs.Web/Features/Home/X.cs", "using CivilAffairs.Web.Features.Home.Parts;")]
    [InlineData("src/CivilAffairs.Web/Features/Demo/X.cs", "using CivilAffairs.Web.Features.Reminders;")]
    [InlineData("src/CivilAffairs.Web/Features/Designer/X.cs", "using CivilAffairs.Web.Features.Desk.Casefile;")]
    [InlineData("src/CivilAffairs.Web/Platform/Data/X.cs", "using CivilAffairs.Engine.Port;")]
    public void The_guard_lets_the_right_direction_pass(string path, string line) => Assert.Empty(Violations(path, line));

    [Fact]
    public void The_engine_references_neither_database_nor_web() =>
        Assert.DoesNotContain(typeof(CivilAffairs.Engine.Port.IWorkflowEngine).Assembly.GetReferencedAssemblies(),
            a => a.Name!.StartsWith("Microsoft.EntityFrameworkCore", StringComparison.Ordinal) || a.Name.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal) || a.Name.StartsWith("Npgsql", StringComparison.Ordinal));

    [Fact]
    public void No_file_is_longer_than_300_lines() =>
        Assert.Empty(Sources().Where(f => IsTooLong(f.Text)).Select(f => f.Path));

    [Fact]
    public void The_guard_sees_a_file_that_is_too_long() => Assert.True(IsTooLong(new string('\n', 301)));

    private static bool IsTooLong(string text) => text.Count(c => c == '\n') > 300;

    private static IEnumerable<(string Path, string Text)> Sources() =>
        Tops.SelectMany(top => Directory.EnumerateFiles(Path.Combine(Repository.Root, top), "*.*", SearchOption.AllDirectories))
            .Where(f => f.EndsWith(".cs", StringComparison.Ordinal) || f.EndsWith(".cshtml", StringComparison.Ordinal) || f.EndsWith(".razor", StringComparison.Ordinal))
            .Select(f => (Path: Path.GetRelativePath(Repository.Root, f).Replace('\\', '/'), File: f))
            .Where(f => !Generated().IsMatch(f.Path))
            .Select(f => (f.Path, File.ReadAllText(f.File)));

    private static IEnumerable<string> Violations(string path, string text)
    {
        if (path.StartsWith("src/CivilAffairs.Engine/", StringComparison.Ordinal))
        {
            if (EngineForbidden().Match(text) is { Success: true } used) yield return $"{path}: the engine is pure, but uses {used.Value}";
        }
        else if (path.StartsWith("src/CivilAffairs.Web/Platform/", StringComparison.Ordinal))
        {
            if (FeatureUse().Match(text) is { Success: true } used) yield return $"{path}: the platform knows no feature, but uses {used.Value}";
        }
        else if (path.StartsWith("src/CivilAffairs.Web/Features/", StringComparison.Ordinal) && path.Split('/') is [_, _, _, var own, _, ..] && own != Teller)
            foreach (Match used in FeatureUse().Matches(text))
                if (used.Groups[1].Value is var other && other != own && !SharedFeatures.Contains(other) && !Beside.GetValueOrDefault(own, []).Contains(other))
                    yield return $"{path}: features share only {string.Join(" and ", SharedFeatures)}, but it uses {other}";
    }

    [GeneratedRegex(@"CivilAffairs\.Web\b|Microsoft\.(EntityFrameworkCore|AspNetCore)|\bNpgsql\b|DateTime(Offset)?\.(UtcNow|Now|Today)\b|TimeProvider\.System|\bStopwatch\b|TickCount|Guid\.(NewGuid|CreateVersion7)|Random\.Shared|new Random\(\)|RandomNumberGenerator|System\.IO\b|\bFile\.(Read|Write|Open|Append)|\bHttpClient\b|System\.Net\b|Environment\.Get")]
    private static partial Regex EngineForbidden();

    [GeneratedRegex(@"CivilAffairs\.Web\.Features\.(\w+)")]
    private static partial Regex FeatureUse();

    [GeneratedRegex(@"/(obj|bin|Migrations|node_modules)/")]
    private static partial Regex Generated();
}
