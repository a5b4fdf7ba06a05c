using CivilAffairs.Web.Platform.Data;
using Microsoft.EntityFrameworkCore;

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

    /// <summary>How much waits for it now, for the page of jobs.</summary>
    /// <param name="most">Counts no further than one more than this.</param>
    /// <returns>Null: there is nothing that could be counted.</returns>
    Task<int?> BacklogAsync(CivilAffairsDb db, DateTimeOffset now, int most, CancellationToken cancel) => Task.FromResult<int?>(null);

    /// <summary>How much of its work goes on only when somebody sees to it, like <see cref="BacklogAsync"/>.</summary>
    Task<int?> StuckAsync(CivilAffairsDb db, int most, CancellationToken cancel) => Task.FromResult<int?>(null);

    /// <returns>How many things it did.</returns>
    /// <remarks>Never runs twice at once in one process; on several nodes it may.</remarks>
    Task<int> RunAsync(CancellationToken cancel);
}

internal static class Backlogs
{
    /// <summary>Of a list that may be long: stops counting after <paramref name="most"/> and one.</summary>
    public static async Task<int?> UpToAsync<T>(this IQueryable<T> rows, int most, CancellationToken cancel) => await rows.Take(most + 1).CountAsync(cancel).ConfigureAwait(false);
}
