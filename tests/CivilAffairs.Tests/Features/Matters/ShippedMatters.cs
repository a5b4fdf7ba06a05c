using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Features.Matters;

namespace CivilAffairs.Tests.Features.Matters;

/// <summary>The matters of the checkout: every new folder is tested without a new test.</summary>
public static class ShippedMatters
{
    public static IReadOnlyList<string> Folders { get; } = [.. Directory.EnumerateDirectories(Repository.Path("workflows")).Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal)];

    public static TheoryData<string> Names { get; } = [.. Folders];

    public static LoadedMatter Load(string matter) => MatterFolder.Load(Repository.Path("workflows", matter));
}
