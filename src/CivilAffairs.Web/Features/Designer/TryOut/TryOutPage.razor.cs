using System.Text.Json.Nodes;
using CivilAffairs.Engine.Port;
using CivilAffairs.Web.Features.Cases.Drafts;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Desk.Counter;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Features.Matters.Forms;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Divisions;
using CivilAffairs.Web.Platform.Pages;
using CivilAffairs.Web.Platform.Security;
using CivilAffairs.Web.Platform.Time;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using Microsoft.JSInterop;

namespace CivilAffairs.Web.Features.Designer.TryOut;

/// <summary>
/// A matter tried out in the browser. All that the page keeps is the start and the list of inputs: every picture is the play
/// of them from the beginning, and a step back the same without the last.
/// </summary>
public sealed partial class TryOutPage
{
    private enum Stage { Choose, Form, Play }

    private readonly List<TryOutInput> inputs = [];
    private MatterRevision? revision;
    private IReadOnlyList<PastCase>? past;
    private IReadOnlyList<string> ownPlaces = [];
    private Stage stage;
    private bool missing, sampled;
    private KnownRevision? version;
    private string? chosenExample, message, correcting;
    private Guid chosenPast;
    private DateOnly sentOn;
    private ExampleFile? example;
    private JsonObject? corrected;
    private FilingEntry? entry;
    private TryOutStart? start;
    private TryOutPlay? play;
    private TryOutRefusal? refusal;

    [Parameter] public string Id { get; set; } = "";

    /// <summary><c>draft</c>, or the hash of a published revision; absent: the one in force.</summary>
    [SupplyParameterFromQuery] public string? Of { get; set; }

    [Inject] private IStringLocalizer<TryOutTexts> T { get; set; } = null!;
    [Inject] private ViewerAccessor Viewers { get; set; } = null!;
    [Inject] private RevisionSource Revisions { get; set; } = null!;
    [Inject] private PastCases Past { get; set; } = null!;
    [Inject] private IWorkflowEngine Engine { get; set; } = null!;
    [Inject] private Calendars Calendars { get; set; } = null!;
    [Inject] private DivisionDirectory Divisions { get; set; } = null!;
    [Inject] private IReader Reader { get; set; } = null!;
    [Inject] private TimeProvider Time { get; set; } = null!;
    [Inject] private TryOutWords Words { get; set; } = null!;
    [Inject] private IJSRuntime Js { get; set; } = null!;

    private static string Language => Languages.IsEnglish ? "en" : "zh";
    private string Version => version is { IsDraft: true } draft ? T["VersionDraft", Cases.Words.CaseWords.Instant(draft.At)]
        : version is { } published ? T["VersionPublished", published.Number, Cases.Words.CaseWords.Day(BureauTime.Day(published.At))] : T["VersionHash", revision!.Hash[..8]];

    internal TryOutPlay? Play => play;
    internal TryOutStart? Start => start;

    /// <summary>Whose answers stand in the fields at first; null: it began from another start.</summary>
    internal ExampleFile? Example => example;
    internal TryOutRefusal? Refusal => refusal;

    /// <summary>The play can be kept in the draft that is tried out.</summary>
    internal bool IsDraft => version?.IsDraft == true;

    /// <summary>The application was changed, and goes along with the applicant's next answer.</summary>
    internal bool HasCorrected => corrected is not null;

    protected override async Task OnParametersSetAsync()
    {
        var viewer = await Viewers.RequireAsync();
        revision = await Revisions.FindAsync(viewer, Id, Of);
        if (missing = revision is null) return;
        version = (await Revisions.ListAsync(viewer, Id)).FirstOrDefault(r => r.Of == (Of ?? revision!.Hash));
        past = await Past.ListAsync(viewer, Id);
        chosenPast = past.Count > 0 ? past[0].Id : default;
        chosenExample = revision!.Examples.OrderBy(e => e.Value.Workflow == "apply" ? 0 : 1).ThenBy(e => e.Key == "granted.json" ? 0 : 1).ThenBy(e => e.Key, StringComparer.Ordinal).Select(e => e.Key).FirstOrDefault();
        ownPlaces = [.. viewer.Held.Select(h => h.Division).Distinct()];
        sentOn = Time.Today();
    }

    private Task AgainAsync()
    {
        (stage, play, entry, start, example, corrected, correcting, refusal, message) = (Stage.Choose, null, null, null, null, null, null, null, null);
        inputs.Clear();
        return Task.CompletedTask;
    }

    private async Task FromEmpty() => Fill(await StartAsync(FirstWorkflow, []));

    private void FromExample()
    {
        if (chosenExample is null) return;
        example = revision!.Examples[chosenExample];
        (sentOn, sampled) = (BureauTime.Day(example.At), example.SampleSelects);
        Fill(TryOutStart.Of(example));
    }

