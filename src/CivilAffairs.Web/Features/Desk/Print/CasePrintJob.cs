using CivilAffairs.Web.Features.Cases;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Cases.Print;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Documents;
using CivilAffairs.Web.Platform.Documents.Fonts;
using CivilAffairs.Web.Platform.Jobs;
using CivilAffairs.Web.Platform.Security;
using CivilAffairs.Web.Platform.Storage;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Desk.Print;

/// <summary>
/// Makes the case files that officers asked for, one after the other and within <see cref="DocumentLimits.CaseFile"/>, as the
/// officer sees the case now; and forgets those whose time is over, so that the sweep takes their files.
/// </summary>
/// <remarks>
/// Each is kept in a transaction of its own: after a power failure it waits still, and is made by the next run. Made by two
/// nodes at once, the later one is left away. What ends the process is begun three times and no more.
/// </remarks>
internal sealed partial class CasePrintJob(IReader reader, IWriter writer, IServiceScopeFactory scopes, DocumentFonts fonts, CaseVault vault, BlobStore store, IViewerSource viewers, TimeProvider time, ILogger<CasePrintJob> log, ILogger<DocumentRenderer> rendering) : IJob
{
    private const int Most = 10, MostAttempts = 3;
    private readonly DocumentRenderer renderer = new(fonts, time, rendering, DocumentLimits.CaseFile);

    public string Id => "case-prints";
    public string Cron => "*/10 * * * * *";

    public Task<int?> BacklogAsync(CivilAffairsDb db, DateTimeOffset now, int most, CancellationToken cancel) => Waiting(db).UpToAsync(most, cancel);

    public async Task<int> RunAsync(CancellationToken cancel)
    {
        await using var db = reader.Open();
        var waiting = await Waiting(db).OrderBy(p => p.Id).Take(Most).ToListAsync(cancel).ConfigureAwait(false);
        foreach (var print in waiting)
        {
            cancel.ThrowIfCancellationRequested();
            await MakeAsync(print, cancel).ConfigureAwait(false);
        }
        var over = time.GetUtcNow() - CasePrints.Kept;
        if (await db.Set<CasePrint>().AnyAsync(p => p.RecordedAt < over, cancel).ConfigureAwait(false))
            await writer.WriteAsync((w, token) => w.Set<CasePrint>().Where(p => p.RecordedAt < over).ExecuteDeleteAsync(token), cancel).ConfigureAwait(false);
        return waiting.Count;
    }

    private async Task MakeAsync(CasePrint print, CancellationToken cancel)
    {
        var begun = await writer.WriteAsync(async (w, token) =>
        {
            var row = await w.Set<CasePrint>().AsTracking().FirstOrDefaultAsync(p => p.Id == print.Id && p.State == PrintState.Waiting, token).ConfigureAwait(false);
            if (row is null) return false;
            if (++row.Attempts <= MostAttempts) return true;
            (row.State, row.EndedAt) = (PrintState.Failed, time.GetUtcNow());
            return false;
        }, cancel).ConfigureAwait(false);
        if (!begun) return;
        var (state, pdf, pages) = await TryAsync(print, cancel).ConfigureAwait(false);
        if (state == PrintState.Waiting) return;
        await writer.WriteAsync(async (w, token) =>
        {
            var row = await w.Set<CasePrint>().AsTracking().FirstOrDefaultAsync(p => p.Id == print.Id && p.State == PrintState.Waiting, token).ConfigureAwait(false);
            if (row is null) return 0;
            (row.State, row.Pages, row.EndedAt) = (state, pages, time.GetUtcNow());
            // The file is written before the row names it; if the row never comes, the sweep takes it.
            if (pdf is not null) row.StoredHash = store.Put((await vault.OpenAsync(w, print.CaseId, token).ConfigureAwait(false)).Seal(pdf, print.Purpose));
            return 1;
        }, cancel).ConfigureAwait(false);
    }

    private async Task<(PrintState State, byte[]? Pdf, int Pages)> TryAsync(CasePrint print, CancellationToken cancel)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            // Scope and postings are those of now: who may not see it any more gets nothing.
            if (await viewers.FindAsync(print.RecordedById, cancel).ConfigureAwait(false) is not { } viewer
                || await scope.ServiceProvider.GetRequiredService<CaseFileParts>().ReadAsync(viewer, print.CaseId, cancel).ConfigureAwait(false) is not { } file) return (PrintState.Failed, null, 0);
            var bound = renderer.Bind(PrintTemplates.Cover, file.Cover, file.Parts, PrintTemplates.Chinese);
            return (PrintState.Ready, bound.ToPdf(print.RecordedAt, $"案卷 {(string?)file.Cover["number"]}"), bound.PageCount);
        }
        catch (DocumentTemplateException e)
        {
            NotMade(log, e, print.Id);
            return (PrintState.TooLarge, null, 0);
        }
        catch (Exception e) when (e is InvalidDataException or KeyNotFoundException or CaseErasedException or IOException or SlowRenderingException)
        {
            NotMade(log, e, print.Id);
            return (PrintState.Waiting, null, 0);
        }
    }

    private static IQueryable<CasePrint> Waiting(CivilAffairsDb db) => db.Set<CasePrint>().Where(p => p.State == PrintState.Waiting);

    [LoggerMessage(EventId = 1120, Level = LogLevel.Error, Message = "The case file {PrintId} could not be printed")]
    private static partial void NotMade(ILogger log, Exception e, Guid printId);
}
