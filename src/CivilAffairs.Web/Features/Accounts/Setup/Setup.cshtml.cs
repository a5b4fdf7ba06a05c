using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;

namespace CivilAffairs.Web.Features.Accounts.Setup;

/// <summary>Makes the first administrator of an empty installation.</summary>
internal sealed class SetupModel(SetupLinks links, SignInDesk desk, PasswordRules passwords, IStringLocalizer<AccountTexts> texts) : PageModel
{
    [BindProperty(SupportsGet = true)] public string? Token { get; set; }
    [BindProperty] public string? UserName { get; set; }
    [BindProperty] public string? Name { get; set; }
    [BindProperty] public string? County { get; set; }
    public bool Valid { get; private set; }

    public async Task<IActionResult> OnGetAsync(CancellationToken cancel)
    {
        County = await links.CountyAsync(cancel);
        return await ShowAsync(cancel);
    }

    public async Task<IActionResult> OnPostAsync([FromForm(Name = "Password")] string? password, [FromForm(Name = "Again")] string? again, CancellationToken cancel)
    {
        if (!StaffRules.IsUserName(UserName)) ModelState.AddModelError(nameof(UserName), texts["StaffUserNameWrong"]);
        if (string.IsNullOrWhiteSpace(Name) || Name.Length > AccountServices.LongestName) ModelState.AddModelError(nameof(Name), texts["DisplayNameMissing"]);
        if (!StaffRules.IsDivision(County) || County!.Trim().Length != 6) ModelState.AddModelError(nameof(County), texts["CountyWrong"]);
        passwords.Check(ModelState, "Password", password, again, UserName);
        if (!ModelState.IsValid || !await links.IsValidAsync(Token, cancel)) return await ShowAsync(cancel);
        if (await links.UseAsync(Token!, UserName!.Trim(), Name!.Trim(), password!, County!.Trim(), cancel) is not { } account) return await ShowAsync(cancel);
        await desk.OpenAsync(account);
        return LocalRedirect("/manage/accounts");
    }

    private async Task<PageResult> ShowAsync(CancellationToken cancel)
    {
        Valid = await links.IsValidAsync(Token, cancel);
        Response.Headers.CacheControl = "no-store";
        if (!Valid) Response.StatusCode = StatusCodes.Status410Gone;
        return Page();
    }
}
