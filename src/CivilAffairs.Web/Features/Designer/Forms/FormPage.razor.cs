using System.Text.Json.Nodes;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Features.Matters.Forms;
using CivilAffairs.Web.Platform.Pages;
using CivilAffairs.Web.Platform.Security;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.JSInterop;
using MudBlazor;

namespace CivilAffairs.Web.Features.Designer.Forms;

/// <summary>
/// What a matter asks, edited: parts on the left, what is chosen in the middle, the applicant's page on the right. All of it lies in this
/// circuit until it is saved; a save takes the whole form or nothing of it.
/// </summary>
public sealed partial class FormPage
{
    private OpenMatter? open;
    private FormEditor? editor;
    private Viewer? viewer;
    private FormPreview? preview;
    private IReadOnlyList<MatterFault> findings = [];
    private string? unread, done;
    private (string Id, int? Version)? asked;
    private bool read;
    private int shown;

    [Parameter] public string Id { get; set; } = "";

    /// <summary>Number of a published version, to look at; absent: the draft.</summary>
    [SupplyParameterFromQuery] public int? Version { get; set; }

    private static string Words(FieldFault fault) => Languages.IsEnglish ? fault.En : fault.Zh;
    private string Name => open?.Name.In(Languages.IsEnglish ? "en" : "zh") ?? Id;
    private IReadOnlyList<MatterFault> Errors => [.. editor!.Faults.Where(f => f.IsError)];
    private IReadOnlyList<FormUse>? Uses { get; set; }

    private string Frame => $"/preview/{preview!.Id}?at={(editor!.Chosen is { Part: FormSpot.Attachments } ? "papers" : editor.Chosen?.At ?? "0")}&v={shown}&to=" + editor.Chosen switch
    {
        // No fragment: the browser would scroll the editor too, away from under the mouse.
        { Part: FormSpot.Attachments } paper => paper.In(editor.Root).In("id").Text(),
        { Field: not null } one => "a-" + one.In(editor.Root).In("id").Text(),
        _ => "",
    };

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
        var (root, fault) = JsonFile.Read(open.Files.GetValueOrDefault(FormFindings.File));
        unread = fault is null ? null : Languages.IsEnglish ? fault.En : fault.Zh;
        if (root is null) return;
        editor = new FormEditor(root, open.MayEdit);
        preview ??= Previews.Begin(viewer.AccountId);
        findings = open.Draft > 0 ? [.. (await Query.FindingsAsync(viewer, Id)).Where(f => f.File != FormFindings.File)] : [];
        Show();
    }

    /// <summary>What the frame reads next.</summary>
    private void Show()
    {
        if (viewer is null || editor is null) return;
        // A preview that had to give way to others begins anew.
        if (preview is null || Previews.Find(preview.Id, viewer.AccountId) is null) preview = Previews.Begin(viewer.AccountId);
        (preview.Form, preview.Matter) = (editor.Form, open!.Name);
        preview.Parameters = JsonFile.Read(open.Files.GetValueOrDefault(JsonFile.Matter)).Root.In("parameters").Parts().GroupBy(p => p["key"].Text() ?? "").ToDictionary(g => g.Key, g => g.First()["value"]?.DeepClone());
        Uses = editor.Chosen is { } chosen ? FormUses.Of(open.Files, editor.Root, chosen) : null;
        shown++;
    }

    private Task AfterAsync(Action? change)
    {
        change?.Invoke();
        done = null;
        Show();
        StateHasChanged();
        return Task.CompletedTask;
    }

    private Task DoAsync(Func<JsonObject, FormSpot?> change) => AfterAsync(() => editor!.Do(change));

    private Task ChangeAsync(Action change) => AfterAsync(() => editor!.Set(change));

    private async Task RemoveAsync()
    {
        if (editor is not { MayEdit: true, Chosen: { } spot } || (spot.IsTask && spot.Field is null)) return;
        if (await MayTakeAsync(spot, "RemoveTitle", "RemoveDo")) await DoAsync(root => FormEdits.Remove(root, spot));
    }

    private async Task RenameAsync(string id)
    {
        var spot = editor!.Chosen!;
        if (spot.In(editor.Root).In("id").Text() == id) return;
        if (await MayTakeAsync(spot, "RenameTitle", "RenameDo")) await ChangeAsync(() => spot.In(editor.Root)!["id"] = id);
        else await AfterAsync(null);
    }

    private async Task MoveToAsync(int section)
    {
        var spot = editor!.Chosen!;
        if (await MayTakeAsync(spot, "RenameTitle", "MoveDo")) await DoAsync(root => FormEdits.MoveTo(root, spot, section));
        else await AfterAsync(null);
    }

    /// <summary>Nothing that is in use goes or is called otherwise before its designer was told where.</summary>
    private async Task<bool> MayTakeAsync(FormSpot spot, string title, string yes)
    {
        var uses = FormUses.Of(open!.Files, editor!.Root, spot);
        if (uses.Count == 0) return true;
        if (await Dialogs.ShowMessageBox(T[title, PlaceName(spot)], FormUses.Told(T, uses), yesText: T[yes], cancelText: T["GoBack"]) != true) return false;
        editor.Taking.Add(editor.KeyOf(spot));
        return true;
    }

    private Task SaveAsync() => StoreAsync(open!);

    private Task KeepAsync() => StoreAsync(Save.Theirs ?? open!);

    private async Task StoreAsync(OpenMatter upon)
    {
        if (editor is not { IsChanged: true } e) return;
        if (!await Save.SaveAsync(viewer!, upon, Tree, e.Stored, e.Root, (form, m, key) => Edits.SaveFormAsync(viewer!, Id, form, e.Taking, m.Draft, key))) return;
        open = await Matters.FindAsync(viewer!, Id) ?? open;
        e.Saved(Tree(open!) ?? e.Root);
        done = T["SavedAt", Display.Time(open!.At)];
        findings = [.. (await Query.FindingsAsync(viewer!, Id)).Where(f => f.File != FormFindings.File)];
    }

    private static JsonObject? Tree(OpenMatter matter) => JsonFile.Read(matter.Files.GetValueOrDefault(FormFindings.File)).Root;

    private FormSpot? Place(FieldFault fault) => fault.Path.StartsWith(FormFindings.File + " ", StringComparison.Ordinal) ? editor!.Find(fault.Path[(FormFindings.File.Length + 1)..]) : null;

    private string PlaceName(FormSpot spot) => (Asked.Title(spot.In(editor!.Root).In("label") ?? spot.In(editor.Root).In("title")) is { Length: > 0 } name ? name : T["Nameless"].Value);

    private async Task GoAsync(FormSpot spot)
    {
        await AfterAsync(() => editor!.Choose(spot));
        await Js.InvokeVoidAsync("desk.focus", "props-title");
    }

    private async Task LeaveAsync(LocationChangingContext context)
    {
        if (editor is not { IsChanged: true }) return;
        if (await Dialogs.ShowMessageBox(T["LeaveTitle"], T["LeaveText"], yesText: T["LeaveDo"], cancelText: T["Stay"]) != true) context.PreventNavigation();
    }

    public void Dispose()
    {
        if (preview is not null) Previews.End(preview.Id);
    }
}
