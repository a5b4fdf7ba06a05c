using CivilAffairs.Engine.Time;
using CivilAffairs.Web.Platform.Security;
using CivilAffairs.Web.Platform.Time;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;

namespace CivilAffairs.Web.Features.Accounts.Manage;

/// <summary>One officer: postings with their dates, lock, password, and whether the account works at all.</summary>
[Authorize(Policies.Administrator)]
internal sealed class OfficerModel(Staff staff, ViewerAccessor viewers, TimeProvider time, IStringLocalizer<AccountTexts> texts) : PageModel
{
    [BindProperty(SupportsGet = true)] public Guid Id { get; set; }
    [BindProperty] public string? Role { get; set; }
    [BindProperty] public string? Division { get; set; }
    [BindProperty] public string? From { get; set; }
    [BindProperty] public string? To { get; set; }
    public Account? Officer { get; private set; }

    /// <summary>A new one-time password, shown once.</summary>
    public string? Password { get; private set; }
    public DateOnly Today => time.Today();

    public Task<IActionResult> OnGetAsync(CancellationToken cancel) => ShowAsync(cancel);

    public async Task<IActionResult> OnPostAddAsync(CancellationToken cancel)
    {
        var from = Day(nameof(From), From, required: true);
        var to = Day(nameof(To), To, required: false);
        foreach (var (field, text) in StaffRules.Posting(Role, Division, from, to)) ModelState.AddModelError(field, texts[text]);
        if (!ModelState.IsValid) return await ShowAsync(cancel);
        return await AfterAsync(await staff.AddPostingAsync(await viewers.RequireAsync(cancel), Id, Role!, Division!.Trim(), from!.Value, to, null, cancel), cancel);
    }

    public async Task<IActionResult> OnPostEndAsync(Guid posting, string? last, CancellationToken cancel) =>
        Day("", last, required: true) is not { } day ? await ShowAsync(cancel)
            : await AfterAsync(await staff.EndPostingAsync(await viewers.RequireAsync(cancel), Id, posting, day, null, cancel), cancel);

    public async Task<IActionResult> OnPostUnlockAsync(CancellationToken cancel) => await AfterAsync(await staff.UnlockAsync(await viewers.RequireAsync(cancel), Id, null, cancel), cancel);

    public async Task<IActionResult> OnPostDisableAsync(bool disabled, CancellationToken cancel) =>
        await AfterAsync(await staff.DisableAsync(await viewers.RequireAsync(cancel), Id, disabled, null, cancel), cancel);

    public async Task<IActionResult> OnPostRenewAsync(CancellationToken cancel)
    {
        var (outcome, password) = await staff.RenewPasswordAsync(await viewers.RequireAsync(cancel), Id, null, cancel);
        if (outcome != StaffOutcome.Done) return await AfterAsync(outcome, cancel);
        Password = password;
        Response.Headers.CacheControl = "no-store";
        return await ShowAsync(cancel);
    }

    private async Task<IActionResult> AfterAsync(StaffOutcome outcome, CancellationToken cancel)
    {
        if (outcome == StaffOutcome.Done) return Redirect($"/manage/accounts/{Id}");
        if (outcome == StaffOutcome.NotFound) return NotFound();
        var (field, key) = StaffRules.Of(outcome);
        ModelState.AddModelError(field, texts[key]);
        return await ShowAsync(cancel);
    }

    private async Task<IActionResult> ShowAsync(CancellationToken cancel) => (Officer = await staff.FindAsync(Id, cancel)) is null ? NotFound() : Page();

    private DateOnly? Day(string field, string? typed, bool required)
    {
        if (IsoDay.Read(typed?.Trim()) is { } day) return day;
        if (required || !string.IsNullOrWhiteSpace(typed)) ModelState.AddModelError(field, texts["DateWrong"]);
        return null;
    }
}
