using System.Text.Json;
using System.Text.Json.Nodes;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Cases.Drafts;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Features.Matters.Forms;
using CivilAffairs.Web.Platform.Security;
using Microsoft.AspNetCore.Mvc;

namespace CivilAffairs.Web.Features.Apply;

/// <summary>Everything once more before it is sent; a correction is sent from here too.</summary>
internal sealed class CheckAnswersModel(Applications applications, DraftCommands drafts, TaskCommands tasks, ViewerAccessor viewers) : ApplicantPage(viewers)
{
    public Application Application { get; private set; } = null!;
    public IReadOnlyList<ShownSection> Sections { get; private set; } = [];
    public IReadOnlyList<FieldFault> Faults { get; private set; } = [];

    /// <summary>What the correction's task asks beside the form.</summary>
    public IReadOnlyList<Question> TaskQuestions { get; private set; } = [];

    public async Task<IActionResult> OnGetAsync(CancellationToken cancel) => await LoadAsync(cancel) ?? Page();

    /// <param name="key">From the form: however often it is sent, it is filed once.</param>
    public async Task<IActionResult> OnPostAsync(string key, CancellationToken cancel)
    {
        if (key is not { Length: > 0 and <= 100 }) return BadRequest();
        var viewer = await ViewerAsync(cancel);
        try
        {
            if (Request.Form.ContainsKey("task")) await ResubmitAsync(viewer, key, cancel);
            else await drafts.SubmitAsync(viewer, Id, key, cancel);
            return LocalRedirect($"/my/cases/{Id}/receipt");
        }
        catch (InvalidAnswersException refused)
        {
            if (await LoadAsync(cancel) is { } elsewhere) return elsewhere;
            Faults = refused.Faults;
            return Page();
        }
        catch (AlreadyDecidedException)
        {
            // Sent before, perhaps from another tab: the case says where it stands.
            return LocalRedirect($"/my/cases/{Id}");
        }
    }

    private async Task ResubmitAsync(Viewer viewer, string key, CancellationToken cancel)
    {
        if (!Guid.TryParse(Request.Form["task"], out var taskId)) throw new UnknownCaseException();
        // A repeat finds no open correction any more; the command knows it by its key and body all the same.
        var fields = TaskFields();
        await tasks.CompleteAsync(viewer, taskId, Request.Form["outcome"].ToString(), fields, key, cancel);
    }

    private JsonObject TaskFields()
    {
        var fields = new JsonObject();
        foreach (var (name, value) in Request.Form.Where(f => f.Key.StartsWith("a-", StringComparison.Ordinal)))
            if (!string.IsNullOrWhiteSpace(value)) fields[name[2..]] = value.ToString().Trim().ReplaceLineEndings("\n");
        return fields;
    }

    private async Task<IActionResult?> LoadAsync(CancellationToken cancel)
    {
        var (application, elsewhere) = await OpenAsync(applications, cancel);
        if (application is null) return elsewhere;
        Application = application;
        Sections = application.Form.Shown(application.Answers);
        Faults = application.Faults();
        if (application.Correction is { Form: { } form } task)
            TaskQuestions = [.. new TaskFormEvaluator(application.Revision.Form).Shown(form, new JsonObject { ["outcome"] = Outcome(task) }, application.Answers)
                .Select(f => new Question(f.Field, f.Required, Request.HasFormContentType ? JsonValue.Create(Request.Form[Question.NameOf(f.Field.Id)].ToString()) : null, null, false))];
        return null;
    }

    public static string Outcome(Cases.Model.WorkTask task) => JsonSerializer.Deserialize<string[]>((task ?? throw new ArgumentNullException(nameof(task))).Outcomes)![0];

    /// <summary>The page and field where a fault is mended.</summary>
    public string Mend(FieldFault fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        if (fault.Path.StartsWith("attachments.", StringComparison.Ordinal)) return $"/my/drafts/{Id}/attachments#{fault.Path["attachments.".Length..]}";
        var section = fault.Path.Split('.', '[')[0];
        var row = fault.Path.Contains('[', StringComparison.Ordinal) ? "/" + fault.Path.Split('[', ']')[1] : "";
        var field = fault.Path.Contains('.', StringComparison.Ordinal) ? "#" + Question.NameOf(fault.Path[(fault.Path.LastIndexOf('.') + 1)..]) : "";
        return $"/my/drafts/{Id}/{section}{row}?from=check{field}";
    }
}
