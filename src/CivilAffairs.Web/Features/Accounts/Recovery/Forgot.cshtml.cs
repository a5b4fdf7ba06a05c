using CivilAffairs.Web.Platform.Pages;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Localization;

namespace CivilAffairs.Web.Features.Accounts.Recovery;

/// <summary>Asks for a link by mail. Words and time of the answer are the same whether or not there is such an account.</summary>
[EnableRateLimiting(PublicLimits.Send)]
internal sealed class ForgotModel(PasswordLinks links, IStringLocalizer<AccountTexts> texts) : PageModel
{
    [BindProperty] public string? UserName { get; set; }

    public bool Sent { get; private set; }

    public void OnGet(bool sent = false) => Sent = sent;

    public async Task<IActionResult> OnPostAsync(CancellationToken cancel)
    {
        if (string.IsNullOrWhiteSpace(UserName))
        {
            ModelState.AddModelError(nameof(UserName), texts["UserNameMissing"]);
            return Page();
        }
        await links.AskAsync(UserName, cancel);
        return Redirect("/forgot-password?sent=true");
    }
}
