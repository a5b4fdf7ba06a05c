using System.Text.Json;
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
    private string? done;
    private (string Id, int? Version)? asked;
    private bool read;

    [Parameter] public string Id { get; set; } = "";

    /// <summary>Number of a published version, to look at; absent: the draft.</summary>
    [SupplyParameterFromQuery] public int? Version { get; set; }

    private string Name => open?.Name.In(Languages.IsEnglish ? "en" : "zh") ?? Id;
    private bool IsChanged => !lines.SequenceEqual(saved);

    // The address is told again whenever anything of it changes: what is typed stays until another matter or version is asked for.
    protected override Task OnParametersSetAsync()
    {
        if (asked == (Id, Version)) return Task.CompletedTask;
        asked = (Id, Version);
        return ReadAsync();
    }

    private async Task ReadAsync()
    {
        viewer = await Viewers.RequireAsync();
        open = await Matters.FindAsync(viewer, Id, Version);
        (read, done) = (true, null);
        Save.Clear();
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

    private string? Fault(LimitLine line, string part) => Save.Faults.FirstOrDefault(f => f.Path == $"{line.File} {line.Activity}.{part}") is { } fault ? (Languages.IsEnglish ? fault.En : fault.Zh) : null;

    private Task SaveAsync() => StoreAsync(open!);

    private Task KeepAsync() => StoreAsync(Save.Theirs ?? open!);

    private async Task StoreAsync(OpenMatter upon)
    {
        if (!IsChanged) return;
        var changed = lines.Except(saved).ToList();
        var touched = changed.Select(l => (l.File, l.Activity)).ToHashSet();
        // Other steps' deadlines may change meanwhile, and so may everything else of the workflows.
        if (!await Save.SaveAsync(viewer!, upon, m => JsonSerializer.Serialize(LimitTable.Read(m.Files).Where(l => touched.Contains((l.File, l.Activity))).Select(l => new { l.File, l.Activity, l.Start, l.Finish, l.Source })),
            (m, key) => Saves.SaveAsync(viewer!, Id, changed, m.Draft, key))) return;
        open = await Matters.FindAsync(viewer!, Id) ?? open;
        lines = saved = LimitTable.Read(open!.Files);
        back.Clear();
        done = T["SavedAt", Display.Time(open.At)];
    }

    private async Task LeaveAsync(LocationChangingContext context)
    {
        if (!IsChanged) return;
        if (await Dialogs.ShowMessageBox(T["LeaveTitle"], T["LeaveText"], yesText: T["LeaveDo"], cancelText: T["Stay"]) != true) context.PreventNavigation();
    }
}
