using CivilAffairs.Web.Features.Cases;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Pages;
using CivilAffairs.Web.Platform.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Desk.Casefile;

/// <summary>
/// Asks an officer why they open a case's papers 查阅理由, then leads on to the paper. A page and not a dialog: whoever comes
/// by an address, in a tab of its own or from a viewer of PDF, meets it as well.
/// </summary>
[Authorize(Policy = Policies.Officer)]
[ResponseCache(NoStore = true, Location = ResponseCacheLocation.None)]
internal sealed class ReasonModel(AccessReasons reasons, ViewerAccessor viewers, IReader reader) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public Guid Id { get; set; }

    /// <summary>The paper that was wanted.</summary>
    [BindProperty(SupportsGet = true)]
    public string? To { get; set; }

    [BindProperty]
    public string? Reason { get; set; }

    [BindProperty]
    public string? Note { get; set; }

    public string Number { get; private set; } = "";

    /// <summary>What is wrong, by field.</summary>
    public IReadOnlyDictionary<string, string> Faults { get; private set; } = new Dictionary<string, string>();

    public Task OnGetAsync(CancellationToken cancel) => ReadAsync(cancel);

    public async Task<IActionResult> OnPostAsync(CancellationToken cancel)
    {
        await ReadAsync(cancel);
        try
        {
            await reasons.GiveAsync(await viewers.RequireAsync(cancel), Id, Reason, Note, null, cancel);
        }
        catch (InvalidAnswersException wrong)
        {
            Faults = wrong.Faults.ToDictionary(f => f.Path, f => Languages.IsEnglish ? f.En : f.Zh);
            return Page();
        }
        return LocalRedirect(OwnPaper() ?? $"/desk/cases/{Id}?tab=papers");
    }

    /// <summary>Only a paper of this case: the page leads nowhere else.</summary>
    private string? OwnPaper() => To is { } to && (to.StartsWith($"/desk/cases/{Id}/", StringComparison.Ordinal) || to.StartsWith($"/my/cases/{Id}/", StringComparison.Ordinal)) ? to : null;

    private async Task ReadAsync(CancellationToken cancel)
    {
        await using var db = reader.Open();
        var viewer = await viewers.RequireAsync(cancel);
        Number = await db.Set<Case>().OneVisibleTo(db, viewer, Id).Select(c => c.Number ?? "").FirstOrDefaultAsync(cancel) ?? throw new UnknownCaseException();
    }
}
