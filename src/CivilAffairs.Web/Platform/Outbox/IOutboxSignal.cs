namespace CivilAffairs.Web.Platform.Outbox;

/// <summary>
/// Tells this process that messages wait in the outbox, so that they need not wait for the clock. A hint, no promise:
/// what a killed process did not hear is found by the clock's next round.
/// </summary>
public interface IOutboxSignal
{
    /// <summary>Messages were committed. Several calls before somebody listens are one.</summary>
    void Nudge();

    /// <summary>Returns after the next <see cref="Nudge"/>, or at once after one nobody has heard yet.</summary>
    Task WaitAsync(CancellationToken cancel);
}

internal sealed class OutboxSignal : IOutboxSignal, IDisposable
{
    private readonly SemaphoreSlim waiting = new(0, 1);

    public void Nudge()
    {
        try
        {
            if (waiting.CurrentCount == 0) waiting.Release();
        }
        catch (SemaphoreFullException)
        {
            // Another thread was quicker; one is enough.
        }
    }

    public Task WaitAsync(CancellationToken cancel) => waiting.WaitAsync(cancel);

    public void Dispose() => waiting.Dispose();
}
