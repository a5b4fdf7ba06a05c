using CivilAffairs.Web.Platform.Security;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;

namespace CivilAffairs.Web.Features.Accounts;

/// <summary>One door for officers and applicants.</summary>
internal sealed class SignInModel(SignInDesk desk, UserManager<Account> users, IDemoAccounts demo, IHostEnvironment environment, IStringLocalizer<AccountTexts> texts) : PageModel
{
    [BindProperty]
    public string? UserName { get; set; }

    /// <summary>Only a path of this site is followed.</summary>
    [BindProperty(SupportsGet = true)]
    public string? ReturnUrl { get; set; }

    /// <summary>Empty outside Development.</summary>
    public IReadOnlyList<DemoAccount> Demo { get; private set; } = [];

    /// <summary>Comes from setting a new password by a link.</summary>
    public bool NewPassword { get; private set; }

    public Task OnGetAsync(CancellationToken cancel, bool newPassword = false)
    {
        NewPassword = newPassword;
        return ListDemoAsync(cancel);
    }

    public async Task<IActionResult> OnPostAsync([FromForm(Name = "Password")] string? password, CancellationToken cancel)
    {
        if (string.IsNullOrWhiteSpace(UserName)) ModelState.AddModelError(nameof(UserName), texts["UserNameMissing"]);
        if (string.IsNullOrEmpty(password)) ModelState.AddModelError("Password", texts["PasswordMissing"]);
        if (ModelState.IsValid)
        {
            var outcome = await desk.SignInAsync(UserName!, password!, cancel);
            if (outcome == SignInOutcome.Done) return await OnwardAsync(cancel);
            if (outcome == SignInOutcome.ChangePassword) return LocalRedirect("/password");
            ModelState.AddModelError(nameof(UserName), outcome == SignInOutcome.LockedOut ? texts["LockedOut"] : texts["WrongNameOrPassword"]);
        }
        await ListDemoAsync(cancel);
        return Page();
    }

    /// <summary>Development only: takes the seat of a demo account without a password.</summary>
    public async Task<IActionResult> OnPostDemoAsync(string account, CancellationToken cancel)
    {
        await ListDemoAsync(cancel);
        if (Demo.All(d => d.UserName != account) || await users.FindByNameAsync(account) is not { Disabled: false } found) return NotFound();
        await desk.OpenAsync(found);
        return await OnwardAsync(cancel);
    }

    private async Task<LocalRedirectResult> OnwardAsync(CancellationToken cancel) => LocalRedirect(Url.IsLocalUrl(ReturnUrl) && ReturnUrl != "/" ? ReturnUrl : await desk.HomeAsync(cancel));

    private async Task ListDemoAsync(CancellationToken cancel) => Demo = environment.IsDevelopment() ? await demo.ListAsync(cancel) : [];
}
