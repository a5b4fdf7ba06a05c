using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Matters.Forms;
using CivilAffairs.Web.Platform.Divisions;
using CivilAffairs.Web.Platform.Pages;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.RateLimiting;

namespace CivilAffairs.Web.Features.PublicBoard;

/// <summary>One notice as it hangs, and the form to object 异议 while it is up.</summary>
[EnableRateLimiting(PublicLimits.Send)]
internal sealed class NoticeModel(Board board, DivisionDirectory divisions) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public Guid Id { get; set; }

    [BindProperty]
    public string? Text { get; set; }

    [BindProperty]
    public string? Sender { get; set; }

    public PublicNotice Notice { get; private set; } = null!;
    public Division? Office { get; private set; }
    public bool TakesObjections => Notice.BookmarkId is not null;

    /// <summary>For one sending of the form.</summary>
    public string Key { get; } = Guid.NewGuid().ToString("N");
    public IReadOnlyList<FieldFault> Faults { get; private set; } = [];

    public Task OnGetAsync(CancellationToken cancel) => LoadAsync(cancel);

    public async Task<IActionResult> OnPostAsync(string? key, CancellationToken cancel)
    {
        if (key is not { Length: > 0 and <= 90 }) return BadRequest();
        await LoadAsync(cancel);
        try
        {
            await board.ObjectAsync(Id, Text ?? "", Sender ?? "", key, cancel);
            return LocalRedirect("/notices/thanks");
        }
        catch (InvalidAnswersException refused)
        {
            Faults = refused.Faults;
            return Page();
        }
    }

    private async Task LoadAsync(CancellationToken cancel)
    {
        Response.Headers["X-Robots-Tag"] = "noindex";
        Notice = await board.FindAsync(Id, cancel);
        Office = divisions.Find(Notice.Division.Length >= 9 ? Notice.Division[..9] : Notice.Division) ?? divisions.County;
    }
}
