using System.Globalization;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Cases.Drafts;
using CivilAffairs.Web.Features.Desk.Casefile;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Features.Matters.Forms;
using CivilAffairs.Web.Platform.Commands;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using CivilAffairs.Web.Platform.Time;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace CivilAffairs.Web.Features.Desk.Counter;

/// <summary>An application filled in at the counter 窗口代办, all of it on one page.</summary>
/// <remarks>
/// Every field that is left is stored at once with its section, as typed, right or wrong. If the line or the browser goes,
/// at most the field being typed is lost, and a page that comes back shows it still; if the server goes, what was stored
/// is there. The key of the filing is the draft's own: sent from two pages or twice, it is filed once.
/// </remarks>
public sealed partial class FilingPage
{
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(3);
    private Viewer? viewer;
    private Application? application;
    private IReadOnlyDictionary<string, CounterContact> contacts = new Dictionary<string, CounterContact>();
    private FilingEntry? entry;
    private TaskEntry? correction;
    private Task? running;
    private string? message, focus;
    private bool missing, busy, checking, saving, failed, gone;
    private DateTimeOffset? savedAt;

    [Parameter] public Guid Id { get; set; }

    private static string Language => CultureInfo.CurrentUICulture.TwoLetterISOLanguageName;
    private IReadOnlyList<string> OwnPlaces => [.. viewer!.Held.Where(h => application!.Revision.Matter.Applicants.CounterRoles.Contains(h.Role)).Select(h => h.Division)];

    /// <summary>All that keeps it from being filed, the papers included.</summary>
    private List<FieldFault> Missing => [.. entry!.Faults, .. MissingPapers.Where(p => entry.Faults.All(f => f.Path != p.Path))];

    private IEnumerable<FieldFault> MissingPapers => entry!.Attachments.Where(w => w.Required && application!.Files.All(f => f.Slot != w.Attachment.Id))
        .Select(w => new FieldFault($"attachments.{w.Attachment.Id}", $"请上传：{w.Attachment.Label.Zh}。", $"Please attach: {w.Attachment.Label.En}."));

    private string SavedWords => failed ? T["NotSaved"] : saving ? T["Saving"] : savedAt is { } at ? T["SavedAt", BureauTime.Local(at).ToString("HH:mm:ss", CultureInfo.InvariantCulture)] : T["SavedByItself"];
    private string PapersState => MissingPapers.Any() ? T["ToDo", MissingPapers.Count()] : "";

    protected override async Task OnInitializedAsync()
    {
        viewer = await Viewers.RequireAsync();
        try
        {
            (application, contacts) = await Counter.OpenAsync(viewer, Id);
        }
        catch (UnknownCaseException)
        {
            missing = true;
            return;
        }
        catch (NotAllowedException)
        {
            // Filed meanwhile: the receipt says so, or that there is none for this officer.
            Navigation.NavigateTo($"/desk/counter/{Id}/receipt", replace: true);
            return;
        }
        entry = new FilingEntry(application);
        foreach (var party in entry.Comers) entry.MarkKnown(contacts[party.Role].Known, party);
        if (application.Correction is { } task) correction = new TaskEntry(task, application.Revision.Form, application.Answers, []);
    }

    private Task EditedAsync()
    {
        message = null;
        return SaveAsync();
    }

    /// <summary>Stores what changed, section by section; what changes meanwhile is stored by the same run.</summary>
    private Task SaveAsync() => gone ? Task.CompletedTask : running is { IsCompleted: false } ? running : running = StoreAsync();

    private async Task StoreAsync()
    {
        saving = true;
        try
        {
            while (entry!.TakeUnsaved() is { Count: > 0 } sections)
            {
                if (await StoredAsync(sections)) continue;
                entry.GiveBack(sections);
                StateHasChanged();
                if (gone) return;
                await Task.Delay(Again);
            }
        }
        finally
        {
            saving = false;
        }
    }

    private async Task<bool> StoredAsync(IReadOnlyList<string> sections)
    {
        try
        {
            foreach (var section in sections) await Drafts.SaveSectionAsync(viewer!, Id, section, entry!.Section(section));
            (savedAt, failed) = (Time.GetUtcNow(), false);
            return true;
        }
        catch (Exception trouble) when (trouble is BusyException or System.Data.Common.DbException or TimeoutException or IOException)
        {
            failed = true;
            return false;
        }
        catch (Exception refusal) when (refusal is NotAllowedException or UnknownCaseException)
        {
            (gone, message) = (true, T["FiledElsewhere"]);
            return false;
        }
    }

