using CivilAffairs.Engine.Port;
using CivilAffairs.Tests.Support;

namespace CivilAffairs.Tests.Elsa;

/// <summary>
/// Elsa's runtime, where this build has it: its packages are asked for with <c>-p:Engine=Elsa</c> alone (docs/adr/0080), and are
/// not served everywhere.
/// </summary>
internal static class SecondRuntime
{
#if ELSA
    internal static string? Absent => null;
    private static readonly Lazy<IWorkflowEngine> Elsa = new(() => new ElsaRuntime.ElsaWorkflowEngine());
    internal static IWorkflowEngine Engine => Elsa.Value;
    internal static bool Knows(string type) => ((ElsaRuntime.ElsaWorkflowEngine)Engine).Knows(type);
#else
    internal static string? Absent => "This build has our own runtime alone. Restore and test with -p:Engine=Elsa to compare both (docs/adr/0080).";
    internal static IWorkflowEngine Engine => throw new InvalidOperationException(Absent);
    internal static bool Knows(string type) => throw new InvalidOperationException(Absent);
#endif
}

/// <summary>A fact about Elsa's runtime; skipped, with the reason, where the build is without it.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ElsaFactAttribute : FactAttribute
{
    public ElsaFactAttribute() => Skip = SecondRuntime.Absent;
}

/// <summary>A theory about Elsa's runtime; skipped, with the reason, where the build is without it.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ElsaTheoryAttribute : TheoryAttribute
{
    /// <param name="item">What it needs of the shared folder; null: nothing.</param>
    public ElsaTheoryAttribute(string? item = null)
    {
        Item = item;
        Skip = SecondRuntime.Absent ?? (item is null || SharedFolder.Item(item) is not null ? null : $"'{item}' is not beside this checkout (../shared); nothing to compare with.");
    }

    public string? Item { get; }
}
