using System.Text.Json.Nodes;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Cases.Steps;
using CivilAffairs.Web.Features.Cases.Words;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Features.Matters.Forms;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Divisions;
using CivilAffairs.Web.Platform.Documents;
using CivilAffairs.Web.Platform.Security;
using CivilAffairs.Web.Platform.Time;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Cases.Print;

/// <summary>The application form as it was filed 申请表, as a PDF to be signed; for its parties, and for officers with a reason.</summary>
public sealed class FormPrint
{
    private readonly IReader reader;
    private readonly MatterLibrary library;
    private readonly CaseVault vault;
    private readonly FieldDisplay display;
    private readonly DivisionDirectory divisions;
    private readonly DocumentRenderer renderer;
    private readonly AccessReasons reasons;
    private readonly TimeProvider time;

    public FormPrint(IServiceProvider services)
    {
        (reader, library, vault) = (services.GetRequiredService<IReader>(), services.GetRequiredService<MatterLibrary>(), services.GetRequiredService<CaseVault>());
        (display, divisions, renderer) = (services.GetRequiredService<FieldDisplay>(), services.GetRequiredService<DivisionDirectory>(), services.GetRequiredService<DocumentRenderer>());
        (reasons, time) = (services.GetRequiredService<AccessReasons>(), services.GetRequiredService<TimeProvider>());
    }

    /// <summary>The form as PDF. An officer's look is written down with its reason before a byte of it is given.</summary>
    /// <param name="reason">An officer's, for this one look; null: what <see cref="AccessReasons"/> knows.</param>
    /// <exception cref="UnknownCaseException">Not a case of this viewer's, or a draft.</exception>
    /// <exception cref="AccessReasonException">An officer's, and no reason is known.</exception>
    /// <exception cref="CaseErasedException">It was destroyed.</exception>
    public async Task<(byte[] Pdf, string Number)> PdfAsync(Viewer viewer, Guid caseId, string? reason = null, CancellationToken cancel = default)
    {
        await using var db = reader.Open();
        var @case = await db.Set<Case>().Where(c => c.Status != "Draft").OneVisibleTo(db, viewer, caseId).FirstOrDefaultAsync(cancel).ConfigureAwait(false) ?? throw new UnknownCaseException();
        var cipher = await vault.OpenAsync(db, caseId, cancel).ConfigureAwait(false);
        var revision = await library.RevisionAsync(@case.Revision, cancel).ConfigureAwait(false);
        var parameters = await EffectiveParameters.OnAsync(db, revision, time.Today(), @case.Township ?? @case.County, cancel).ConfigureAwait(false);
        var answers = new FormAnswers(await CaseContents.FormAsync(db, caseId, cipher, cancel).ConfigureAwait(false), parameters.Values, time.Today());
        await reasons.OpenAsync(viewer, caseId, "form.printed", [], reason, cancel).ConfigureAwait(false);
        var data = PrintTemplates.InChinese(() => Data(@case, revision, new FormEvaluator(revision.Form).Shown(answers)));
        return (renderer.Render(PrintTemplates.Form, data, PrintTemplates.Chinese).ToPdf(time.GetUtcNow(), $"申请表 {@case.Number}"), @case.Number ?? "");
    }

    /// <summary>What the form's template asks for, personal data in full. Call it in Chinese.</summary>
    internal JsonObject Data(Case @case, MatterRevision revision, IReadOnlyList<ShownSection> sections) => new()
    {
        ["title"] = $"{revision.Matter.Name.Zh}申请表", ["number"] = @case.Number ?? "", ["office"] = Office(@case), ["printedOn"] = BureauTime.Iso(time.Today()),
        ["receivedOn"] = @case.ReceivedOn is { } received ? CaseWords.Day(received) : "",
        ["sections"] = new JsonArray([.. sections.Where(s => s.Rows.Count > 0 || s.Section.Repeat is not null).Select(s => (JsonNode)Section(s))]),
    };

    internal string Office(Case @case) => (divisions.Find(@case.Township) ?? divisions.County)?.OfficeZh ?? "";

    private JsonObject Section(ShownSection section)
    {
        var told = new JsonObject { ["title"] = section.Section.Title.Zh, ["rows"] = new JsonArray() };
        if (section.Section.Repeat is not { } repeat) told["fields"] = Fields(section.Rows[0]);
        else if (section.Rows.Count == 0) told["none"] = "无";
        else told["rows"] = new JsonArray([.. section.Rows.Select(r => (JsonNode)new JsonObject { ["title"] = $"{repeat.ItemTitle.Zh} {r.Index + 1}", ["fields"] = Fields(r) })]);
        return told;
    }

    private JsonArray Fields(ShownRow row) => new([.. row.Fields.Select(f => (JsonNode)new JsonObject
    {
        ["label"] = f.Field.Label.Zh, ["value"] = display.Show(f.Field, row.Data[f.Field.Id], full: true) is { Length: > 0 } text ? text : "—",
    })]);
}
