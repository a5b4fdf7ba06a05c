using CivilAffairs.Web.Platform.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CivilAffairs.Web.Features.Accounts;

/// <summary>The page for changing one's own password.</summary>
[Authorize]
internal sealed class PasswordModel(PasswordChange change) : PageModel
{
    public bool Changed { get; private set; }

    /// <summary>The password was handed out and must be changed before anything else.</summary>
    public bool Temporary => User.HasClaim(c => c.Type == ViewerClaims.Temporary);

    public void OnGet(bool changed = false) => Changed = changed;

    public async Task<IActionResult> OnPostAsync([FromForm(Name = "Current")] string? current, [FromForm(Name = "Password")] string? password, [FromForm(Name = "Again")] string? again)
    {
        if (await change.ChangeAsync(User, current, password, again, ModelState)) return Redirect("/password?changed=true");
        return ModelState.IsValid ? Challenge() : Page();
    }
}
