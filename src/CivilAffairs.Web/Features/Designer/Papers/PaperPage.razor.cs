using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Designer.Pages;
using CivilAffairs.Web.Features.Designer.TryOut;
using CivilAffairs.Web.Features.Matters.Forms;
using CivilAffairs.Web.Platform.Pages;
using CivilAffairs.Web.Platform.Security;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.Localization;

namespace CivilAffairs.Web.Features.Designer.Papers;

/// <summary>One template with its preview: each pause in typing lays out anew what stands in the field, saved or not.</summary>
public sealed partial class PaperPage
{
    private OpenMatter? matter;
    private Paper? paper;
    private TryOutPaper? sample;
    private ShownPaper? shown;
    private IReadOnlyList<SampleChoice> examples = [];
    private IReadOnlyList<PastCase> past = [];
    private IReadOnlyList<PaperName> names = [];
    private JsonObject? application;
    private string text = "", nameZh = "", nameEn = "", chosen = "";
    private string? textEn, done, message, lastGood;
    private bool read, english, optional, namesOpen = true;

    [Parameter] public string Id { get; set; } = "";
    [Parameter] public string File { get; set; } = "";

    [Inject] private IStringLocalizer<PaperTexts> T { get; set; } = null!;
    [Inject] private IStringLocalizer<DesignerTexts> D { get; set; } = null!;
    [Inject] private ViewerAccessor Viewers { get; set; } = null!;
    [Inject] private OpenMatters Matters { get; set; } = null!;
    [Inject] private DesignerQuery Query { get; set; } = null!;
    [Inject] private PartSave Save { get; set; } = null!;
    [Inject] private PaperCommands Commands { get; set; } = null!;
    [Inject] private PaperPreview Preview { get; set; } = null!;

    private static string Language => CultureInfo.CurrentUICulture.TwoLetterISOLanguageName;

    private string Text => english ? textEn ?? "" : text;

    private bool Changed => paper is not null && (text != (paper.Text ?? "") || textEn != paper.English || nameZh != paper.Name.Zh || nameEn != paper.Name.En || optional != paper.Optional);

    protected override Task OnParametersSetAsync() => ReloadAsync();

    /// <summary>What is stored, in place of what was typed.</summary>
    private async Task ReloadAsync()
    {
        (message, done) = (null, null);
        Save.Clear();
        await ReadAsync();
        if (paper is null) return;
        (text, textEn, nameZh, nameEn, optional) = (paper.Text ?? "", paper.English, paper.Name.Zh, paper.Name.En, paper.Optional);
        chosen = examples.FirstOrDefault(e => e.Reaches)?.Example ?? "";
        Fill();
    }

    private async Task ReadAsync()
    {
        var viewer = await Viewers.RequireAsync();
        matter = await Matters.FindAsync(viewer, Id);
        paper = matter is null ? null : Paper.Of(matter, matter.IsDraft ? await Query.FindingsAsync(viewer, Id) : []).FirstOrDefault(p => p.File == File);
        read = true;
        if (paper is null) return;
        examples = PaperSamples.Choices(matter!.Revision!, File);
        past = await Preview.PastCasesAsync(viewer, Id);
    }

    private async Task ChooseAsync(string? value)
    {
        (chosen, application, message) = (value ?? "", null, null);
        if (Guid.TryParse(chosen, out var caseId))
        {
            try
            {
                application = await Preview.PastAsync(await Viewers.RequireAsync(), Id, caseId);
            }
            catch (Exception e) when (e is UnknownCaseException or Cases.CaseErasedException)
            {
                (chosen, message) = ("", T["PastGone"]);
            }
        }
        Fill();
    }

