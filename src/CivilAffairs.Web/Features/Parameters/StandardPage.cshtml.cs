using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Platform.Pages;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.RateLimiting;

namespace CivilAffairs.Web.Features.Parameters;

/// <summary>One standard with all that it was.</summary>
[EnableRateLimiting(PublicLimits.Read)]
internal sealed class StandardPageModel(PublishedStandards standards) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public string Key { get; set; } = "";

    public StandardHistory Standard { get; private set; } = null!;

    public async Task OnGetAsync(CancellationToken cancel) => Standard = await standards.OfAsync(Key, cancel) ?? throw new UnknownCaseException();
}
