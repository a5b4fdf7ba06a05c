using System.Text.Json.Nodes;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Cases.Steps;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Features.Matters.Forms;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Divisions;
using CivilAffairs.Web.Platform.Security;
using CivilAffairs.Web.Platform.Time;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Cases.Drafts;

/// <summary>An application that its owner, or the counter, may still change: a draft, or a filed case that waits for a correction 补正.</summary>
/// <param name="Case">Its row.</param>
/// <param name="Revision">The matter as it was when the draft began.</param>
/// <param name="Answers">What was typed so far, complete or not.</param>
/// <param name="Files">Attachments in force, names opened.</param>
/// <param name="Correction">The correction's task; null for a draft.</param>
/// <param name="Defects">What the officer found missing, as written; null for a draft.</param>
public sealed record Application(Case Case, MatterRevision Revision, FormAnswers Answers, IReadOnlyList<DraftFile> Files, WorkTask? Correction, string? Defects)
{
    public FormEvaluator Form { get; } = new(Revision.Form);

    /// <summary>All that stands against sending it, by field.</summary>
    public IReadOnlyList<FieldFault> Faults() => [.. Form.Validate(Answers), .. Form.Attachments(Answers)
        .Where(w => w.Required && Files.All(f => f.Slot != w.Attachment.Id))
        .Select(w => new FieldFault($"attachments.{w.Attachment.Id}", $"请上传：{w.Attachment.Label.Zh}。", $"Please attach: {w.Attachment.Label.En}."))];

    /// <summary>The same with one section as it was just typed.</summary>
    public Application With(string section, JsonNode? value)
    {
        var data = Answers.Data.DeepClone().AsObject();
        data[section] = value?.DeepClone();
        return this with { Answers = Answers with { Data = data } };
    }
}

/// <summary>An attachment with its name.</summary>
/// <param name="Size">Bytes.</param>
public sealed record DraftFile(Guid Id, string Slot, string Name, long Size);

/// <summary>Opens applications for the pages that fill them in.</summary>
internal sealed class Applications(IReader reader, MatterLibrary library, CaseVault vault, DivisionDirectory divisions, TimeProvider time)
{
    /// <exception cref="UnknownCaseException">There is none for this viewer.</exception>
    /// <exception cref="NotAllowedException">It was filed and waits for no correction.</exception>
    public async Task<Application> OpenAsync(Viewer viewer, Guid id, CancellationToken cancel)
    {
        await using var db = reader.Open();
        var @case = await db.Set<Case>().OneVisibleTo(db, viewer, id).FirstOrDefaultAsync(cancel) ?? throw new UnknownCaseException();
        var revision = await library.RevisionAsync(@case.Revision, cancel);
        // Answers lie open here: of officers only who writes them down for the applicant may read them so.
        if (viewer.IsOfficer && !(@case.Status == "Draft" ? @case.FiledById == viewer.AccountId : @case.Channel == Channel.Counter && revision.Matter.MayFileIn(viewer, @case))) throw new UnknownCaseException();
        var correction = @case.Status == "Draft" ? null : await db.Set<WorkTask>()
            .FirstOrDefaultAsync(t => t.CaseId == id && t.Role == Roles.Applicant && t.Kind == "Correction" && t.State == TaskState.Open, cancel) ?? throw new NotAllowedException("draft.filed");
        var cipher = await vault.OpenAsync(db, id, cancel);
        var parameters = await EffectiveParameters.OnAsync(db, revision, time.Today(), @case.Township ?? divisions.County?.Code ?? "", cancel);
        var answers = new FormAnswers(await DataAsync(db, id, cipher, cancel), parameters.Values, time.Today());
        return new Application(@case, revision, answers, await FilesAsync(db, id, cipher, cancel), correction, correction is null ? null : await DefectsAsync(db, id, cipher, cancel));
    }

    internal static async Task<IReadOnlyList<DraftFile>> FilesAsync(CivilAffairsDb db, Guid id, CaseCipher cipher, CancellationToken cancel)
    {
        var rows = await db.Set<CaseFile>().Where(f => f.CaseId == id && f.RemovedAt == null && f.MessageId == null && f.Slot != "document").OrderBy(f => f.RecordedAt).ToListAsync(cancel);
        return [.. rows.Select(f => new DraftFile(f.Id, f.Slot, cipher.OpenText(f.NameCipher, "file.name"), f.Size))];
    }

    /// <summary>The draft where there is one, else what was filed last.</summary>
    private static async Task<JsonObject> DataAsync(CivilAffairsDb db, Guid id, CaseCipher cipher, CancellationToken cancel)
    {
        var draft = await db.Set<CaseContent>().FirstOrDefaultAsync(c => c.CaseId == id && c.Kind == ContentKind.Form && c.Number == 0, cancel);
        return draft is null ? await CaseContents.FormAsync(db, id, cipher, cancel) : cipher.OpenJson(draft.Cipher, CaseContents.Purpose(ContentKind.Form, null));
    }

    /// <summary>The list of defects in the newest task that wrote one.</summary>
    private static async Task<string?> DefectsAsync(CivilAffairsDb db, Guid id, CaseCipher cipher, CancellationToken cancel) =>
        (await CaseContents.TasksAsync(db, id, cipher, cancel)).Select(t => (string?)(t.Value?["defects"] as JsonValue)).LastOrDefault(text => !string.IsNullOrEmpty(text));
}
