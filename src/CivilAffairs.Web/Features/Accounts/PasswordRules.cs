using CivilAffairs.Engine.Rules;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Options;

namespace CivilAffairs.Web.Features.Accounts;

/// <summary>The policy for new passwords, said in the page's words.</summary>
internal sealed class PasswordRules(IOptions<IdentityOptions> options, IStringLocalizer<AccountTexts> texts)
{
    private const int Longest = 200;

    /// <param name="state">Gets at most one error for the password and one for its repetition (<c>Again</c>).</param>
    /// <param name="known">Numbers and names that others may know.</param>
    public void Check(ModelStateDictionary state, string field, string? password, string? again, params IEnumerable<string?> known)
    {
        var policy = options.Value.Password;
        if (string.IsNullOrEmpty(password)) state.AddModelError(field, texts["NewPasswordMissing"]);
        else if (password.Length < policy.RequiredLength) state.AddModelError(field, texts["PasswordShort", policy.RequiredLength]);
        else if (password.Length > Longest) state.AddModelError(field, texts["PasswordLong", Longest]);
        else if (password.Distinct().Count() < policy.RequiredUniqueChars) state.AddModelError(field, texts["PasswordSame", policy.RequiredUniqueChars]);
        else if (known.Any(k => Typed.Number(k) is { Length: > 4 } number && Typed.Number(password).Contains(number, StringComparison.Ordinal))) state.AddModelError(field, texts["PasswordKnown"]);
        else if (password != again) state.AddModelError("Again", texts["PasswordDiffers"]);
    }
}
