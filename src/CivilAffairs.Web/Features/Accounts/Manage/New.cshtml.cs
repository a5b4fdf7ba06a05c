using CivilAffairs.Web.Platform.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;

namespace CivilAffairs.Web.Features.Accounts.Manage;

/// <summary>Makes an officer's account; its one-time password is shown here and nowhere else.</summary>
[Authorize(Policies.Administrator)]
internal sealed class NewStaffModel(Staff staff, ViewerAccessor viewers, IStringLocalizer<AccountTexts> texts) : PageModel
{
    [BindProperty] public string? UserName { get; set; }
    [BindProperty] public string? Name { get; set; }
    [BindProperty] public string? Email { get; set; }

    /// <summary>The new account; null until it is made.</summary>
    public Guid? Created { get; private set; }
    public string? Password { get; private set; }

    public async Task<IActionResult> OnPostAsync(CancellationToken cancel)
    {
        foreach (var (field, text) in StaffRules.New(UserName, Name, Email)) ModelState.AddModelError(field, texts[text]);
        if (!ModelState.IsValid) return Page();
        var email = string.IsNullOrWhiteSpace(Email) ? null : Email.Trim();
        var (outcome, id, password) = await staff.CreateAsync(await viewers.RequireAsync(cancel), UserName!.Trim(), Name!.Trim(), email, null, cancel);
        if (outcome == StaffOutcome.Done)
        {
            (Created, Password) = (id, password);
            Response.Headers.CacheControl = "no-store";
        }
        else
        {
            ModelState.AddModelError(nameof(UserName), texts["StaffUserNameTaken"]);
        }
        return Page();
    }
}
