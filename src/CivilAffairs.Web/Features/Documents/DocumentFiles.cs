using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using CivilAffairs.Web.Features.Cases;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Documents;
using CivilAffairs.Web.Platform.Security;
using CivilAffairs.Web.Platform.Storage;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Documents;

/// <summary>
/// Issued documents as pages and PDF. The PDF is made once, from the data frozen with the decision, and kept encrypted
/// under the case's key: whoever asks later gets the same bytes, also from a newer version of the product.
/// </summary>
public sealed class DocumentFiles(IReader reader, IWriter writer, MatterLibrary library, CaseVault vault, BlobStore store, DocumentRenderer renderer, AccessReasons reasons, TimeProvider time) : IDocumentPages
{
    private const string Slot = "document";
    private static readonly CultureInfo Chinese = CultureInfo.GetCultureInfo("zh-CN");

    /// <summary>The document's row; an applicant is given only what is delivered to them.</summary>
    /// <exception cref="UnknownCaseException">There is none for this viewer.</exception>
    public async Task<IssuedDocument> FindAsync(Viewer viewer, Guid documentId, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(viewer);
        await using var db = reader.Open();
        var document = await db.Set<IssuedDocument>().FirstOrDefaultAsync(d => d.Id == documentId, cancel).ConfigureAwait(false);
        if (document is null || !(viewer.IsOfficer || document.Deliver) || !await CaseScope.SeesAsync(db, viewer, document.CaseId, cancel).ConfigureAwait(false)) throw new UnknownCaseException();
        return document;
    }

    /// <summary>The documents of one case, oldest first; an applicant's are those delivered to them.</summary>
    /// <exception cref="UnknownCaseException">The viewer does not see the case.</exception>
    public async Task<IReadOnlyList<IssuedDocument>> ListAsync(Viewer viewer, Guid caseId, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(viewer);
        await using var db = reader.Open();
        if (!await CaseScope.SeesAsync(db, viewer, caseId, cancel).ConfigureAwait(false)) throw new UnknownCaseException();
        return await db.Set<IssuedDocument>().Where(d => d.CaseId == caseId && (viewer.IsOfficer || d.Deliver)).OrderBy(d => d.IssuedAt).ThenBy(d => d.Id).ToListAsync(cancel).ConfigureAwait(false);
    }

    /// <summary>The content as safe HTML (classes <c>doc-…</c>). The look is noted: an officer's with its reason, the applicant's first one with its day.</summary>
    /// <exception cref="AccessReasonException">An officer's, and no reason is known.</exception>
    /// <exception cref="SlowRenderingException">It takes too long just now; nothing is noted.</exception>
    public async Task<string> HtmlAsync(Viewer viewer, IssuedDocument document, CancellationToken cancel = default)
    {
        var html = (await LayOutAsync(document, cancel).ConfigureAwait(false)).WebHtml;
        await OpenedAsync(viewer, document, "page", null, cancel).ConfigureAwait(false);
        return html;
    }

    /// <summary>The PDF's bytes; made and kept at the first call. The look is noted as with <see cref="HtmlAsync"/>.</summary>
    /// <param name="reason">An officer's, for this one look; null: what <see cref="AccessReasons"/> knows.</param>
    /// <exception cref="AccessReasonException">An officer's, and no reason is known.</exception>
    /// <exception cref="InvalidDataException">The stored file is not what was first made.</exception>
    /// <exception cref="SlowRenderingException">It was not made yet and takes too long just now; nothing is noted, and the job makes it.</exception>
    public async Task<byte[]> PdfAsync(Viewer viewer, IssuedDocument document, string? reason = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(document);
        var pdf = await PdfAsync(document, cancel).ConfigureAwait(false);
        await OpenedAsync(viewer, document, "pdf", reason, cancel).ConfigureAwait(false);
        return pdf;
    }

    /// <summary>Makes and keeps the PDF if it was not; nobody looks at it, so it may take longer.</summary>
    internal Task RenderAsync(IssuedDocument document, CancellationToken cancel) => PdfAsync(document, cancel, unhurried: true);

