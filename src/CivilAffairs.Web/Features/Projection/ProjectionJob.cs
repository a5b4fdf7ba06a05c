using CivilAffairs.Engine.Port;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Jobs;
using CivilAffairs.Web.Platform.Outbox;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Projection;

/// <summary>
/// Copies what was decided since into the projection, and, when that is new, everything that was there before. Batches are
/// bounded, and each is one transaction there; only when it is on disk are its rows of the outbox deleted.
/// </summary>
/// <remarks>
/// Power failure between the two: the rows are still there, and the next run writes the same rows of the projection once more.
/// On several nodes a batch is read and written while the projection's database is held, so that none overtakes another.
/// </remarks>
internal sealed partial class ProjectionJob(IProjection projection, ProjectionSource source, IWriter writer, TimeProvider time, ILogger<ProjectionJob> log) : IJob
{
    /// <summary>The rest is the next run's, a quarter of a minute later.</summary>
    private const int MostBatches = 200;
    private static readonly TimeSpan Longest = TimeSpan.FromHours(6);

    public string Id => "elsa-projection";
    public string Cron => "*/15 * * * * *";

    public Task<int?> BacklogAsync(CivilAffairsDb db, DateTimeOffset now, int most, CancellationToken cancel) => db.Set<OutboxMessage>().Where(m => m.State == OutboxState.Projection).UpToAsync(most, cancel);

    public Task<int?> StuckAsync(CivilAffairsDb db, int most, CancellationToken cancel) => db.Set<OutboxMessage>().Where(m => m.State == OutboxState.Projection && m.Attempts > 0).UpToAsync(most, cancel);

    public async Task<int> RunAsync(CancellationToken cancel)
    {
        var (done, most) = (0, ProjectionSource.Most);
        for (var batch = 0; batch < MostBatches && !await source.IsIdleAsync(cancel).ConfigureAwait(false); batch++)
        {
            ProjectionTake? taken = null;
            try
            {
                await projection.WriteAsync(async (projected, token) => (taken = await source.NextAsync(projected, most, token).ConfigureAwait(false)).Batch, cancel).ConfigureAwait(false);
            }
            catch (Exception e) when (taken is { Batch: { Definitions.Count: 0, Instances.Count: > 1 } } && JobFaults.IsItsOwn(e))
            {
                // One of them cannot be written: now one by one.
                most = 1;
                continue;
            }
            catch (Exception e) when (taken is { Batch: { Definitions.Count: 0, Instances.Count: 1 } } && JobFaults.IsItsOwn(e))
            {
                // It waits, and holds up no other.
                taken = taken with { Batch = taken.Batch with { Instances = [] }, Failed = [new(taken.Looked[0], e)] };
                await projection.WriteAsync((_, _) => Task.FromResult(taken.Batch), cancel).ConfigureAwait(false);
                most = ProjectionSource.Most;
            }
            catch
            {
                source.Forget();
                throw;
            }
            foreach (var (instance, why) in taken!.Failed) NotCopied(log, why, instance);
            await SettleAsync(taken, cancel).ConfigureAwait(false);
            source.Written(taken);
            done += taken.Batch.Definitions.Count + taken.Batch.Instances.Count;
            if (!taken.More) break;
        }
        return done;
    }

    /// <summary>Deletes what is done with, and lets what failed wait for longer each time.</summary>
    private async Task SettleAsync(ProjectionTake taken, CancellationToken cancel)
    {
        if (taken.Rows.Count == 0 && taken.Failed.Count == 0) return;
        var (rows, now) = (taken.Rows, time.GetUtcNow());
        await writer.WriteAsync(async (db, token) =>
        {
            foreach (var (instance, why) in taken.Failed)
            {
                // One row for each, however many steps it stands for.
                var prefix = $"{instance:D}/";
                var tried = db.Set<OutboxMessage>().Where(m => m.State == OutboxState.Projection && m.MessageId.StartsWith(prefix));
                var again = ProjectionRow.Of(instance, now);
                again.Attempts = (await tried.MaxAsync(m => (int?)m.Attempts, token).ConfigureAwait(false) ?? 0) + 1;
                again.DueAt = now + TimeSpan.FromMinutes(Math.Min(Longest.TotalMinutes, Math.Pow(2, Math.Min(again.Attempts, 20))));
                again.LastError = why.GetType().Name;
                await tried.ExecuteDeleteAsync(token).ConfigureAwait(false);
                db.Add(again);
            }
            await db.Set<OutboxMessage>().Where(m => EF.Parameter(rows).Contains(m.Id)).ExecuteDeleteAsync(token).ConfigureAwait(false);
            return 0;
        }, cancel).ConfigureAwait(false);
    }

    [LoggerMessage(EventId = 3140, Level = LogLevel.Error, Message = "Instance {Instance} could not be copied to Elsa's stores; it is tried again later")]
    private static partial void NotCopied(ILogger log, Exception e, Guid instance);
}
