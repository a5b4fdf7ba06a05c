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
        var open = await db.Set<LedgerImport>().Where(i => i.EndedAt == null && i.SentAt < begun).OrderBy(i => i.SentAt).Take(100).ToListAsync(cancel).ConfigureAwait(false);
        foreach (var import in open.Where(i => i.State == ImportState.Applying)) await imports.GoOnAsync(import.Id, null, cancel).ConfigureAwait(false);
        // Read halfway, nobody can take it over; read wholly, somebody had two weeks for it.
        var given = open.Where(i => i.State == ImportState.Checking || (i.State == ImportState.Checked && i.SentAt < old)).ToList();
        foreach (var import in given)
            await writer.WriteAsync(async (w, token) =>
            {
                await w.Set<LedgerImportRow>().Where(r => r.ImportId == import.Id).ExecuteDeleteAsync(token).ConfigureAwait(false);
                return await w.Set<LedgerImport>().Where(i => i.Id == import.Id && i.State == import.State)
                    .ExecuteUpdateAsync(s => s.SetProperty(i => i.State, ImportState.Discarded).SetProperty(i => i.EndedAt, time.GetUtcNow()), token).ConfigureAwait(false);
            }, cancel).ConfigureAwait(false);
        return open.Count(i => i.State == ImportState.Applying) + given.Count;
    }
}
