using CivilAffairs.Web.Platform.Pages;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.RateLimiting;

namespace CivilAffairs.Web.Features.Mail.Choice;

/// <summary>Where a letter's own link leads: no more letters but those that the law requires, or all of them again. Asks for no sign-in and shows nobody's name.</summary>
[EnableRateLimiting(PublicLimits.Send)]
[ResponseCache(NoStore = true, Location = ResponseCacheLocation.None)]
internal sealed class OffModel(MailChoices choices) : PageModel
{
    [BindProperty(SupportsGet = true)] public Guid Id { get; set; }
    [BindProperty(SupportsGet = true)] public string Token { get; set; } = "";
    public bool Known { get; private set; }
    public DateTimeOffset? OffSince { get; private set; }

    public async Task OnGetAsync(CancellationToken cancel)
    {
        Response.Headers["X-Robots-Tag"] = "noindex";
        Known = choices.Holds(Id, Token);
        if (Known) OffSince = await choices.OffSinceAsync(Id, cancel);
        else Response.StatusCode = StatusCodes.Status404NotFound;
    }

    public Task<IActionResult> OnPostAsync(CancellationToken cancel) => SetAsync(off: true, cancel);
    public Task<IActionResult> OnPostOnAsync(CancellationToken cancel) => SetAsync(off: false, cancel);

    private async Task<IActionResult> SetAsync(bool off, CancellationToken cancel)
    {
        if (!choices.Holds(Id, Token)) return NotFound();
        await choices.SetAsync(Id, off, cancel);
        return Redirect(choices.PathOf(Id));
    }
}
