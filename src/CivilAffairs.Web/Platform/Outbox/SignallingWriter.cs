using CivilAffairs.Web.Platform.Data;

namespace CivilAffairs.Web.Platform.Outbox;

/// <summary>Nudges the sender after every commit that brought messages, so that no feature can forget to.</summary>
internal sealed class SignallingWriter(IWriter inner, IOutboxSignal signal) : IWriter
{
    public Task<T> WriteAsync<T>(Func<CivilAffairsDb, CancellationToken, Task<T>> work, CancellationToken cancel = default) => SignalledAsync(inner.WriteAsync, work, cancel);

    public Task<T> WriteGuardedAsync<T>(Func<CivilAffairsDb, CancellationToken, Task<T>> work, CancellationToken cancel = default) => SignalledAsync(inner.WriteGuardedAsync, work, cancel);

    private async Task<T> SignalledAsync<T>(Func<Func<CivilAffairsDb, CancellationToken, Task<T>>, CancellationToken, Task<T>> write,
        Func<CivilAffairsDb, CancellationToken, Task<T>> work, CancellationToken cancel)
    {
        var brought = false;
        var result = await write(async (db, token) =>
        {
            var value = await work(db, token).ConfigureAwait(false);
            // Looked at after the work, saved or not yet; a message that is held is being sent already.
            brought = db.Tracked<OutboxMessage>().Concat(db.Appended.OfType<OutboxMessage>()).Any(m => m is { State: OutboxState.Pending, HeldUntil: null });
            return value;
        }, cancel).ConfigureAwait(false);
        if (brought) signal.Nudge();
        return result;
    }
}
