using CivilAffairs.Engine.Rules;
using CivilAffairs.Web.Platform.Time;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;

namespace CivilAffairs.Web.Features.Accounts;

/// <summary>An applicant makes an account; signed in at once.</summary>
internal sealed class RegisterModel(Registration registration, SignInDesk desk, PasswordRules passwords, TimeProvider time, IStringLocalizer<AccountTexts> texts) : PageModel
{
    [BindProperty] public string? Name { get; set; }
    [BindProperty] public string? IdNumber { get; set; }
    [BindProperty] public string? Mobile { get; set; }
    [BindProperty] public string? Email { get; set; }
    [BindProperty(SupportsGet = true)] public string? ReturnUrl { get; set; }

    public async Task<IActionResult> OnPostAsync([FromForm(Name = "Password")] string? password, [FromForm(Name = "Again")] string? again, CancellationToken cancel)
    {
        Check();
        passwords.Check(ModelState, "Password", password, again, IdNumber, Mobile);
        if (!ModelState.IsValid) return Page();
        var who = new NewApplicant(Name!.Trim(), IdNumber!, Mobile!, string.IsNullOrWhiteSpace(Email) ? null : Email.Trim(), password!);
        var (outcome, account) = await registration.RegisterAsync(who, cancel);
        if (account is not null)
        {
            await desk.OpenAsync(account);
            return LocalRedirect(Url.IsLocalUrl(ReturnUrl) ? ReturnUrl : "/");
        }
        ModelState.AddModelError(nameof(IdNumber), outcome == RegistrationOutcome.HasAccount ? texts["HasAccount"] : texts["DoesNotMatch"]);
        return Page();
    }

    private void Check()
    {
        if (string.IsNullOrWhiteSpace(Name)) ModelState.AddModelError(nameof(Name), texts["NameMissing"]);
        else if (Name.Trim().Length > AccountServices.LongestName) ModelState.AddModelError(nameof(Name), texts["NameTooLong"]);
        if (string.IsNullOrWhiteSpace(IdNumber)) ModelState.AddModelError(nameof(IdNumber), texts["IdNumberMissing"]);
        else if (Engine.Rules.IdNumber.Read(IdNumber, time.Today()).Fault is { } fault) ModelState.AddModelError(nameof(IdNumber), texts[fault.Key]);
        if (Engine.Rules.Mobile.Check(Mobile) is not null) ModelState.AddModelError(nameof(Mobile), texts["MobileWrong"]);
        if (!string.IsNullOrWhiteSpace(Email) && !MailAddress.Like(Email)) ModelState.AddModelError(nameof(Email), texts["EmailWrong"]);
    }
}
