using System.Globalization;
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
    private IReadOnlyList<FieldFault> faults = [];
    private JsonObject? application;
    private string text = "", nameZh = "", nameEn = "", chosen = "", key = Guid.NewGuid().ToString("N");
    private string? textEn, done, message, lastGood;
    private bool read, busy, english, optional, stale, namesOpen = true;

    [Parameter] public string Id { get; set; } = "";
    [Parameter] public string File { get; set; } = "";

    [Inject] private IStringLocalizer<PaperTexts> T { get; set; } = null!;
    [Inject] private IStringLocalizer<DesignerTexts> D { get; set; } = null!;
    [Inject] private ViewerAccessor Viewers { get; set; } = null!;
    [Inject] private OpenMatters Matters { get; set; } = null!;
    [Inject] private DesignerQuery Query { get; set; } = null!;
    [Inject] private DesignerGuard Guard { get; set; } = null!;
    [Inject] private PaperCommands Commands { get; set; } = null!;
    [Inject] private PaperPreview Preview { get; set; } = null!;

    private static string Language => CultureInfo.CurrentUICulture.TwoLetterISOLanguageName;

    private string Text => english ? textEn ?? "" : text;

    private bool Changed => paper is not null && (text != (paper.Text ?? "") || textEn != paper.English || nameZh != paper.Name.Zh || nameEn != paper.Name.En || optional != paper.Optional);

    protected override Task OnParametersSetAsync() => ReloadAsync();

    /// <summary>What is stored, in place of what was typed.</summary>
    private async Task ReloadAsync()
    {
        (message, done, faults, stale) = (null, null, [], false);
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
        (read, key) = (true, Guid.NewGuid().ToString("N"));
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

    private async Task SaveAsync(MouseEventArgs _)
    {
        if (busy) return;
        (busy, done) = (true, null);
        var saved = false;
        var viewer = await Viewers.RequireAsync();
        (message, faults) = await Guard.RunAsync(async () =>
        {
            try
            {
                await StoreAsync(viewer);
            }
            catch (StaleVersionException)
            {
                // Another file of the matter is nobody's loss: what was changed meanwhile only counts where it is this template.
                var now = await Matters.FindAsync(viewer, Id);
                if (now is null || Paper.Of(now, []).FirstOrDefault(p => p.File == File) is not { } other
                    || (other.Text, other.English, other.Name.Zh, other.Name.En, other.Optional) != (paper!.Text, paper.English, paper.Name.Zh, paper.Name.En, paper.Optional)) throw;
                (matter, key) = (now, Guid.NewGuid().ToString("N"));
                await StoreAsync(viewer);
            }
            saved = true;
        }, "StalePaper");
        (busy, stale) = (false, message is not null);
        if (!saved) return;
        await ReadAsync();
        if (paper is null) return;
        // Line ends are stored in one way; what is typed meanwhile stays.
        done = T["Saved", matter!.Draft];
        Fill();
    }

    private Task<Drafts.DraftSaved> StoreAsync(Viewer viewer) => Commands.SaveAsync(viewer, Id, File, new PaperContent(nameZh, nameEn, optional, text, paper!.English == textEn ? null : textEn ?? ""), matter!.Draft, key);

    private bool Wrong(string field) => faults.Any(f => f.Path == field);

    private RenderFragment Fault(string field) => builder =>
    {
        foreach (var fault in faults.Where(f => f.Path == field))
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
