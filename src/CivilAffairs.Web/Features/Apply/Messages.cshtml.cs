using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Cases.Messages;
using CivilAffairs.Web.Features.Cases.Web;
using CivilAffairs.Web.Features.Matters.Forms;
using CivilAffairs.Web.Platform.Divisions;
using CivilAffairs.Web.Platform.Pages;
using CivilAffairs.Web.Platform.Security;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.RateLimiting;

namespace CivilAffairs.Web.Features.Apply;

/// <summary>The applicant's side of a case's messages. Opening it marks the office's as read.</summary>
[RequestSizeLimit(MessageRules.LargestRequest)]
[EnableRateLimiting(PublicLimits.Message)]
internal sealed class MessagesModel(MessageQuery query, MessageCommands commands, DivisionDirectory divisions, Refusals words, ViewerAccessor viewers) : ApplicantPage(viewers)
{
    [BindProperty(SupportsGet = true, Name = "p")]
    public int? Number { get; set; }

    /// <summary>One was just sent.</summary>
    [BindProperty(SupportsGet = true)]
    public bool Sent { get; set; }

    [BindProperty]
    public string? Text { get; set; }

    public MessagePage Thread { get; private set; } = null!;
    public IReadOnlyList<FieldFault> Faults { get; private set; } = [];

    /// <summary>Why it could not be sent at all; null: it could.</summary>
    public string? Refused { get; private set; }

    /// <summary>Whose messages the office's are.</summary>
    public string Office { get; private set; } = "";

    public string? Fault(string path) => Faults.FirstOrDefault(f => f.Path == path) is { } fault ? (Languages.IsEnglish ? fault.En : fault.Zh) : null;

    public async Task OnGetAsync(CancellationToken cancel)
    {
        await LoadAsync(cancel);
        await commands.MarkReadAsync(await ViewerAsync(cancel), Id, cancel);
    }

    public async Task<IActionResult> OnPostAsync(string? key, List<IFormFile> files, CancellationToken cancel)
    {
        if (key is not { Length: > 0 and <= 100 }) return BadRequest();
        try
        {
            await commands.SendAsync(await ViewerAsync(cancel), Id, Text ?? "", await files.ReadSentAsync(cancel), key, cancel);
            return LocalRedirect($"/my/cases/{Id}/messages?sent=true");
        }
        catch (InvalidAnswersException refused)
        {
            Faults = refused.Faults;
        }
        catch (NotAllowedException refused)
        {
            Refused = words.Of(refused)!.Text;
        }
        await LoadAsync(cancel);
        return Page();
    }

    private async Task LoadAsync(CancellationToken cancel)
    {
        Thread = await query.ReadAsync(await ViewerAsync(cancel), Id, Number ?? 1, cancel: cancel);
        Office = (divisions.Find(Thread.Case.Township) ?? divisions.County) is { } office ? (Languages.IsEnglish ? office.OfficeEn : office.OfficeZh) : "";
    }
}
