namespace CivilAffairs.Web.Platform.Jobs;

/// <summary>
/// Work that the clock starts. It looks into the database for what is due, so that a run too many does nothing and a run
/// that was missed is made up by the next: no work lives in the clock alone.
/// </summary>
public interface IJob
{
    /// <summary>Lower-case words with hyphens; stays the same for good.</summary>
    string Id { get; }

    /// <summary>When, in the bureau's zone: five fields, or six with seconds first.</summary>
    string Cron { get; }

    /// <summary>Whether it also runs once when the process starts, for what came due while nothing ran.</summary>
    bool AtStart => true;

    /// <summary>Whether it also runs as soon as messages were written to the outbox.</summary>
    bool AfterOutbox => false;

    /// <returns>How many things it did.</returns>
    /// <remarks>Never runs twice at once in one process; on several nodes it may.</remarks>
    Task<int> RunAsync(CancellationToken cancel);
}
