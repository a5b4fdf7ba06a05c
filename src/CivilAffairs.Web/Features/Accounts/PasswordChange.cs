using System.Security.Claims;
using CivilAffairs.Web.Platform.Security;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.Extensions.Localization;

namespace CivilAffairs.Web.Features.Accounts;

/// <summary>Changes one's own password; every other session of the account ends within a minute.</summary>
internal sealed class PasswordChange(UserManager<Account> users, SignInManager<Account> sessions, SignInDesk desk, PasswordRules passwords, AccountAudit audit, IStringLocalizer<AccountTexts> texts)
{
    /// <param name="user">Signed in, also with a password that was handed out.</param>
    /// <param name="state">Gets what is wrong, by field: <c>Current</c>, <c>Password</c>, <c>Again</c>.</param>
    /// <returns>False: nobody is signed in any more, or <paramref name="state"/> says what is wrong.</returns>
    public async Task<bool> ChangeAsync(ClaimsPrincipal user, string? current, string? password, string? again, ModelStateDictionary state)
    {
        if (await users.GetUserAsync(user) is not { Disabled: false } account) return false;
        if (string.IsNullOrEmpty(current)) state.AddModelError("Current", texts["CurrentPasswordMissing"]);
        passwords.Check(state, "Password", password, again, account.UserName);
        if (!state.IsValid) return false;
        // Wrong tries count like those of signing in: a session left open is no way to guess.
        var check = await sessions.CheckPasswordSignInAsync(account, current!, lockoutOnFailure: true);
        if (check.IsLockedOut || !check.Succeeded) state.AddModelError("Current", check.IsLockedOut ? texts["LockedOut"] : texts["CurrentPasswordWrong"]);
        else if (password == current) state.AddModelError("Password", texts["PasswordUnchanged"]);
        if (!state.IsValid) return false;
        account.PasswordIsTemporary = false;
        var result = await users.ChangePasswordAsync(account, current!, password!);
        foreach (var error in result.Errors) state.AddModelError("Password", error.Description);
        if (!result.Succeeded) return false;
        await audit.WriteAsync(account.Id, "account.password-changed", new { account = account.Id });
        await desk.OpenAsync(account);
        return true;
    }
}
