using System.Text.Json.Nodes;
using CivilAffairs.Web.Features.Apply;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Matters.Forms;
using CivilAffairs.Web.Platform.Api;
using CivilAffairs.Web.Platform.Time;
using Microsoft.AspNetCore.Mvc;

namespace CivilAffairs.Web.Features.Tools;

/// <summary>One tool: its questions, and below them what it found. The answer comes with the page that the form is sent to.</summary>
internal sealed class ToolModel(ToolForms forms, TimeProvider time) : ToolPage
{
    [BindProperty(SupportsGet = true)]
    public string Tool { get; set; } = "";

    public ToolForm Form { get; private set; } = null!;
    public IReadOnlyList<Question> Questions { get; private set; } = [];
    public ToolResult? Result { get; private set; }

    public void OnGet()
    {
        Load();
        Ask([], []);
    }

    public async Task OnPostAsync(CancellationToken cancel)
    {
        Load();
        var posted = await Request.ReadFormAsync(cancel);
        var answers = new JsonObject(Form.Fields.Select(f => KeyValuePair.Create(f.Id, PostedAnswers.Read(f, posted[Question.NameOf(f.Id)]))).Where(p => p.Value is not null));
        var faults = Form.Evaluator.Validate(new FormAnswers(new JsonObject { [ToolForm.Section] = answers.DeepClone() }, new Dictionary<string, JsonNode?>(), time.Today()));
        try
        {
            if (faults.Count == 0) Result = await Form.Work(answers, cancel);
        }
        catch (MalformedRequestException wrong)
        {
            // The page asks for one count with its unit, where the API has a field for each.
            var field = Form.Fields.FirstOrDefault(f => f.Id == wrong.Field)?.Id ?? "count";
            faults = [new FieldFault($"{ToolForm.Section}.{field}", wrong.Zh, wrong.En)];
        }
        Ask(answers, faults);
    }

    private void Load() => Form = forms.Find(Tool) ?? throw new UnknownCaseException();

    private void Ask(JsonObject answers, IReadOnlyList<FieldFault> faults) => Questions = [.. Form.Fields.Select(f =>
        new Question(f, f.Required.Fixed == true, Form.Repeats || f.Type == "choice" ? answers[f.Id] : null, faults.FirstOrDefault(x => x.Path == $"{ToolForm.Section}.{f.Id}")?.Now(), false))];
}
