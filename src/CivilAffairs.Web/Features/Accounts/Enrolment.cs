using CivilAffairs.Engine.Rules;
using CivilAffairs.Web.Platform.Mail;
using CivilAffairs.Web.Platform.Time;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.Extensions.Localization;

namespace CivilAffairs.Web.Features.Accounts;

/// <summary>An applicant makes an account: what was typed is checked, stored, and the session opened.</summary>
internal sealed class Enrolment(Registration registration, SignInDesk desk, PasswordRules passwords, TimeProvider time, IStringLocalizer<AccountTexts> texts)
{
    /// <param name="typed">As it was typed.</param>
    /// <param name="again">The password once more.</param>
    /// <param name="state">Gets what is wrong, by field.</param>
    public async Task<bool> EnrolAsync(TypedApplicant typed, string? again, ModelStateDictionary state, CancellationToken cancel)
    {
        Check(typed, state);
        passwords.Check(state, "Password", typed.Password, again, typed.IdNumber, typed.Mobile);
        if (!state.IsValid) return false;
        var who = new NewApplicant(typed.Name!.Trim(), typed.IdNumber!, typed.Mobile!, string.IsNullOrWhiteSpace(typed.Email) ? null : typed.Email.Trim(), typed.Password!);
        var (outcome, account) = await registration.RegisterAsync(who, cancel);
        if (account is null)
        {
            state.AddModelError("IdNumber", outcome == RegistrationOutcome.HasAccount ? texts["HasAccount"] : texts["DoesNotMatch"]);
            return false;
        }
        await desk.OpenAsync(account);
        return true;
    }

    private void Check(TypedApplicant typed, ModelStateDictionary state)
    {
        if (string.IsNullOrWhiteSpace(typed.Name)) state.AddModelError("Name", texts["NameMissing"]);
        else if (typed.Name.Trim().Length > AccountServices.LongestName) state.AddModelError("Name", texts["NameTooLong"]);
        if (string.IsNullOrWhiteSpace(typed.IdNumber)) state.AddModelError("IdNumber", texts["IdNumberMissing"]);
        else if (IdNumber.Read(typed.IdNumber, time.Today()).Fault is { } fault) state.AddModelError("IdNumber", texts[fault.Key]);
        if (Mobile.Check(typed.Mobile) is not null) state.AddModelError("Mobile", texts["MobileWrong"]);
        if (!string.IsNullOrWhiteSpace(typed.Email) && !MailAddress.Like(typed.Email)) state.AddModelError("Email", texts["EmailWrong"]);
    }
}

/// <summary>What an applicant typed, unchecked.</summary>
internal sealed record TypedApplicant(string? Name, string? IdNumber, string? Mobile, string? Email, string? Password);
