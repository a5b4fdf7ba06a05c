using System.Text.Json.Nodes;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Features.Matters.Forms;
using CivilAffairs.Web.Platform.Security;
using CivilAffairs.Web.Platform.Time;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using FormFile = CivilAffairs.Web.Features.Matters.FormFile;

namespace CivilAffairs.Web.Features.Apply;

/// <summary>
/// The applicant's page of a form that is being designed, in a frame of its editor: the same questions, notes and faults, over answers that
/// are kept nowhere. Only the preview's own designer finds it, and only our own pages may frame it.
/// </summary>
[Authorize(Policy = Policies.Manager)]
[ResponseCache(NoStore = true, Location = ResponseCacheLocation.None)]
internal sealed class PreviewModel(FormPreviews previews, ViewerAccessor viewers, TimeProvider time) : PageModel
{
    public const string Papers = "papers";

    [BindProperty(SupportsGet = true)]
    public Guid Id { get; set; }

    /// <summary>Position of a section, or <see cref="Papers"/>.</summary>
    [BindProperty(SupportsGet = true)]
    public string At { get; set; } = "0";

    /// <summary>Null: it is over, and its page makes another with the next change.</summary>
    public FormPreview? Preview { get; private set; }

    /// <summary>Null: there is nothing to show at this place.</summary>
    public FormSection? Section { get; private set; }
    public IReadOnlyList<Question> Questions { get; private set; } = [];

    /// <summary>What the answers so far do not ask.</summary>
    public IReadOnlyList<FormField> Hidden { get; private set; } = [];
    public IReadOnlyList<WantedAttachment> Wanted { get; private set; } = [];

    /// <summary>The section as a whole is not asked now.</summary>
    public bool IsSkipped { get; private set; }

    /// <summary>A condition fails, or the form cannot be read.</summary>
    public bool IsBroken { get; private set; }

    public async Task OnGetAsync(CancellationToken cancel)
    {
        await LoadAsync(cancel);
        Show(withFaults: false);
    }

    public async Task OnPostAsync(CancellationToken cancel)
    {
        await LoadAsync(cancel);
        if (Preview?.Form is { } form && Find(form) is { } section)
        {
            var data = PostedAnswers.Read(section.Fields, await Request.ReadFormAsync(cancel), Current(section));
            Preview.Answers[section.Id] = section.Repeat is null ? data : new JsonArray(data);
        }
        Show(withFaults: true);
    }

    private async Task LoadAsync(CancellationToken cancel)
    {
        // Ours alone may frame it; every other page of the product may be framed by nobody.
        Response.Headers.ContentSecurityPolicy = SecurityHeaders.FramedPolicy;
        Preview = previews.Find(Id, (await viewers.RequireAsync(cancel)).AccountId);
    }

    private FormSection? Find(FormFile form) => int.TryParse(At, out var at) && at >= 0 && at < form.Sections.Count ? form.Sections[at] : null;

    private JsonObject Current(FormSection section) => (section.Repeat is null ? Preview!.Answers[section.Id] as JsonObject : (Preview!.Answers[section.Id] as JsonArray)?.FirstOrDefault() as JsonObject) ?? [];

    private void Show(bool withFaults)
    {
        if (Preview is null) return;
        IsBroken = Preview.Form is null;
        if (Preview.Form is not { } form) return;
        try
        {
            var evaluator = new FormEvaluator(form);
            var answers = new FormAnswers(Preview.Answers, Preview.Parameters, time.Today());
            if (At == Papers)
            {
                Wanted = evaluator.Attachments(answers);
                return;
            }
            if (Find(form) is not { } section) return;
            Section = section;
            using var script = evaluator.Script(answers);
            var row = FormEvaluator.Row(section.Fields, Current(section), 0, script);
            IsSkipped = evaluator.Shown(answers).All(s => s.Section.Id != section.Id);
            var prefix = section.Repeat is null ? $"{section.Id}." : $"{section.Id}[0].";
            var faults = withFaults && !IsSkipped ? evaluator.Validate(answers, section.Id) : [];
            Questions = [.. row.Fields.Select(f => new Question(f.Field, f.Required, row.Data[f.Field.Id], faults.FirstOrDefault(x => x.Path == prefix + f.Field.Id)?.OnItsRow(section, 0), false))];
            Hidden = [.. section.Fields.Where(f => row.Fields.All(shown => shown.Field != f))];
        }
        catch (Exception e) when (e is FormScriptException or ArgumentException)
        {
            // Two sections of one name, a condition that fails: the editor says it by its field.
            IsBroken = true;
        }
    }
}
