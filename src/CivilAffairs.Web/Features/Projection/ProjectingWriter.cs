using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Outbox;

namespace CivilAffairs.Web.Features.Projection;

/// <summary>
/// Writes a row of the outbox beside every step of an instance, in its transaction, so that no feature can forget to. There is one
/// where a projection is wanted alone: other installations pay nothing.
/// </summary>
/// <remarks>Power failure: the step is there with its row, or neither is. See <see cref="ProjectionJob"/> for what follows.</remarks>
internal sealed class ProjectingWriter(IWriter inner, TimeProvider time) : IWriter
{
    public Task<T> WriteAsync<T>(Func<CivilAffairsDb, CancellationToken, Task<T>> work, CancellationToken cancel = default) => inner.WriteAsync(Noting(work), cancel);

    public Task<T> WriteGuardedAsync<T>(Func<CivilAffairsDb, CancellationToken, Task<T>> work, CancellationToken cancel = default) => inner.WriteGuardedAsync(Noting(work), cancel);

    private Func<CivilAffairsDb, CancellationToken, Task<T>> Noting<T>(Func<CivilAffairsDb, CancellationToken, Task<T>> work) => async (db, token) =>
    {
        var value = await work(db, token).ConfigureAwait(false);
        // Looked at after the work, saved or not yet; one that was only read makes a row too many, which does no harm.
        foreach (var instance in db.Appended.OfType<JournalRow>().Concat(db.Tracked<JournalRow>()).Select(j => j.InstanceId).Distinct().ToList())
            db.Append(ProjectionRow.Of(instance, time.GetUtcNow()));
        return value;
    };
}

/// <summary>An instance to copy, as a row of the outbox. It names no case, so that whoever destroys one leaves it alone.</summary>
internal static class ProjectionRow
{
    public static OutboxMessage Of(Guid instance, DateTimeOffset now) => new()
    {
        // A name of its own each time: two steps may be written in one moment.
        MessageId = $"{instance:D}/{Guid.CreateVersion7():N}", State = OutboxState.Projection, CreatedAt = now, DueAt = now,
    };

    public static Guid InstanceOf(string messageId) => Guid.Parse(messageId.AsSpan(0, messageId.IndexOf('/', StringComparison.Ordinal)));
}
