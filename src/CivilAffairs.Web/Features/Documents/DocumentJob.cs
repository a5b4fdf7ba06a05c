using CivilAffairs.Web.Features.Cases;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Documents;
using CivilAffairs.Web.Platform.Jobs;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Documents;

/// <summary>
/// Renders documents 文书 that nobody opened yet, so that a first look need not wait and the bytes are those of the version
/// that decided. A few hundred a run; one that cannot be rendered is passed by and tried again after all the others.
/// </summary>
/// <remarks>Each PDF is kept in a transaction of its own; made twice, by two nodes or with a first look, one of them is left away.</remarks>
internal sealed partial class DocumentJob(DocumentFiles files, IReader reader, ILogger<DocumentJob> log) : IJob
{
    private const int Batch = 50, Most = 300;
    private Guid after;

    public string Id => "documents";
    public string Cron => "*/5 * * * *";
    public bool AtStart => false;

    public Task<int?> BacklogAsync(CivilAffairsDb db, DateTimeOffset now, int most, CancellationToken cancel) => Waiting(db).UpToAsync(most, cancel);

    public async Task<int> RunAsync(CancellationToken cancel)
    {
        await using var db = reader.Open();
        var (rendered, tried) = (0, 0);
        while (tried < Most)
        {
            var last = after;
            var documents = await Waiting(db).Where(d => d.Id > last).OrderBy(d => d.Id).Take(Math.Min(Batch, Most - tried)).ToListAsync(cancel).ConfigureAwait(false);
            foreach (var document in documents)
            {
                cancel.ThrowIfCancellationRequested();
                if (await TryAsync(document, cancel).ConfigureAwait(false)) rendered++;
            }
            tried += documents.Count;
            // At the end: the next run begins anew with what was passed by.
            after = documents.Count < Batch ? Guid.Empty : documents[^1].Id;
            if (after == Guid.Empty) break;
        }
        return rendered;
    }

    private async Task<bool> TryAsync(IssuedDocument document, CancellationToken cancel)
    {
        try
        {
            await files.RenderAsync(document, cancel).ConfigureAwait(false);
            return true;
        }
        catch (Exception e) when (JobFaults.IsItsOwn(e))
        {
            NotRendered(log, e, document.Id);
            return false;
        }
    }

    // What a destroyed case left has a number and no contents.
    private static IQueryable<IssuedDocument> Waiting(CivilAffairsDb db) =>
        db.Set<IssuedDocument>().Where(d => d.PdfHash == null && !db.Set<Case>().Any(c => c.Id == d.CaseId && c.ErasedAt != null));

    [LoggerMessage(EventId = 1110, Level = LogLevel.Error, Message = "Document {DocumentId} could not be rendered")]
    private static partial void NotRendered(ILogger log, Exception e, Guid documentId);
}
