using System.Globalization;
using CivilAffairs.Web.Platform.Audit;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Jobs;
using CivilAffairs.Web.Platform.Time;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Jobs;

/// <summary>Closes the audit's days after midnight, and at a start or within the hour those on which that did not happen. The log gets each head: a copy that whoever writes to the database does not hold.</summary>
internal sealed partial class AuditHeadJob(IReader reader, IWriter writer, TimeProvider time, ILogger<AuditHeadJob> log) : IJob
{
    // Midnight is closed only after what was begun before it has surely been committed.
    private static readonly TimeSpan Settling = TimeSpan.FromMinutes(5);

    public string Id => "audit-head";
    public string Cron => "10 * * * *";

    public async Task<int> RunAsync(CancellationToken cancel)
    {
        for (var (all, lost) = (0, 0); ;)
        {
            cancel.ThrowIfCancellationRequested();
            var now = time.GetUtcNow();
            try
            {
                var heads = await AuditHeads.CloseAsync(reader, writer, BureauTime.Day(now - Settling).AddDays(-1), now, cancel).ConfigureAwait(false);
                if (heads.Count == 0) return all;
                foreach (var head in heads) HeadMade(log, head.Day.ToString("O", CultureInfo.InvariantCulture), head.Entries, head.Hash);
                (all, lost) = (all + heads.Count, 0);
            }
            catch (DbUpdateException) when (lost++ < 20)
            {
                // Another node closed these days in the same moment; now its heads are found.
            }
        }
    }

    [LoggerMessage(EventId = 3110, Level = LogLevel.Information, Message = "The audit's head of {Day} over {Entries} lines is {Hash}")]
    private static partial void HeadMade(ILogger log, string day, long entries, string hash);
}
