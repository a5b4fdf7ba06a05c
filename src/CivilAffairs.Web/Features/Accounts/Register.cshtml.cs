using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CivilAffairs.Web.Features.Accounts;

/// <summary>An applicant makes an account; signed in at once.</summary>
internal sealed class RegisterModel(Enrolment enrolment) : PageModel
{
    [BindProperty] public string? Name { get; set; }
    [BindProperty] public string? IdNumber { get; set; }
    [BindProperty] public string? Mobile { get; set; }
    [BindProperty] public string? Email { get; set; }
    [BindProperty(SupportsGet = true)] public string? ReturnUrl { get; set; }

    public async Task<IActionResult> OnPostAsync([FromForm(Name = "Password")] string? password, [FromForm(Name = "Again")] string? again, CancellationToken cancel) =>
        await enrolment.EnrolAsync(new TypedApplicant(Name, IdNumber, Mobile, Email, password), again, ModelState, cancel)
            ? LocalRedirect(Url.IsLocalUrl(ReturnUrl) ? ReturnUrl : "/")
            : Page();
}
