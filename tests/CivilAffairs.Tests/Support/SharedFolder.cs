using Xunit;

namespace CivilAffairs.Tests.Support;

/// <summary>
/// The folder of reference material beside the checkout (<c>../shared</c>), or where <c>CIVILAFFAIRS_SHARED</c> says.
/// Absent on most machines: the tests that need it are skipped with a message.
/// </summary>
public static class SharedFolder
{
    public static string? Path { get; } = Find();

    /// <summary>A folder or file in it, or null.</summary>
    public static string? Item(string name)
    {
        var path = Path is null ? null : System.IO.Path.Combine(Path, name);
        return System.IO.Path.Exists(path) ? path : null;
    }

    private static string? Find()
    {
        if (Environment.GetEnvironmentVariable("CIVILAFFAIRS_SHARED") is { Length: > 0 } named) return Directory.Exists(named) ? named : null;
        var shared = System.IO.Path.Combine(Repository.Root, "..", "shared");
        return Directory.Exists(shared) ? System.IO.Path.GetFullPath(shared) : null;
    }
}

/// <summary>A theory that needs an item of the shared folder and is skipped, with a message, where it is absent.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SharedTheoryAttribute : TheoryAttribute
{
    public SharedTheoryAttribute(string item)
    {
        Item = item;
        if (SharedFolder.Item(item) is null) Skip = $"'{item}' is not beside this checkout (../shared); nothing to compare with.";
    }

    public string Item { get; }
}

/// <summary>A fact that needs an item of the shared folder and is skipped, with a message, where it is absent.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SharedFactAttribute : FactAttribute
{
    public SharedFactAttribute(string item)
    {
        Item = item;
        if (SharedFolder.Item(item) is null) Skip = $"'{item}' is not beside this checkout (../shared); nothing to compare with.";
    }

    public string Item { get; }
}
