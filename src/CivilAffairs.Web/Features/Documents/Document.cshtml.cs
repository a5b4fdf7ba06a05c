using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Platform.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CivilAffairs.Web.Features.Documents;

/// <summary>A document as a page, for everybody who sees its case.</summary>
[Authorize]
[ResponseCache(NoStore = true, Location = ResponseCacheLocation.None)]
internal sealed class DocumentModel(DocumentFiles files, ViewerAccessor viewers) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public Guid Id { get; set; }

    [BindProperty(SupportsGet = true)]
    public Guid DocumentId { get; set; }

    public IssuedDocument Document { get; private set; } = null!;
    public string Html { get; private set; } = "";
    public bool IsOfficer { get; private set; }

    public async Task OnGetAsync(CancellationToken cancel)
    {
        var viewer = await viewers.RequireAsync(cancel);
        Document = await files.FindAsync(viewer, DocumentId, cancel);
        if (Document.CaseId != Id) throw new UnknownCaseException();
        Html = await files.HtmlAsync(viewer, Document, cancel);
        IsOfficer = viewer.IsOfficer;
    }
}

/// <summary>The same as a PDF to keep.</summary>
[Authorize]
[ResponseCache(NoStore = true, Location = ResponseCacheLocation.None)]
internal sealed class DocumentPdfModel(DocumentFiles files, ViewerAccessor viewers) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public Guid Id { get; set; }

    [BindProperty(SupportsGet = true)]
    public Guid DocumentId { get; set; }

    public async Task<IActionResult> OnGetAsync(CancellationToken cancel)
    {
        var viewer = await viewers.RequireAsync(cancel);
        var document = await files.FindAsync(viewer, DocumentId, cancel);
        if (document.CaseId != Id) throw new UnknownCaseException();
        var pdf = await files.PdfAsync(viewer, document, cancel: cancel);
        return File(pdf, "application/pdf", $"{document.NameZh} {document.Number}.pdf");
    }
}
