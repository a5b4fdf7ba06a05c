using CivilAffairs.Web.Platform.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;

namespace CivilAffairs.Web.Features.Accounts;

/// <summary>Changes one's own password; every other session of the account ends within a minute.</summary>
[Authorize]
internal sealed class PasswordModel(UserManager<Account> users, SignInManager<Account> sessions, SignInDesk desk, PasswordRules passwords, AccountAudit audit, IStringLocalizer<AccountTexts> texts) : PageModel
{
    public bool Changed { get; private set; }

    /// <summary>The password was handed out and must be changed before anything else.</summary>
    public bool Temporary => User.HasClaim(c => c.Type == ViewerClaims.Temporary);

    public void OnGet(bool changed = false) => Changed = changed;

    public async Task<IActionResult> OnPostAsync([FromForm(Name = "Current")] string? current, [FromForm(Name = "Password")] string? password, [FromForm(Name = "Again")] string? again)
    {
        if (await users.GetUserAsync(User) is not { Disabled: false } account) return Challenge();
        if (string.IsNullOrEmpty(current)) ModelState.AddModelError("Current", texts["CurrentPasswordMissing"]);
        passwords.Check(ModelState, "Password", password, again, account.UserName);
        if (!ModelState.IsValid) return Page();
        // Wrong tries count like those of signing in: a session left open is no way to guess.
        var check = await sessions.CheckPasswordSignInAsync(account, current!, lockoutOnFailure: true);
        if (check.IsLockedOut || !check.Succeeded)
        {
            ModelState.AddModelError("Current", check.IsLockedOut ? texts["LockedOut"] : texts["CurrentPasswordWrong"]);
            return Page();
        }
        if (password == current)
        {
            ModelState.AddModelError("Password", texts["PasswordUnchanged"]);
            return Page();
        }
        account.PasswordIsTemporary = false;
        var result = await users.ChangePasswordAsync(account, current!, password!);
        if (!result.Succeeded)
        {
            foreach (var error in result.Errors) ModelState.AddModelError("Password", error.Description);
            return Page();
        }
        await audit.WriteAsync(account.Id, "account.password-changed", new { account = account.Id });
        await desk.OpenAsync(account);
        return Redirect("/password?changed=true");
    }
}
