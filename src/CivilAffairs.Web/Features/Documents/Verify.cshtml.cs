using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Divisions;
using CivilAffairs.Web.Platform.Pages;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Documents;

/// <summary>Where a document's QR code leads: says that it is genuine and nothing about anybody.</summary>
[EnableRateLimiting(PublicLimits.Read)]
[ResponseCache(NoStore = true, Location = ResponseCacheLocation.None)]
internal sealed class VerifyModel(IReader reader, DivisionDirectory divisions) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public string Code { get; set; } = "";

    /// <summary>Null: no document has the code.</summary>
    public IssuedDocument? Document { get; private set; }
    public string Office { get; private set; } = "";

    public async Task OnGetAsync(CancellationToken cancel)
    {
        Response.Headers["X-Robots-Tag"] = "noindex";
        await using var db = reader.Open();
        var code = Code.Trim().ToUpperInvariant();
        var found = await db.Set<IssuedDocument>().Where(d => d.VerifyCode == code)
            .Join(db.Set<Case>(), d => d.CaseId, c => c.Id, (d, c) => new { Document = d, Place = c.Township ?? c.County }).FirstOrDefaultAsync(cancel);
        if (found is null)
        {
            Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        Document = found.Document;
        Office = (divisions.Find(found.Place) ?? divisions.County) is { } office ? (Languages.IsEnglish ? office.OfficeEn : office.OfficeZh) : "";
    }
}
