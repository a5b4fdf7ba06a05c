using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Cases.Payments;
using CivilAffairs.Web.Features.Cases.Web;
using CivilAffairs.Web.Features.Cases.Words;
using CivilAffairs.Web.Platform.Security;
using Microsoft.AspNetCore.Mvc;

namespace CivilAffairs.Web.Features.Apply;

/// <summary>Where a case stands, what is asked of the applicant, and what they got.</summary>
internal sealed class CasePageModel(CaseViews views, LedgerQuery ledgers, Refusals words, ViewerAccessor viewers) : ApplicantPage(viewers)
{
    public CaseView View { get; private set; } = null!;

    /// <summary>What was paid of each grant, month by month; empty: nothing is in a batch yet.</summary>
    public IReadOnlyList<CasePayments> Payments { get; private set; } = [];

    /// <summary>An answer came after its task was closed: told, so that nobody thinks it was taken.</summary>
    [BindProperty(SupportsGet = true)]
    public bool Late { get; set; }

    public string Word(string status) => View.Revision.Matter.StatusWord(status) ?? words.Status(status);

    public async Task OnGetAsync(CancellationToken cancel)
    {
        View = await views.OpenAsync(await ViewerAsync(cancel), Id, cancel);
        if (View.Grants.Count > 0) Payments = await ledgers.OfCaseAsync(Id, cancel);
    }
}

/// <summary>回执: what to keep after sending.</summary>
internal sealed class ReceiptModel(CaseViews views, ViewerAccessor viewers) : ApplicantPage(viewers)
{
    public CaseView View { get; private set; } = null!;

    public async Task OnGetAsync(CancellationToken cancel) => View = await views.OpenAsync(await ViewerAsync(cancel), Id, cancel);
}

/// <summary>Asks once before a case is withdrawn.</summary>
internal sealed class WithdrawModel(CaseViews views, CaseEvents events, ViewerAccessor viewers) : ApplicantPage(viewers)
{
    public CaseView View { get; private set; } = null!;

    [BindProperty]
    public string? Reason { get; set; }

    /// <summary>What is wrong with the reason; null: nothing.</summary>
    public string? Fault { get; private set; }

    public async Task<IActionResult> OnGetAsync(CancellationToken cancel)
    {
        View = await views.OpenAsync(await ViewerAsync(cancel), Id, cancel);
        return View.MayWithdraw ? Page() : LocalRedirect($"/my/cases/{Id}");
    }

    public async Task<IActionResult> OnPostAsync(string? key, CancellationToken cancel)
    {
        if (key is not { Length: > 0 and <= 100 }) return BadRequest();
        try
        {
            await events.WithdrawAsync(await ViewerAsync(cancel), Id, key, null, null, null, Reason, cancel);
        }
        catch (InvalidAnswersException refused)
        {
            Fault = refused.Faults[0].Now();
            View = await views.OpenAsync(await ViewerAsync(cancel), Id, cancel);
            return Page();
        }
        return LocalRedirect($"/my/cases/{Id}");
    }
}
