using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Cases.Drafts;
using CivilAffairs.Web.Platform.Security;
using Microsoft.AspNetCore.Mvc;

namespace CivilAffairs.Web.Features.Apply;

/// <summary>The task list of an application: its sections with how far each is.</summary>
internal sealed class DraftModel(Applications applications, DraftCommands drafts, ViewerAccessor viewers) : ApplicantPage(viewers)
{
    public Application Application { get; private set; } = null!;
    public IReadOnlyList<SectionLine> Lines { get; private set; } = [];
    public SectionState Attachments { get; private set; }

    /// <summary>Just came from "save and leave".</summary>
    public bool Saved => Request.Query.ContainsKey("saved");

    /// <summary>Of the lines and the attachments: whatever stands in the list counts.</summary>
    public int Done => Lines.Count(l => l.State == SectionState.Done) + (HasAttachments && Attachments == SectionState.Done ? 1 : 0);
    public int Parts => Lines.Count + (HasAttachments ? 1 : 0);
    public bool HasAttachments => Application.Revision.Form.Attachments.Count > 0;

    public async Task<IActionResult> OnGetAsync(CancellationToken cancel)
    {
        var (application, elsewhere) = await OpenAsync(applications, cancel);
        if (application is null) return elsewhere!;
        Application = application;
        Lines = application.Lines();
        var wanted = application.Form.Attachments(application.Answers);
        var missing = wanted.Any(w => w.Required && application.Files.All(f => f.Slot != w.Attachment.Id));
        Attachments = missing ? (application.Files.Count > 0 ? SectionState.InProgress : SectionState.NotStarted) : application.Files.Count > 0 ? SectionState.Done : SectionState.Optional;
        return Page();
    }

    /// <summary>Throws a draft away.</summary>
    public async Task<IActionResult> OnPostDiscardAsync(CancellationToken cancel)
    {
        await drafts.DiscardAsync(await ViewerAsync(cancel), Id, cancel);
        return LocalRedirect("/my");
    }
}
