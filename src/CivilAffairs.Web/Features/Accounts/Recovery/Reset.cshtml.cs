using CivilAffairs.Web.Platform.Pages;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.RateLimiting;

namespace CivilAffairs.Web.Features.Accounts.Recovery;

/// <summary>Where the link of the letter leads. Opening it changes nothing (mail programs open links by themselves); sending the form does.</summary>
[EnableRateLimiting(PublicLimits.Read)]
internal sealed class ResetModel(PasswordLinks links, PasswordRules passwords) : PageModel
{
    [BindProperty(SupportsGet = true)] public Guid? Account { get; set; }
    [BindProperty(SupportsGet = true)] public long? Until { get; set; }
    [BindProperty(SupportsGet = true)] public string? Token { get; set; }
    public bool Valid { get; private set; }

    public async Task<IActionResult> OnGetAsync() => Show(await links.ReadAsync(Link) is not null);

    public async Task<IActionResult> OnPostAsync([FromForm(Name = "Password")] string? password, [FromForm(Name = "Again")] string? again, CancellationToken cancel)
    {
        if (await links.ReadAsync(Link) is not { } account) return Show(valid: false);
        passwords.Check(ModelState, "Password", password, again, await links.KnownAsync(account, cancel));
        if (!ModelState.IsValid) return Show(valid: true);
        // Not signed in by the link: a mail that somebody else reads must not open a session nobody sees.
        return await links.UseAsync(account, password!, cancel) ? Redirect("/sign-in?newPassword=true") : Show(valid: false);
    }

    private PasswordLink Link => new(Account, Until, Token);

    private PageResult Show(bool valid)
    {
        Valid = valid;
        Response.Headers.CacheControl = "no-store";
        if (valid) return Page();
        // What was wrong with the link is no fault of a field.
        ModelState.Clear();
        Response.StatusCode = StatusCodes.Status410Gone;
        return Page();
    }
}
