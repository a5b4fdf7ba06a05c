using CivilAffairs.Web.Features.Cases.Web;
using CivilAffairs.Web.Platform.Pages;
using CivilAffairs.Web.Platform.Security;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace CivilAffairs.Web.Features.Desk.Handover;

/// <summary>Hands over 移交 what an officer has in hand: who, what, to whom, why; then what became of each.</summary>
public sealed partial class HandoverPage
{
    private readonly HashSet<Guid> chosen = [];
    private readonly Dictionary<string, string> faults = [];
    private Viewer? viewer;
    private IReadOnlyList<Holder>? holders;
    private HandoverView? view;
    private HandoverReport? report;
    private IReadOnlyList<(HeldTask Task, string Why)> refusedLines = [];
    private Guid? from;
    private string to = "", reportTo = "", key = Guid.NewGuid().ToString("N");
    private string? reason;
    private bool busy;
    private int dealt;

    protected override async Task OnInitializedAsync()
    {
        viewer = await Viewers.RequireAsync();
        holders = await Query.HoldersAsync(viewer);
    }

    private async Task FromAsync(ChangeEventArgs e)
    {
        (from, to, report) = (Guid.TryParse(e.Value as string, out var id) ? id : null, "", null);
        await ReadAsync();
    }

    private async Task ReadAsync()
    {
        faults.Clear();
        view = from is { } id ? await Query.ReadAsync(viewer!, id) : null;
        chosen.Clear();
        foreach (var task in view?.Tasks ?? []) chosen.Add(task.Id);
    }

    private void All(ChangeEventArgs e)
    {
        chosen.Clear();
        if (e.Value is true) foreach (var task in view!.Tasks) chosen.Add(task.Id);
    }

    private void Choose(Guid task, bool wanted)
    {
        if (wanted) chosen.Add(task);
        else chosen.Remove(task);
    }

    private async Task HandOverAsync()
    {
        faults.Clear();
        if (chosen.Count == 0) faults["tasks"] = T["ChooseTasks"];
        if (to.Length == 0) faults["to"] = T["ChooseTo"];
        if (reason is null) faults["reason"] = T["ChooseReason"];
        if (faults.Count > 0 || busy) return;
        var (giver, taker) = (holders!.First(h => h.Id == from).Name, view!.Successors.First(s => s.Id.ToString() == to).Name);
        if (await Dialogs.ShowMessageBox(T["Title"], T["Sure", chosen.Count, giver, taker].Value, yesText: T["Yes"], cancelText: T["No"]) != true) return;
        (busy, dealt) = (true, 0);
        try
        {
            var asked = view.Tasks.Where(t => chosen.Contains(t.Id)).ToList();
            report = await Commands.HandOverAsync(viewer!, from!.Value, Guid.Parse(to), reason!, asked.ConvertAll(t => t.Id), key, Told);
            reportTo = taker;
            refusedLines = [.. report.Refused.Select(r => (asked.First(t => t.Id == r.Id), Refusals.Of(r.Why)?.Text ?? ""))];
            // The next one is another command.
            (key, to) = (Guid.NewGuid().ToString("N"), "");
            holders = await Query.HoldersAsync(viewer!);
            await ReadAsync();
        }
        catch (Exception e) when (Refusals.Of(e) is { } refused)
        {
            faults["to"] = refused.Faults is [var fault, ..] ? (Languages.IsEnglish ? fault.En : fault.Zh) : refused.Text;
        }
        finally
        {
            busy = false;
        }
    }

    private Task Told(int count) => InvokeAsync(() =>
    {
        dealt = count;
        StateHasChanged();
    });

    private static string Title(HeldTask task) => Languages.IsEnglish ? task.TitleEn : task.TitleZh;
    private string? Fault(string field) => faults.GetValueOrDefault(field);
    private string Wrong(string field) => Fault(field) is null ? "" : "wrong";
}
