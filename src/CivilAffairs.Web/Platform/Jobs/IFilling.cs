namespace CivilAffairs.Web.Platform.Jobs;

/// <summary>
/// Says that the installation is still being filled with made-up history. Until it is, no job runs: it would take the past
/// days of a story that is being told for work that was left undone, and remind everybody of it.
/// </summary>
public interface IFilling
{
    /// <summary>Null: nothing is being filled.</summary>
    FillingProgress? Now { get; }
}

/// <param name="Done">Cases so far.</param>
/// <param name="Of">Cases in the end.</param>
public sealed record FillingProgress(int Done, int Of);

/// <summary>Everywhere but in Development.</summary>
internal sealed class NoFilling : IFilling
{
    public FillingProgress? Now => null;
}
