using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Cases.Drafts;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Features.Matters.Forms;
using CivilAffairs.Web.Platform.Security;
using Microsoft.AspNetCore.Mvc;

namespace CivilAffairs.Web.Features.Apply;

/// <summary>The papers to bring along, one block each: what is asked, why, and what was given.</summary>
[RequestSizeLimit(FileCommands.MaxSize + 1_000_000)]
internal sealed class AttachmentsModel(Applications applications, FileCommands files, ViewerAccessor viewers) : ApplicantPage(viewers)
{
    public Application Application { get; private set; } = null!;
    public IReadOnlyList<WantedAttachment> Wanted { get; private set; } = [];

    /// <summary>What was wrong with the file just sent, by attachment.</summary>
    public IReadOnlyList<FieldFault> Faults { get; private set; } = [];

    public async Task<IActionResult> OnGetAsync(CancellationToken cancel) => await LoadAsync(cancel) ?? Page();

    /// <summary>Takes one file for one attachment.</summary>
    public async Task<IActionResult> OnPostUploadAsync(string slot, IFormFile? file, CancellationToken cancel)
    {
        if (await LoadAsync(cancel) is { } elsewhere) return elsewhere;
        try
        {
            if (file is null) throw new InvalidAnswersException([new FieldFault($"attachments.{slot}", "请先选择文件，再点上传。", "Choose a file first, then attach it.")]);
            using var bytes = new MemoryStream();
            await file.CopyToAsync(bytes, cancel);
            await files.AttachAsync(await ViewerAsync(cancel), Id, slot, file.FileName, bytes.ToArray(), cancel);
        }
        catch (InvalidAnswersException refused)
        {
            Faults = refused.Faults;
            return Page();
        }
        return LocalRedirect($"/my/drafts/{Id}/attachments#{slot}");
    }

    public async Task<IActionResult> OnPostRemoveAsync(Guid file, CancellationToken cancel)
    {
        await files.RemoveAsync(await ViewerAsync(cancel), Id, file, cancel);
        return LocalRedirect($"/my/drafts/{Id}/attachments");
    }

    /// <summary>What is wanted or was given: an attachment that these answers do not ask for stays out of the way.</summary>
    private async Task<IActionResult?> LoadAsync(CancellationToken cancel)
    {
        var (application, elsewhere) = await OpenAsync(applications, cancel);
        if (application is null) return elsewhere;
        Application = application;
        Wanted = [.. application.Form.Attachments(application.Answers).Where(w => w.Required || w.Attachment.Required.Expression is null || application.Files.Any(f => f.Slot == w.Attachment.Id))];
        return null;
    }

    public IEnumerable<DraftFile> Given(FormAttachment attachment) => Application.Files.Where(f => f.Slot == attachment.Id);
}
