using System.Globalization;
using CivilAffairs.Web.Platform.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;

namespace CivilAffairs.Web.Features.Mail.Office;

/// <summary>Letters for administrators: whether they go, which are parked and why, send again, give up, stop and let go.</summary>
[Authorize(Policies.Administrator)]
internal sealed class MailOfficeModel(MailOffice office, MailOfficeQuery query, ViewerAccessor viewers, IStringLocalizer<MailTexts> texts) : PageModel
{
    /// <summary>Page, from 1.</summary>
    [BindProperty(SupportsGet = true)] public int P { get; set; } = 1;

    /// <summary>What was done just now.</summary>
    [TempData] public string? Done { get; set; }
    public MailState State { get; private set; } = null!;
    public ParkedView Parked { get; private set; } = null!;

    public async Task OnGetAsync(CancellationToken cancel) =>
        (State, Parked) = (await query.StateAsync(cancel), await query.ParkedAsync(Math.Clamp(P, 1, 10_000), cancel: cancel));

    public async Task<IActionResult> OnPostRetryAsync(List<Guid> ids, CancellationToken cancel) =>
        Told(ids.Count == 0 ? texts["NoneChosen"] : texts["Retried", await office.RetryAsync(await viewers.RequireAsync(cancel), ids, null, cancel)]);

    public async Task<IActionResult> OnPostDropAsync(List<Guid> ids, CancellationToken cancel) =>
        Told(ids.Count == 0 ? texts["NoneChosen"] : texts["Dropped", await office.DropAsync(await viewers.RequireAsync(cancel), ids, null, cancel)]);

    public async Task<IActionResult> OnPostPauseAsync(CancellationToken cancel)
    {
        await office.PauseAsync(await viewers.RequireAsync(cancel), null, cancel);
        return Told(texts["PausedNow"]);
    }

    public Task<IActionResult> OnPostResumeAsync(CancellationToken cancel) => ResumeAsync(dropOlder: false, cancel);
    public Task<IActionResult> OnPostResumeWithoutAsync(CancellationToken cancel) => ResumeAsync(dropOlder: true, cancel);

    /// <summary>A code of ours in words; the server's own words as they are.</summary>
    public string Reason(string? reason) => reason is null ? "" : texts[$"Reason.{reason}"] is { ResourceNotFound: false } known ? known.Value : texts["Reason.server", reason];

    public static string Count(int count) => count >= MailOfficeQuery.Most ? string.Create(CultureInfo.CurrentCulture, $"≥ {count:N0}") : count.ToString("N0", CultureInfo.CurrentCulture);

    private async Task<IActionResult> ResumeAsync(bool dropOlder, CancellationToken cancel)
    {
        var dropped = await office.ResumeAsync(await viewers.RequireAsync(cancel), dropOlder, null, cancel);
        return Told(dropped > 0 ? texts["ResumedWithout", dropped] : texts["ResumedNow"]);
    }

    private RedirectResult Told(LocalizedString done)
    {
        Done = done.Value;
        return Redirect("/manage/mail");
    }
}
