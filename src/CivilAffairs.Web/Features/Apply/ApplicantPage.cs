using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Cases.Drafts;
using CivilAffairs.Web.Platform.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CivilAffairs.Web.Features.Apply;

/// <summary>A page of the applicant's own: signed in as applicant, never cached.</summary>
[Authorize(Policy = Policies.Applicant)]
[ResponseCache(NoStore = true, Location = ResponseCacheLocation.None)]
public abstract class ApplicantPage(ViewerAccessor viewers) : PageModel
{
    /// <summary>The draft or case.</summary>
    [BindProperty(SupportsGet = true)]
    public Guid Id { get; set; }

    protected Task<Viewer> ViewerAsync(CancellationToken cancel) => viewers.RequireAsync(cancel);

    /// <summary>A key for one sending of this page's form; the form brings it back.</summary>
    public string Key { get; } = Guid.NewGuid().ToString("N");

    /// <summary>Opens the application, or leads to the case where it was filed meanwhile.</summary>
    internal async Task<(Application? Application, IActionResult? Elsewhere)> OpenAsync(Applications applications, CancellationToken cancel)
    {
        try
        {
            return (await applications.OpenAsync(await ViewerAsync(cancel), Id, cancel), null);
        }
        catch (NotAllowedException)
        {
            return (null, LocalRedirect($"/my/cases/{Id}"));
        }
    }
}
