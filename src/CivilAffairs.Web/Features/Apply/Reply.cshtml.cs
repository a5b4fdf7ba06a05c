using System.Text.Json;
using System.Text.Json.Nodes;
using CivilAffairs.Web.Features.Cases;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Cases.Web;
using CivilAffairs.Web.Features.Cases.Words;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Features.Matters.Forms;
using CivilAffairs.Web.Platform.Security;
using Microsoft.AspNetCore.Mvc;

namespace CivilAffairs.Web.Features.Apply;

/// <summary>The applicant answers a task other than a correction: says yes or no to a result, keeps an appointment, signs.</summary>
internal sealed class ReplyModel(CaseViews views, TaskCommands tasks, IDocumentPages pages, Refusals words, ViewerAccessor viewers) : ApplicantPage(viewers)
{
    [BindProperty(SupportsGet = true)]
    public Guid TaskId { get; set; }

    public CaseView View { get; private set; } = null!;
    public WorkTask Task { get; private set; } = null!;
    public TaskForm? Form { get; private set; }
    public IReadOnlyList<(string Code, string Label)> Outcomes { get; private set; } = [];
    public string? Outcome { get; private set; }
    public bool OutcomeMissing { get; private set; }
    public IReadOnlyList<Question> Questions { get; private set; } = [];

    /// <summary>What the answer is about, in full: an invitation, or what is signed.</summary>
    public IReadOnlyList<(IssuedDocument Document, string Html)> Papers { get; private set; } = [];

    /// <summary>What the button does, in a verb where there is one thing to do.</summary>
    public string? OneOutcome => Outcomes.Count == 1 ? Outcomes[0].Label : null;

    public async Task<IActionResult> OnGetAsync(CancellationToken cancel)
    {
        if (await LoadAsync(cancel) is { } elsewhere) return elsewhere;
        if (Outcomes.Count == 1) Outcome = Outcomes[0].Code;
        Show([], [], []);
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(string? key, string? outcome, CancellationToken cancel)
    {
        if (key is not { Length: > 0 and <= 100 }) return BadRequest();
        if (await LoadAsync(cancel) is { } elsewhere) return elsewhere;
        var form = await Request.ReadFormAsync(cancel);
        var typed = PostedAnswers.Read(Form?.Fields ?? [], form, []);
        var asked = form[PostedAnswers.Asked].ToString().Split(',');
        Outcome = Outcomes.Any(o => o.Code == outcome) ? outcome : null;
        if (Outcome is null)
        {
            OutcomeMissing = true;
            Show(typed, asked, []);
            return Page();
        }
        Show(typed, asked, []);
        // The chosen answer asks more: shown on the same page, without a reproach.
        if (Questions.Any(q => q.IsNew)) return Page();
        var fields = new JsonObject(Questions.Where(q => q.Value is not null).Select(q => KeyValuePair.Create(q.Field.Id, q.Value?.DeepClone())));
        try
        {
            await tasks.CompleteAsync(await ViewerAsync(cancel), TaskId, Outcome, fields, key, cancel);
            return LocalRedirect($"/my/cases/{Id}");
        }
        catch (AlreadyDecidedException)
        {
            return LocalRedirect(LateAt);
        }
        catch (InvalidAnswersException refused)
        {
            Show(typed, asked, refused.Faults);
            return Page();
        }
    }

    private string LateAt => $"/my/cases/{Id}?late=true";

    private async Task<IActionResult?> LoadAsync(CancellationToken cancel)
    {
        View = await views.OpenAsync(await ViewerAsync(cancel), Id, cancel);
        if (View.Asked.FirstOrDefault(t => t.Id == TaskId) is not { } task) return LocalRedirect(LateAt);
        Task = task;
        Form = task.Form is null ? null : View.Revision.Form.TaskForms[task.Form];
        var viewer = await ViewerAsync(cancel);
        // The newest of each kind: a document that is issued anew replaces the one before.
        foreach (var document in (Form?.Shows ?? []).Select(template => View.Documents.FirstOrDefault(d => d.Template == template)).OfType<IssuedDocument>())
            Papers = [.. Papers, (document, await pages.HtmlAsync(viewer, document, cancel))];
        Outcomes = [.. JsonSerializer.Deserialize<string[]>(task.Outcomes)!.Select(o => (o, View.Revision.Matter.OutcomeWord(o) ?? words.Outcome(o)))];
        return null;
    }

    private void Show(JsonObject typed, string[] asked, IReadOnlyList<FieldFault> faults)
    {
        if (Form is null) return;
        var values = typed.DeepClone().AsObject();
        values["outcome"] = Outcome;
        Questions = [.. new TaskFormEvaluator(View.Revision.Form).Shown(Task.Form!, values, View.Answers).Select(f => new Question(f.Field, f.Required, typed[f.Field.Id],
            faults.FirstOrDefault(x => x.Path == f.Field.Id)?.Now(), asked.Length > 0 && !asked.Contains(f.Field.Id)))];
    }
}
