using CivilAffairs.Web.Platform.Pages;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Localization;

namespace CivilAffairs.Web.Features.Accounts.Recovery;

/// <summary>Asks for a link by mail. Words and time of the answer are the same whether or not there is such an account.</summary>
[EnableRateLimiting(PublicLimits.Send)]
internal sealed class ForgotModel(PasswordLinks links, SignInDesk desk, TimeProvider time, IStringLocalizer<AccountTexts> texts) : PageModel
{
    // Longer than the look-up and the commit take, which only happens where there is an account.
    private static readonly TimeSpan AnswerAfter = TimeSpan.FromMilliseconds(500);

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
        await Task.WhenAll(AskAsync(UserName, cancel), Task.Delay(AnswerAfter, time, cancel));
        return Redirect("/forgot-password?sent=true");
    }

    private async Task AskAsync(string name, CancellationToken cancel)
    {
        if (await desk.FindAsync(name, cancel) is { Disabled: false } account) await links.AskAsync(account, cancel);
    }
}
