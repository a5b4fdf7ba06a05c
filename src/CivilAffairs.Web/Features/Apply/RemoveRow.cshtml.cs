using System.Text.Json.Nodes;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Cases.Drafts;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Security;
using Microsoft.AspNetCore.Mvc;

namespace CivilAffairs.Web.Features.Apply;

/// <summary>Asks once before a row is taken away.</summary>
internal sealed class RemoveRowModel(Applications applications, DraftCommands drafts, ViewerAccessor viewers) : ApplicantPage(viewers)
{
    [BindProperty(SupportsGet = true)]
    public string Section { get; set; } = "";

    [BindProperty(SupportsGet = true)]
    public int Row { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? From { get; set; }

    public FormSection Form { get; private set; } = null!;

    /// <summary>The row's name where it has one.</summary>
    public string? Named { get; private set; }
    public string Back => $"/my/drafts/{Id}/{Section}" + (From is null ? "" : $"?from={From}");
    private JsonArray rows = [];

    public async Task<IActionResult> OnGetAsync(CancellationToken cancel) => await LoadAsync(cancel) ?? Page();

    public async Task<IActionResult> OnPostAsync(CancellationToken cancel)
    {
        if (await LoadAsync(cancel) is { } elsewhere) return elsewhere;
        rows.RemoveAt(Row);
        await drafts.SaveSectionAsync(await ViewerAsync(cancel), Id, Section, rows, cancel);
        return LocalRedirect(Back);
    }

    private async Task<IActionResult?> LoadAsync(CancellationToken cancel)
    {
        var (application, elsewhere) = await OpenAsync(applications, cancel);
        if (application is null) return elsewhere;
        Form = application.Revision.Form.Sections.FirstOrDefault(s => s.Id == Section && s.Repeat is not null) ?? throw new UnknownCaseException();
        rows = (application.Answers.Data[Section] as JsonArray ?? []).DeepClone().AsArray();
        // Gone already, for example after a second click: the list says what is left.
        if (Row < 0 || Row >= rows.Count) return LocalRedirect(Back);
        var name = Form.Fields.FirstOrDefault(f => f.Type == "personName");
        Named = name is null ? null : (string?)(rows[Row]?[name.Id] as JsonValue);
        return null;
    }
}
