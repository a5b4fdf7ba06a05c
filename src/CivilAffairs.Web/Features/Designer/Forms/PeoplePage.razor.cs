using System.Text.Json.Nodes;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Matters.Forms;
using CivilAffairs.Web.Platform.Pages;
using CivilAffairs.Web.Platform.Security;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using MudBlazor;

namespace CivilAffairs.Web.Features.Designer.Forms;

/// <summary>Who applies and where, who works on it, and by which figures: matter.json, edited. What other parts of it say stays as it is.</summary>
public sealed partial class PeoplePage
{
    private OpenMatter? open;
    private PeopleEditor? editor;
    private Viewer? viewer;
    private IReadOnlyList<RoleLine> roles = [];
    private string? unread, done;
    private (string Id, int? Version)? asked;
    private bool read;

    [Parameter] public string Id { get; set; } = "";

    /// <summary>Number of a published version, to look at; absent: the draft.</summary>
    [SupplyParameterFromQuery] public int? Version { get; set; }

    private string Name => open?.Name.In(Languages.IsEnglish ? "en" : "zh") ?? Id;

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
        (read, done, editor) = (true, null, null);
        Save.Clear();
        if (open is null) return;
        var (root, fault) = JsonFile.Read(open.Files.GetValueOrDefault(JsonFile.Matter));
        unread = fault is null ? null : Languages.IsEnglish ? fault.En : fault.Zh;
        if (root is null) return;
        editor = new PeopleEditor(open, root);
        roles = await Roles.ReadAsync(viewer, open);
        await editor.CheckAsync();
    }

    private async Task AfterAsync(Action? change)
    {
        change?.Invoke();
        done = null;
        StateHasChanged();
        if (editor is { } now) await now.CheckAsync();
        StateHasChanged();
    }

    private Task ChangeAsync(Action change) => AfterAsync(() => editor!.Set(change));

    private Task RemoveRoleAsync(JsonObject role)
    {
        var code = role["code"].Text() ?? "";
        var steps = LimitTable.Read(open!.Files).Where(l => l.Role == code && (role["level"].Text() is not { } level || l.Level is null || l.Level == level)).Select(l => new FormUse(l.File, FormTexts.Text("use.step", l.Step))).Distinct().ToList();
        return TakeAsync("roles", role, $"roles.{code}", steps);
    }

    private Task RemoveParameterAsync(JsonObject parameter)
    {
        var key = parameter["key"].Text() ?? "";
        return TakeAsync("parameters", parameter, $"parameters.{key}", MatterEdits.UsesOf(open!.Files, $"parameters.{key}"));
    }

    /// <summary>Nothing that is in use goes before its designer was told where.</summary>
    private async Task TakeAsync(string list, JsonObject part, string key, IReadOnlyList<FormUse> uses)
    {
        if (uses.Count > 0)
        {
            if (await Dialogs.ShowMessageBox(T["RemoveTitle", key[(key.IndexOf('.', StringComparison.Ordinal) + 1)..]], FormUses.Told(T, uses), yesText: T["RemoveDo"], cancelText: T["GoBack"]) != true) return;
            editor!.Taking.Add(key);
        }
        await ChangeAsync(() => (editor!.Root[list] as JsonArray)?.Remove(part));
    }

    private Task SaveAsync() => StoreAsync(open!);

    private Task KeepAsync() => StoreAsync(Save.Theirs ?? open!);

    private async Task StoreAsync(OpenMatter upon)
    {
        if (editor is not { IsChanged: true } e) return;
        if (!await Save.SaveAsync(viewer!, upon, Tree, e.Stored, e.Root, (matter, m, key) => Edits.SaveMatterAsync(viewer!, Id, matter, e.Taking, m.Draft, key))) return;
        open = await Matters.FindAsync(viewer!, Id) ?? open;
        e.Saved(Tree(open!) ?? e.Root);
        roles = await Roles.ReadAsync(viewer!, open!);
        done = T["SavedAt", Display.Time(open!.At)];
    }

    private static JsonObject? Tree(OpenMatter matter) => JsonFile.Read(matter.Files.GetValueOrDefault(JsonFile.Matter)).Root;

    private async Task LeaveAsync(LocationChangingContext context)
    {
        if (editor is not { IsChanged: true }) return;
        if (await Dialogs.ShowMessageBox(T["LeaveTitle"], T["LeaveText"], yesText: T["LeaveDo"], cancelText: T["Stay"]) != true) context.PreventNavigation();
    }
}
