using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Matters.Forms;
using CivilAffairs.Web.Platform.Pages;
using CivilAffairs.Web.Platform.Security;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using MudBlazor;

namespace CivilAffairs.Web.Features.Designer.Forms;

/// <summary>The deadlines of a matter's steps as a table; a save changes them in the workflows and nothing else there.</summary>
public sealed partial class LimitsPage
{
    private readonly Stack<IReadOnlyList<LimitLine>> back = new();
    private OpenMatter? open;
    private Viewer? viewer;
    private IReadOnlyList<LimitLine> lines = [], saved = [];
    private IReadOnlyList<(string Key, string Text)> keys = [];
    private IReadOnlyDictionary<string, string> names = new Dictionary<string, string>();
    private IReadOnlyList<FieldFault> faults = [];
    private string? message, done;
    private bool read, busy, stale;

    [Parameter] public string Id { get; set; } = "";

    /// <summary>Number of a published version, to look at; absent: the draft.</summary>
    [SupplyParameterFromQuery] public int? Version { get; set; }

    private string Name => open?.Name.In(Languages.IsEnglish ? "en" : "zh") ?? Id;
    private bool IsChanged => !lines.SequenceEqual(saved);

    protected override Task OnParametersSetAsync() => ReadAsync();

    private async Task ReadAsync()
    {
        viewer = await Viewers.RequireAsync();
        open = await Matters.FindAsync(viewer, Id, Version);
        (read, message, faults, stale, done) = (true, null, [], false, null);
        back.Clear();
        if (open is null) return;
        lines = saved = LimitTable.Read(open.Files);
        names = LimitTable.Names(open.Files);
        keys = JsonFile.Read(open.Files.GetValueOrDefault(JsonFile.Matter)).Root.In("parameters").Parts().Where(p => p["type"].Text() == "limit")
            .Select(p => (p["key"].Text() ?? "", T["ByParameter", Asked.Title(p["name"]), Speech.Span(p["value"].Text())].Value)).ToList();
    }

    private void Put(int at, LimitLine line)
    {
        back.Push(lines);
        lines = [.. lines.Select((l, i) => i == at ? line : l)];
        done = null;
    }

    private void Undo()
    {
        if (back.TryPop(out var before)) lines = before;
    }

    private string? Fault(LimitLine line, string part) => faults.FirstOrDefault(f => f.Path == $"{line.File} {line.Activity}.{part}") is { } fault ? (Languages.IsEnglish ? fault.En : fault.Zh) : null;

    private async Task SaveAsync()
    {
        if (busy || !IsChanged) return;
        (busy, stale) = (true, false);
        var changed = lines.Except(saved).ToList();
        (message, faults) = await Guard.RunAsync(async () =>
        {
            try
            {
                await Saves.SaveAsync(viewer!, Id, changed, open!.Draft, Guid.NewGuid().ToString("N"));
            }
            catch (StaleVersionException)
            {
                stale = true;
                throw;
            }
            open = await Matters.FindAsync(viewer!, Id) ?? throw new UnknownCaseException();
            lines = saved = LimitTable.Read(open.Files);
            back.Clear();
            done = T["SavedAt", Display.Time(open.At)];
        }, "StaleForm");
        if (faults.Count > 0) message = T["NotSaved"];
        busy = false;
    }

    private async Task LeaveAsync(LocationChangingContext context)
    {
        if (!IsChanged) return;
        if (await Dialogs.ShowMessageBox(T["LeaveTitle"], T["LeaveText"], yesText: T["LeaveDo"], cancelText: T["Stay"]) != true) context.PreventNavigation();
    }
}
