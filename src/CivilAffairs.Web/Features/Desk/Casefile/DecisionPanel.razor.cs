using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Cases.Words;
using CivilAffairs.Web.Features.Cases.Queue;
using CivilAffairs.Web.Platform.Commands;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using MudBlazor;

namespace CivilAffairs.Web.Features.Desk.Casefile;

/// <summary>The one task to decide now: claim, fill in, confirm, and what came of it. What was typed survives every refusal.</summary>
public sealed partial class DecisionPanel
{
    /// <summary>Outcomes that people outside the bureau hear of and nobody takes back.</summary>
    private static readonly string[] Final = ["NotAccept", "Correct", "Grant", "Refuse", "Terminate"];

    private TaskEntry? entry;
    private TaskResult? result;
    private QueueRow? next;
    private HashSet<Guid> papers = [];
    private string? conflict, message;
    private bool busy, moved, previewed;
    private Cases.Foresight.Foreseen? foreseen;
    private int foreseenAt;

    [Parameter, EditorRequired] public Dossier File { get; set; } = null!;
    [Parameter] public WorkTask? Task { get; set; }
    [Parameter, EditorRequired] public Viewer Viewer { get; set; } = null!;
    [Parameter] public EventCallback Changed { get; set; }
    [Parameter] public EventCallback Done { get; set; }

    private NotAllowedException? Refusal => Task is null ? null : File.Refusals.GetValueOrDefault(Task.Id);

    /// <summary>The absent officer in whose name the viewer does it; null: in their own.</summary>
    private string? ActsFor => Viewer.Holds(Task!.Role, Task.Division) && (Task.HolderId is null || Task.HolderId == Viewer.AccountId) ? null
        : Viewer.StandsInFor(Task.Role, Task.Division, Task.HolderId).FirstOrDefault()?.Name;

    private WorkTask? OnHere => File.Tasks.FirstOrDefault(t => t.State == TaskState.Open && t.Id != Task?.Id && !File.Refusals.ContainsKey(t.Id));

    /// <summary>What the decision issued: handed over at the counter, where they wait for it.</summary>
    private IEnumerable<IssuedDocument> Issued => File.Documents.Where(d => !papers.Contains(d.Id));

    protected override void OnParametersSet()
    {
        if (Task is not null && entry?.Task.Id != Task.Id) (entry, foreseen) = (new TaskEntry(Task, File.Revision.Form, File.Answers, File.Earlier, File.SoFar), null);
    }

    private Task ClaimAsync() => GuardedAsync(async () =>
    {
        await Tasks.ClaimAsync(Viewer, Task!.Id);
        await ChangedAsync();
        moved = true;
    });

    private Task ReleaseAsync() => GuardedAsync(async () =>
    {
        await Tasks.ReleaseAsync(Viewer, Task!.Id);
        await ChangedAsync();
    });

    /// <summary>What it would bring, worked out from what stands here now: nothing is sent.</summary>
    private async Task PreviewAsync()
    {
        if (busy || entry!.Check() is not { } fields) return;
        var at = entry.Changes;
        await GuardedAsync(async () =>
        {
            foreseen = await Foresight.OfAsync(Viewer, Task!.Id, entry.Outcome!, fields, entry.OccurredDay);
            (foreseenAt, previewed) = (at, true);
        });
    }

    private async Task SendAsync()
    {
        if (busy || entry!.Check() is not { } fields) return;
        if (IsFinal(entry.Outcome!) && !await ConfirmedAsync()) return;
        papers = [.. File.Documents.Select(d => d.Id)];
        await GuardedAsync(async () =>
        {
            result = await Tasks.CompleteAsync(Viewer, Task!.Id, entry.Outcome!, fields, entry.Key, null, entry.OccurredDay, default);
            next = await Queue.NextAsync(Viewer, File.Case.Id);
            Session.Show(await Queue.ReadAsync(Viewer, new QueueFilter()));
            await Done.InvokeAsync();
            moved = true;
        });
    }

    /// <summary>As the matter says; of an outcome that it has no word for, as everywhere.</summary>
    private bool IsFinal(string outcome) => Own.Outcomes.TryGetValue(outcome, out var words) ? words.Confirm is not null : Final.Contains(outcome);

    private Matters.MatterFile Own => File.Revision.Matter;

    private async Task<bool> ConfirmedAsync()
    {
        var named = T[$"Do.{entry!.Outcome}"];
        var outcome = Own.OutcomeWord(entry.Outcome!) ?? (named.ResourceNotFound ? Words.Outcome(entry.Outcome!) : named.Value);
        var about = T[$"Confirm.{entry.Outcome}"];
        return await Dialogs.ShowMessageBox(T["ConfirmTitle", outcome], Own.OutcomeWarning(entry.Outcome!) ?? (about.ResourceNotFound ? T["Confirm.any"] : about).Value, yesText: outcome, cancelText: T["GoBack"]) == true;
    }

    private async Task GuardedAsync(Func<Task> work)
    {
        if (busy) return;
        (busy, message) = (true, null);
        try
        {
            await work();
        }
        catch (InvalidAnswersException wrong)
        {
            entry!.Take(wrong.Faults);
            message = T["FaultsBelow"];
        }
        catch (AlreadyDecidedException other)
        {
            conflict = other.Outcome is { } outcome
                ? T["AlreadyDecided", other.By, CaseWords.Instant(other.At), Own.OutcomeWord(outcome) ?? Words.Outcome(outcome)]
                : T["AlreadyTaken", other.By, CaseWords.Instant(other.At)];
        }
        catch (NotAllowedException refusal)
        {
            message = Words.Refusal(refusal);
        }
        catch (UnknownCaseException)
        {
            message = T["UnknownCaseText"];
        }
        catch (KeyReusedException)
        {
            conflict = T["SentBefore"];
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

    // The button that was pressed is gone: the keyboard goes on in what came in its place.
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!moved && !previewed) return;
        var id = moved ? "decision" : "foreseen";
        moved = previewed = false;
        await Js.InvokeVoidAsync("desk.focus", id);
    }

    private async Task ChangedAsync()
    {
        Session.Show(await Queue.ReadAsync(Viewer, new QueueFilter()));
        await Changed.InvokeAsync();
    }
}
