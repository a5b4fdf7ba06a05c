using CivilAffairs.Web.Features.Cases.Web;
using CivilAffairs.Web.Platform.Pages;
using CivilAffairs.Web.Platform.Security;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace CivilAffairs.Web.Features.Desk.Handover;

/// <summary>Hands over 移交 what an officer has in hand: who, what, to whom, why; then what became of each.</summary>
public sealed partial class HandoverPage
{
    /// <summary>Rows on the page; more are chosen with "all" and counted.</summary>
    private const int Shown = 100;
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
    private bool busy, giving, supervises;
    private int dealt;

    protected override async Task OnInitializedAsync()
    {
        viewer = await Viewers.RequireAsync();
        supervises = viewer.HoldsAny(Roles.Supervisor);
        holders = await Query.HoldersAsync(viewer);
        // Who supervises nobody has nobody to choose.
        if (supervises || holders is not [var only]) return;
        from = only.Id;
        await ReadAsync();
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
        (busy, dealt) = (true, 0);
        try
        {
            var asked = view.Tasks.Where(t => chosen.Contains(t.Id)).ToList();
            var stays = await Query.PreviewAsync(viewer!, from, Guid.Parse(to), asked.ConvertAll(t => t.Id));
            var dialog = await Dialogs.ShowAsync<PreviewDialog>(T["Title"], new DialogParameters<PreviewDialog> { { d => d.Giver, giver }, { d => d.Taker, taker }, { d => d.Goes, asked.Count - stays.Count }, { d => d.Own, !supervises },
                { d => d.Stays, [.. stays.Select(s => (asked.First(t => t.Id == s.Id), Refusals.Of(s.Why)?.Text ?? ""))] } });
            if (await dialog.Result is not { Canceled: false }) return;
            giving = true;
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
            (busy, giving) = (false, false);
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
