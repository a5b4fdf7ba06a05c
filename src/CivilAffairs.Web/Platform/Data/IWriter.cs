namespace CivilAffairs.Web.Platform.Data;

/// <summary>
/// Runs work that writes, each in one transaction. When <see cref="WriteAsync"/> returns, the work is on disk; when it
/// throws, nothing of it is. A failure of the power between the two leaves either all of it or nothing.
/// </summary>
public interface IWriter
{
    /// <param name="work">Gets a fresh context inside the transaction; must not keep it. Changes still tracked at its end are saved.</param>
    /// <param name="cancel">Given up while still queued: nothing happens. Once started the work is finished.</param>
    /// <exception cref="BusyException">The queue is full; nothing was done and the caller may try again.</exception>
    Task<T> WriteAsync<T>(Func<CivilAffairsDb, CancellationToken, Task<T>> work, CancellationToken cancel = default);

    /// <summary>
    /// The same for work whose reads are guarded by its own writes: it raises a version that it read, or appends to a
    /// numbered chain, and so does everybody who changes what it read. Such work may be tried beforehand on a snapshot and
    /// run again where the guard fails, so it must do nothing but read and change entities; what else it needs to do it
    /// begins with <see cref="CivilAffairsDb.RequireWriter"/>.
    /// </summary>
    Task<T> WriteGuardedAsync<T>(Func<CivilAffairsDb, CancellationToken, Task<T>> work, CancellationToken cancel = default);
}

/// <summary>How the writer is doing, for the readiness page and the gauges.</summary>
public interface IWriterState
{
    /// <summary>Works that wait and have not begun.</summary>
    int Waiting { get; }

    /// <summary>As many may wait; more are refused with <see cref="BusyException"/>.</summary>
    int Capacity { get; }

    /// <summary>Since when nothing has got through although something wants to; null: it flows.</summary>
    DateTimeOffset? StuckSince { get; }
}

/// <summary>Opens contexts for reading: no tracking, saving is not meant.</summary>
public interface IReader
{
    CivilAffairsDb Open();
}

/// <summary>The machine has too much to do: too much waits to be written, unless told otherwise. Nothing was done, and the same may be asked again. Shown as 503 with Retry-After.</summary>
public class BusyException(string message = "Too many changes are waiting to be written.") : Exception(message);
