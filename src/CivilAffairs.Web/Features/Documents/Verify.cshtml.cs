using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Platform.Pages;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.RateLimiting;

namespace CivilAffairs.Web.Features.Documents;

/// <summary>Where a document's QR code leads: says that it is genuine and nothing about anybody.</summary>
[EnableRateLimiting(PublicLimits.Read)]
[ResponseCache(NoStore = true, Location = ResponseCacheLocation.None)]
internal sealed class VerifyModel(Verification verification) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public string Code { get; set; } = "";

    /// <summary>Null: no document has the code.</summary>
    public IssuedDocument? Document { get; private set; }
    public string Office { get; private set; } = "";

    /// <summary>Null: the document is no certificate of an organisation.</summary>
    public VerifiedCertificate? Certificate { get; private set; }

    public async Task OnGetAsync(CancellationToken cancel)
    {
        Response.Headers["X-Robots-Tag"] = "noindex";
        if (await verification.FindAsync(Code, cancel) is { } found) (Document, Office, Certificate) = found;
        else Response.StatusCode = StatusCodes.Status404NotFound;
    }
}
