using CivilAffairs.Web.Features.Cases;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Cases.Parts;
using CivilAffairs.Web.Platform.Security;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace CivilAffairs.Web.Features.Desk.Casefile;

/// <summary>One case 办件: its facts on one side, the decision on the other, always in view.</summary>
public sealed partial class CasePage
{
    private static readonly string[] Known = ["form", "papers", "messages", "story", "tasks", "notices"];
    private Viewer? viewer;
    private Dossier? file;
    private WorkTask? task;
    private bool missing, erased, full;
    private Guid shown;
    private string tab = "form";

    [Parameter] public Guid Id { get; set; }
    [SupplyParameterFromQuery] public Guid? Task { get; set; }
    [SupplyParameterFromQuery] public string? Tab { get; set; }
    [SupplyParameterFromQuery] public int? Page { get; set; }

    /// <summary>Somebody came to issue a supervision order.</summary>
    [SupplyParameterFromQuery] public bool? Supervise { get; set; }

    private IEnumerable<(string Id, int Count)> Tabs =>
    [
        ("form", 0), ("papers", file!.Files.Count + file.Documents.Count), ("messages", file.UnreadMessages), ("story", 0), ("tasks", file.Tasks.Count(t => t.State == TaskState.Open)), ("notices", file.Objections.Count),
    ];

    protected override async Task OnParametersSetAsync()
    {
        tab = Known.Contains(Tab) ? Tab! : "form";
        if (file is not null && shown == Id && (Task is null || task?.Id == Task)) return;
        if (shown != Id) full = false;
        shown = Id;
        await ReadAsync(Task);
    }

    private async Task ReadAsync(Guid? wanted)
    {
        viewer = await Viewers.RequireAsync();
        try
        {
            file = await Dossiers.ReadAsync(viewer, Id);
            missing = file is null;
        }
        catch (CaseErasedException)
        {
            erased = true;
            return;
        }
        task = file?.Tasks.FirstOrDefault(t => t.Id == wanted && t.State == TaskState.Open) ?? file?.Current;
    }

    private Task ReloadAsync() => ReadAsync(task?.Id);

    // The panel stays on the task that was closed and says what came of it; the facts around it are new.
    private async Task DoneAsync()
    {
        var closed = task;
        await ReadAsync(null);
        task = closed;
    }

    private async Task AskFullAsync()
    {
        try
        {
            if (!await FullViews.AgainAsync(viewer!, Id))
            {
                var dialog = await Dialogs.ShowAsync<FullViewDialog>(T["FullView"]);
                if (await dialog.Result is not { Canceled: false, Data: ChosenReason chosen }) return;
                await FullViews.OpenAsync(viewer!, Id, chosen.Reason, chosen.Note);
            }
            await ReloadAsync();
            full = !missing;
        }
        catch (UnknownCaseException)
        {
            missing = true;
        }
    }

    private string Link(string to) => Navigation.GetUriWithQueryParameters(new Dictionary<string, object?> { ["tab"] = to == "form" ? null : to, ["page"] = null });
}
