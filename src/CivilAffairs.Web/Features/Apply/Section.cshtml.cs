using System.Text.Json.Nodes;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Cases.Drafts;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Features.Matters.Forms;
using CivilAffairs.Web.Platform.Security;
using Microsoft.AspNetCore.Mvc;

namespace CivilAffairs.Web.Features.Apply;

/// <summary>One topic of an application, or one row of a topic that repeats. Stores what was typed whatever it is.</summary>
internal sealed class SectionModel(Applications applications, DraftCommands drafts, ViewerAccessor viewers) : ApplicantPage(viewers)
{
    [BindProperty(SupportsGet = true)]
    public string Section { get; set; } = "";

    /// <summary>Position of the row from 0; as many as there are rows: a new one.</summary>
    [BindProperty(SupportsGet = true)]
    public int? Row { get; set; }

    /// <summary><c>check</c>: came from the summary and goes back there.</summary>
    [BindProperty(SupportsGet = true)]
    public string? From { get; set; }

    public Application Application { get; private set; } = null!;
    public FormSection Form { get; private set; } = null!;
    public IReadOnlyList<Question> Questions { get; private set; } = [];

    /// <summary>For the list of a section that repeats.</summary>
    public IReadOnlyList<ShownRow> Rows { get; private set; } = [];
    public IReadOnlyList<FieldFault> Faults { get; private set; } = [];
    public bool IsList => Form.Repeat is not null && Row is null;
    public bool HasNew => Questions.Any(q => q.IsNew);
    public int Count => (Application.Answers.Data[Form.Id] as JsonArray)?.Count ?? 0;
    private string Prefix => Form.Repeat is null ? Form.Id : $"{Form.Id}[{Row}]";
    private string Back => $"/my/drafts/{Id}" + (From == "check" ? "/check-answers" : "");

    public async Task<IActionResult> OnGetAsync(CancellationToken cancel)
    {
        if (await LoadAsync(cancel) is { } elsewhere) return elsewhere;
        // Whoever comes from the summary knows that something is wrong and wants to see what.
        Show(Application, [], withFaults: From == "check");
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(string? go, CancellationToken cancel)
    {
        if (await LoadAsync(cancel) is { } elsewhere) return elsewhere;
        if (IsList) return await FinishListAsync(go, cancel);
        var form = await Request.ReadFormAsync(cancel);
        var asked = form[PostedAnswers.Asked].ToString().Split(',');
        var after = Application.With(Form.Id, Put(PostedAnswers.Read(Form.Fields, form, Current(Application))));
        // A new row without a word in it is not kept: there is nothing to lose.
        if (Form.Repeat is null || Row < Count || (after.Answers.Data[Form.Id] as JsonArray)?[Row!.Value] is JsonObject { Count: > 0 })
            await drafts.SaveSectionAsync(await ViewerAsync(cancel), Id, Form.Id, after.Answers.Data[Form.Id], cancel);
        if (go == "leave") return LocalRedirect($"/my/drafts/{Id}?saved=1");
        Show(after, asked, withFaults: true);
        if (Questions.Any(q => q.Error is not null) || HasNew) return Page();
        return LocalRedirect(Form.Repeat is not null ? $"/my/drafts/{Id}/{Form.Id}" + (From is null ? "" : $"?from={From}") : Onward(after));
    }

    private async Task<IActionResult> FinishListAsync(string? go, CancellationToken cancel)
    {
        // Storing the list as it is says that it is complete, even if it is empty.
        await drafts.SaveSectionAsync(await ViewerAsync(cancel), Id, Form.Id, (Application.Answers.Data[Form.Id] as JsonArray ?? []).DeepClone(), cancel);
        if (go == "leave") return LocalRedirect($"/my/drafts/{Id}?saved=1");
        Show(Application.With(Form.Id, Application.Answers.Data[Form.Id] as JsonArray ?? []), [], withFaults: true);
        return Faults.Count > 0 ? Page() : LocalRedirect(Onward(Application));
    }

    private async Task<IActionResult?> LoadAsync(CancellationToken cancel)
    {
        var (application, elsewhere) = await OpenAsync(applications, cancel);
        if (application is null) return elsewhere;
        Application = application;
        Form = application.Revision.Form.Sections.FirstOrDefault(s => s.Id == Section) ?? throw new UnknownCaseException();
        if (Form.Repeat is null ? Row is not null : Row is < 0 || Row > Count || Row >= Form.Repeat.Max) throw new UnknownCaseException();
        return application.Form.Shown(application.Answers).Any(s => s.Section.Id == Form.Id) ? null : LocalRedirect(Back);
    }

    private void Show(Application application, string[] askedBefore, bool withFaults)
    {
        Application = application;
        // A new row is not in the answers yet: what it asks depends on them all the same.
        var whole = IsList ? application : application.With(Form.Id, Put(Current(application)));
        Rows = whole.Form.Shown(whole.Answers).First(s => s.Section.Id == Form.Id).Rows;
        Faults = withFaults ? [.. whole.Form.Validate(whole.Answers, Form.Id).Where(f => IsList || f.Path.StartsWith(Prefix + ".", StringComparison.Ordinal))] : [];
        if (IsList) return;
        var row = Rows[Row ?? 0];
        Questions = [.. row.Fields.Select(f =>
        {
            var isNew = askedBefore.Length > 0 && !askedBefore.Contains(f.Field.Id);
            var fault = isNew ? null : Faults.FirstOrDefault(x => x.Path == $"{Prefix}.{f.Field.Id}");
            return new Question(f.Field, f.Required, row.Data[f.Field.Id], fault?.OnItsRow(Form, Row ?? 0), isNew);
        })];
    }

    private JsonObject Current(Application application) =>
        Form.Repeat is null ? application.Answers.Data[Form.Id] as JsonObject ?? []
        : (application.Answers.Data[Form.Id] as JsonArray)?.ElementAtOrDefault(Row!.Value) as JsonObject ?? [];

    private JsonNode Put(JsonObject row)
    {
        if (Form.Repeat is null) return row.DeepClone();
        var list = (Application.Answers.Data[Form.Id] as JsonArray ?? []).DeepClone().AsArray();
        if (Row == list.Count) list.Add(row.DeepClone());
        else list[Row!.Value] = row.DeepClone();
        return list;
    }

    private string Onward(Application application)
    {
        if (From == "check") return Back;
        var shown = application.Form.Shown(application.Answers).Select(s => s.Section.Id).ToList();
        var next = shown.IndexOf(Form.Id) + 1;
        return next < shown.Count ? $"/my/drafts/{Id}/{shown[next]}" : application.Revision.Form.Attachments.Count > 0 ? $"/my/drafts/{Id}/attachments" : $"/my/drafts/{Id}/check-answers";
    }
}
