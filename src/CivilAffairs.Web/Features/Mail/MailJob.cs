using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Jobs;
using CivilAffairs.Web.Platform.Outbox;

namespace CivilAffairs.Web.Features.Mail;

/// <summary>Sends the outbox: at once after a commit that wrote to it, and every 15 seconds for what is due again or was left behind.</summary>
internal sealed class MailJob(MailDispatcher dispatcher) : IJob
{
    public string Id => "mail";
    public string Cron => "*/15 * * * * *";
    public bool AfterOutbox => true;

    public Task<int?> BacklogAsync(CivilAffairsDb db, DateTimeOffset now, int most, CancellationToken cancel) =>
        db.Set<OutboxMessage>().Where(m => m.State == OutboxState.Pending).UpToAsync(most, cancel);

    public Task<int?> StuckAsync(CivilAffairsDb db, int most, CancellationToken cancel) =>
        db.Set<OutboxMessage>().Where(m => m.State == OutboxState.Parked).UpToAsync(most, cancel);

    public async Task<int> RunAsync(CancellationToken cancel)
    {
        var run = await dispatcher.RunOnceAsync(cancel).ConfigureAwait(false);
        return run.Sent + run.Parked;
    }
}
