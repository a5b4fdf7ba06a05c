using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Jobs;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Registers.Import;

/// <summary>Goes on with imports that a power failure stopped, and destroys rows that nobody took over.</summary>
internal sealed class LedgerImportJob(IReader reader, IWriter writer, LedgerImports imports, TimeProvider time) : IJob
{
    /// <summary>Longer than a batch takes, so that it does not run beside whoever just began.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(5);

    public string Id => "ledger-imports";
    public string Cron => "*/10 * * * *";

    public async Task<int> RunAsync(CancellationToken cancel)
    {
        var (begun, old) = (time.GetUtcNow() - Grace, time.GetUtcNow().AddDays(-LedgerImports.KeepDays));
        await using var db = reader.Open();
        // Read halfway, nobody can take it over; read wholly, somebody had two weeks for it.
        var open = await db.Set<LedgerImport>().Where(i => i.EndedAt == null && i.SentAt < begun && (i.State != ImportState.Checked || i.SentAt < old))
            .OrderBy(i => i.SentAt).Take(100).ToListAsync(cancel).ConfigureAwait(false);
        var (wentOn, faults) = (0, new List<Exception>());
        foreach (var import in open.Where(i => i.State == ImportState.Applying))
            try
            {
                await imports.GoOnAsync(import.Id, null, cancel).ConfigureAwait(false);
                wentOn++;
            }
            catch (Exception e) when (JobFaults.IsItsOwn(e))
            {
                // One that cannot go on must not stop those after it; the page of jobs tells of it on every run.
                faults.Add(e);
            }
        var given = open.Where(i => i.State != ImportState.Applying).ToList();
        foreach (var import in given)
            await writer.WriteAsync(async (w, token) =>
            {
                await w.Set<LedgerImportRow>().Where(r => r.ImportId == import.Id).ExecuteDeleteAsync(token).ConfigureAwait(false);
                return await w.Set<LedgerImport>().Where(i => i.Id == import.Id && i.State == import.State)
                    .ExecuteUpdateAsync(s => s.SetProperty(i => i.State, ImportState.Discarded).SetProperty(i => i.EndedAt, time.GetUtcNow()), token).ConfigureAwait(false);
            }, cancel).ConfigureAwait(false);
        return faults.Count == 0 ? wentOn + given.Count : throw new AggregateException(faults);
    }
}