    /// <summary>The case that the text is filled from; then the picture.</summary>
    private void Fill()
    {
        try
        {
            // A past case brings its application; what officers wrote comes from the first example in which the paper comes about.
            var example = application is not null ? examples.FirstOrDefault(e => e.Reaches)?.Example : chosen.Length > 0 ? chosen : null;
            sample = example is null ? Preview.Made(matter!.Revision!, File, application) : Preview.Sample(matter!.Revision, File, example, application);
            names = sample is null ? [] : Preview.Names(matter!.Revision!, sample, english);
        }
        catch (SampleException)
        {
            (sample, names) = (null, []);
        }
        Draw();
    }

    private void Draw()
    {
        shown = sample is null || matter?.Revision is not { } revision ? new ShownPaper(null, "", new PaperFault("sample", null)) : english && textEn is null ? null : Preview.Show(revision, sample, Text, english);
        if (shown is { Fault: null }) lastGood = shown.Html;
    }

    private Task TypeAsync(string? typed)
    {
        // The pause after typing ends when the field was left already: what was saved meanwhile stays said.
        if ((typed ?? "") == Text) return Task.CompletedTask;
        if (english) textEn = typed ?? "";
        else text = typed ?? "";
        done = null;
        Draw();
        return Task.CompletedTask;
    }

    private Task TurnAsync(bool toEnglish)
    {
        (english, lastGood) = (toEnglish, null);
        Fill();
        return Task.CompletedTask;
    }

    private Task BeginTwinAsync()
    {
        // The Chinese letter is what there is to translate.
        textEn = text;
        Draw();
        return Task.CompletedTask;
    }

    private Task EndTwinAsync()
    {
        textEn = null;
        Draw();
        return Task.CompletedTask;
    }

    private Task SaveAsync(MouseEventArgs _) => StoreAsync(matter!);

    private Task KeepAsync() => StoreAsync(Save.Theirs ?? matter!);

    private async Task StoreAsync(OpenMatter upon)
    {
        done = null;
        var (viewer, sent, before) = (await Viewers.RequireAsync(), (text, textEn, nameZh, nameEn, optional), paper!.English);
        if (!await Save.SaveAsync(viewer, upon, m => Paper.Of(m, []).FirstOrDefault(p => p.File == File) is { } p ? JsonSerializer.Serialize(new { p.Text, p.English, p.Name.Zh, p.Name.En, p.Optional }) : null,
            (m, key) => Commands.SaveAsync(viewer, Id, File, new PaperContent(sent.nameZh, sent.nameEn, sent.optional, sent.text, before == sent.textEn ? null : sent.textEn ?? ""), m.Draft, key))) return;
        await ReadAsync();
        if (paper is null) return;
        // Line ends are stored in one way; what is typed meanwhile stays.
        if ((text, textEn, nameZh, nameEn, optional) == sent) (text, textEn, nameZh, nameEn, optional) = (paper.Text ?? "", paper.English, paper.Name.Zh, paper.Name.En, paper.Optional);
        done = T["Saved", matter!.Draft];
        Fill();
    }

    private bool Wrong(string field) => Save.Faults.Any(f => f.Path == field);

    private RenderFragment Fault(string field) => builder =>
    {
        foreach (var fault in Save.Faults.Where(f => f.Path == field))
        {
            builder.OpenElement(0, "p");
            builder.AddAttribute(1, "class", "fault");
            builder.AddAttribute(2, "role", "alert");
            builder.AddContent(3, Languages.IsEnglish ? fault.En : fault.Zh);
            builder.CloseElement();
        }
    };

    private string FaultWords(PaperFault fault) => fault.Code == "template" ? fault.Detail ?? "" : T[$"Fault.{fault.Code}"];

    private string Said(PaperUse use)
    {
        var words = PaperCommands.UseWords(matter!.Files, use);
        return Languages.IsEnglish ? words.En : words.Zh;
    }

    private string GroupWords(string group) => T[$"Group.{group}"] is { ResourceNotFound: false } known ? known.Value : group;

    /// <summary>The question's words; else what the texts call it; else the name itself.</summary>
    private string NameWords(PaperName name) => name.Label?.In(Language) ?? (T[$"Name.{name.Path}"] is { ResourceNotFound: false } known ? known.Value : name.Path);
}