    private async Task FromPastAsync()
    {
        try
        {
            Fill(await StartAsync(FirstWorkflow, await Past.OpenAsync(await Viewers.RequireAsync(), Id, chosenPast)));
        }
        catch (Exception e) when (e is Cases.Commands.UnknownCaseException or Cases.CaseErasedException)
        {
            message = T["PastGone"];
        }
    }

    private string FirstWorkflow => revision!.Workflows.ContainsKey("apply") ? "apply" : revision.Workflows.Keys.Order(StringComparer.Ordinal).First();

    /// <summary>A case of today, under the parameters in force.</summary>
    private async Task<TryOutStart> StartAsync(string workflow, JsonObject form)
    {
        await using var db = Reader.Open();
        var county = Divisions.County?.Code ?? "";
        var parameters = await EffectiveParameters.OnAsync(db, revision!, Time.Today(), county);
        return new TryOutStart(workflow, Time.GetUtcNow(), form) { Parameters = parameters.Values };
    }

    private void Fill(TryOutStart begun)
    {
        (start, stage, play, message) = (begun, Stage.Form, null, null);
        inputs.Clear();
        entry = Entry(begun.Form, begun);
    }

    private FilingEntry Entry(JsonObject form, TryOutStart of)
    {
        var values = revision!.FirstValues.ToDictionary(p => p.Key, p => of.Parameters.TryGetValue(p.Key, out var own) ? own : p.Value);
        // The desk's own entry, over an application that lies in no database.
        return new FilingEntry(new Application(new Case { Matter = Id, Revision = revision.Hash }, revision, new FormAnswers(form, values, BureauTime.Day(of.At)), [], null, null));
    }

    private void TypeSentOn(ChangeEventArgs e)
    {
        if (FieldText.ReadDay(e.Value as string ?? "") is not { } day || day == sentOn) return;
        sentOn = day;
        start = start! with { At = BureauTime.Start(day, new TimeOnly(9, 30)) };
        // Ages and the like are those of the day.
        entry = Entry(Typed(), start);
    }

    private JsonObject Typed()
    {
        var form = new JsonObject();
        foreach (var section in revision!.Form.Sections)
            if (entry!.Section(section.Id) is { } answers) form[section.Id] = answers;
        return form;
    }

    private async Task SendFormAsync()
    {
        if (entry!.Faults.Count > 0)
        {
            entry.ShowAll = true;
            StateHasChanged();
            await Js.InvokeVoidAsync("desk.focus", "form-faults");
            return;
        }
        if (correcting is not null)
        {
            (corrected, correcting, stage, message) = (Typed(), null, Stage.Play, T["CorrectedKept"]);
            return;
        }
        start = start! with { Form = Typed(), SampleSelects = sampled };
        (stage, message) = (Stage.Play, null);
        Replay();
    }

    private void Replay() => play = TryOutPlay.Run(Engine, revision!, start!, inputs, Calendars.Working);

    /// <summary>Takes one input more, or says why not and leaves everything as it was.</summary>
    internal void Take(TryOutInput input)
    {
        StateHasChanged();
        if (corrected is not null && input.Kind == TryOutInput.Answer && play!.Course.Last!.Bookmarks.Any(b => b.ActivityId == input.Activity && play.Course.Asked(b.Id) is not null)) input = input with { Form = corrected };
        var next = TryOutPlay.Run(Engine, revision!, start!, [.. inputs, input], Calendars.Working);
        (refusal, message) = (next.Refusal, null);
        if (refusal is not null) return;
        inputs.Add(input);
        (play, corrected) = (next, input.Form is null ? corrected : null);
    }

    internal void StepBack()
    {
        StateHasChanged();
        (refusal, message) = (null, null);
        if (inputs.Count == 0)
        {
            (stage, entry) = (Stage.Form, Entry(start!.Form, start));
            return;
        }
        inputs.RemoveAt(inputs.Count - 1);
        Replay();
    }

    /// <summary>Keeps the play as an example of the draft.</summary>
    internal async Task KeepAsync(string text)
    {
        try
        {
            message = await Revisions.KeepAsync(await Viewers.RequireAsync(), Id, text, Guid.NewGuid().ToString("N")) is { } path ? T["SavedToDraft", path] : T["NoDraft"];
        }
        catch (Cases.Commands.StaleVersionException)
        {
            message = T["DraftChanged"];
        }
        StateHasChanged();
    }

    internal void PlayNext()
    {
        StateHasChanged();
        if (example is not null && TryOutScript.Next(play!, example) is { } next) Take(next);
        else message = T["ExampleOver"];
    }

    internal void PlayAll()
    {
        refusal = null;
        for (var most = 200; most > 0 && refusal is null && TryOutScript.Next(play!, example!) is { } next; most--) Take(next);
    }

    /// <summary>The applicant changes the application before they answer.</summary>
    internal void Correct(string activity)
    {
        StateHasChanged();
        correcting = activity;
        (stage, entry) = (Stage.Form, Entry(corrected ?? start!.Form, start!));
    }
}