    private async Task CheckAsync()
    {
        entry!.ShowAll = true;
        await SaveAsync();
        checking = Missing.Count == 0;
        focus = checking ? "check-title" : "fault-list";
    }

    /// <summary>With the part of the form that it is in: two persons may lack the same thing. Lines of a list say of which they are themselves.</summary>
    private string Located(FieldFault fault) => entry!.Sections.FirstOrDefault(s => s.Section.Repeat is null && s.Section.Id == fault.Path.Split('.', '[')[0]) is { } shown
        ? T["FaultIn", shown.Section.Title.In(Language), FilingEntry.Now(fault)] : FilingEntry.Now(fault);

    private bool OnTheSpot => application is { Correction: null, Revision.Matter.Applicants.OnTheSpot: true };

    private DateOnly Earliest => entry!.Today.AddDays(-application!.Revision.Matter.Applicants.RecordWithinDays);

    /// <summary>As of another day the form may ask other things: then it is filled in first.</summary>
    private void Receive(string? day)
    {
        entry!.Receive(day);
        if (Missing.Count > 0) (checking, focus) = (false, "fault-list");
    }

    private void Change() => (checking, focus) = (false, "check");

    private async Task FileAsync()
    {
        if (busy) return;
        (busy, message) = (true, null);
        try
        {
            await SaveAsync();
            if (application!.Correction is { } task)
            {
                if (correction!.Check() is not { } fields) return;
                await Tasks.CompleteAsync(viewer!, task.Id, correction.Outcome!, fields, $"counter.{task.Id:N}", null, correction.OccurredDay, default);
            }
            else if (entry!.ReceivedFault is null) await Drafts.SubmitAsync(viewer!, Id, $"counter.{Id:N}", null, entry.ReceivedDay, default);
            else return;
            // They wait at the counter: the decision comes next, not the receipt.
            Navigation.NavigateTo(OnTheSpot && await Counter.TakeAsync(viewer!, Id) is { } next ? $"/desk/cases/{Id}?task={next}" : $"/desk/counter/{Id}/receipt");
        }
        catch (InvalidAnswersException wrong)
        {
            // The day is asked here; everything else on the form.
            correction?.Take(wrong.Faults.Where(f => f.Path == OccurredDay.Field));
            entry!.Take(wrong.Faults);
            (checking, focus) = wrong.Faults.All(f => f.Path == OccurredDay.Field) ? (true, $"field-{OccurredDay.Field}") : (false, "fault-list");
        }
        catch (Exception refusal) when (refusal is AlreadyDecidedException or UnknownCaseException or KeyReusedException || refusal is NotAllowedException { Reason: "draft.filed" })
        {
            Navigation.NavigateTo($"/desk/counter/{Id}/receipt");
        }
        catch (NotAllowedException refusal)
        {
            message = Words.Refusal(refusal);
        }
        catch (BusyException)
        {
            message = T["Busy"];
        }
        finally
        {
            busy = false;
        }
    }

    private async Task ReloadFilesAsync()
    {
        try
        {
            application = application! with { Files = (await Counter.OpenAsync(viewer!, Id)).Application.Files };
        }
        catch (Exception refusal) when (refusal is NotAllowedException or UnknownCaseException)
        {
            (gone, message) = (true, T["FiledElsewhere"]);
        }
    }

    private void Go(string path) => focus = FilingEntry.InputId(path);

    // Once what is to be focused is there.
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (focus is not { } id) return;
        focus = null;
        await Js.InvokeVoidAsync("desk.focus", id);
    }

    private string State(string section) => entry!.FaultsIn(section) is > 0 and var count ? (entry.IsStarted(section) ? T["ToDo", count] : T["NotStarted"]) : "✓";

    private string Anchor(string section) => $"/desk/counter/{Id}#s-{section}";

    /// <summary>The page is left, or its line was gone for good: what was not stored yet is stored now.</summary>
    public async ValueTask DisposeAsync()
    {
        if (entry is not { HasUnsaved: true } || gone) return;
        await StoredAsync(entry.TakeUnsaved());
    }
}
