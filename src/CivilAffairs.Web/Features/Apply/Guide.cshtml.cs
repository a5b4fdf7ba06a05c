using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Matters;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CivilAffairs.Web.Features.Apply;

/// <summary>办事指南: what people read before they apply. Open to everybody.</summary>
internal sealed class GuideModel(MatterLibrary library, UsualTime usual) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public string Id { get; set; } = "";

    public MatterFile Matter { get; private set; } = null!;
    public bool Online => Matter.Applicants.Channels.Contains("online");

    /// <summary>How long it really takes; null: too few cases were decided to say so.</summary>
    public UsualDays? Usual { get; private set; }

    /// <summary>What one may expect can be worked out before.</summary>
    public bool Estimated { get; private set; }

    public async Task OnGetAsync(CancellationToken cancel)
    {
        var revision = library.FindOffered(Id) ?? throw new UnknownCaseException();
        (Matter, Estimated) = (revision.Matter, revision.Form.Estimate is { Asks.Count: > 0 });
        Usual = await usual.TellAsync(Id, cancel);
    }
}