    private async Task<byte[]> PdfAsync(IssuedDocument document, CancellationToken cancel, bool unhurried = false)
    {
        if (await KeptAsync(document.Id, cancel).ConfigureAwait(false) is { } kept) return kept;
        var pdf = (await LayOutAsync(document, cancel, unhurried).ConfigureAwait(false)).ToPdf(document.IssuedAt, $"{document.NameZh} {document.Number}");
        var hash = Convert.ToHexStringLower(SHA256.HashData(pdf));
        await writer.WriteAsync(async (db, token) =>
        {
            // Two first readers at once: the row that comes second is left away.
            var row = await db.Set<IssuedDocument>().FirstAsync(d => d.Id == document.Id, token).ConfigureAwait(false);
            if (row.PdfHash is not null) return 0;
            var cipher = await vault.OpenAsync(db, document.CaseId, token).ConfigureAwait(false);
            row.PdfHash = hash;
            db.Add(new CaseFile
            {
                Id = document.Id, CaseId = document.CaseId, Slot = Slot, ContentType = "application/pdf", Size = pdf.Length, RecordedById = Guid.Empty, OccurredOn = row.OccurredOn, RecordedAt = time.GetUtcNow(),
                NameCipher = cipher.SealText($"{document.NameZh}.pdf", "file.name"), StoredHash = store.Put(cipher.Seal(pdf, $"file.{Slot}")),
            });
            return 0;
        }, cancel).ConfigureAwait(false);
        return await KeptAsync(document.Id, cancel).ConfigureAwait(false) ?? pdf;
    }

    private async Task OpenedAsync(Viewer viewer, IssuedDocument document, string form, string? reason, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(viewer);
        await reasons.OpenAsync(viewer, document.CaseId, "document.opened", new JsonObject { ["documentId"] = document.Id, ["form"] = form }, reason, cancel).ConfigureAwait(false);
        if (viewer.IsOfficer || document.OpenedAt is not null) return;
        var now = time.GetUtcNow();
        await writer.WriteAsync(async (db, token) => (await db.Set<IssuedDocument>().FirstAsync(d => d.Id == document.Id, token).ConfigureAwait(false)).OpenedAt ??= now, cancel).ConfigureAwait(false);
    }

    private async Task<byte[]?> KeptAsync(Guid id, CancellationToken cancel)
    {
        await using var db = reader.Open();
        if (await db.Set<CaseFile>().FirstOrDefaultAsync(f => f.Id == id && f.Slot == Slot, cancel).ConfigureAwait(false) is not { } file) return null;
        var cipher = await vault.OpenAsync(db, file.CaseId, cancel).ConfigureAwait(false);
        var pdf = cipher.Open(store.Get(file.StoredHash), $"file.{Slot}");
        var hash = await db.Set<IssuedDocument>().Where(d => d.Id == id).Select(d => d.PdfHash).FirstAsync(cancel).ConfigureAwait(false);
        return Convert.ToHexStringLower(SHA256.HashData(pdf)) == hash ? pdf : throw new InvalidDataException($"The PDF of document {id} was changed.");
    }

    private async Task<LaidOutDocument> LayOutAsync(IssuedDocument document, CancellationToken cancel, bool unhurried = false)
    {
        var (template, data) = await SourceAsync(document, cancel).ConfigureAwait(false);
        return renderer.Render(template, data, Chinese, unhurried);
    }

    /// <inheritdoc/>
    public async Task<(string Template, JsonNode Data)> SourceAsync(IssuedDocument document, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(document);
        await using var db = reader.Open();
        var cipher = await vault.OpenAsync(db, document.CaseId, cancel).ConfigureAwait(false);
        var revision = await library.RevisionAsync(document.Revision, cancel).ConfigureAwait(false);
        return (revision.Templates[document.Template], cipher.OpenJson(document.Data, $"document.{document.Id:N}"));
    }
}
