using System.Globalization;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using Microsoft.AspNetCore.Components;

namespace CivilAffairs.Web.Features.Desk.Counter;

/// <summary>The counter 窗口代办: begin for somebody who came in, go on with a draft, print a receipt again.</summary>
public sealed partial class CounterPage
{
    private readonly string key = Guid.NewGuid().ToString("N");
    private Viewer? viewer;
    private IReadOnlyList<MatterRevision>? matters;
    private CounterView? view;
    private string? message;
    private bool busy;

    [SupplyParameterFromQuery] public int? Page { get; set; }

    private static string Language => CultureInfo.CurrentUICulture.TwoLetterISOLanguageName;

    protected override Task OnParametersSetAsync() => ReadAsync();

    private async Task ReadAsync()
    {
        viewer = await Viewers.RequireAsync();
        matters = Counter.Matters(viewer);
        if (matters.Count > 0) view = await Counter.ReadAsync(viewer, Page ?? 1);
    }

    // A second click on the same page finds the draft of the first.
    private Task StartAsync(string matter) => GuardedAsync(async () =>
    {
        var id = await Commands.StartAsync(viewer!, matter, $"counter.{matter}.{key}");
        Navigation.NavigateTo($"/desk/counter/{id}");
    });

    private async Task DiscardAsync(DraftLine draft)
    {
        var name = draft.ApplicantName.Length > 0 ? Engine.Rules.Mask.Name(draft.ApplicantName) : T["NoNameYet"].Value;
        if (await Dialogs.ShowMessageBox(T["DiscardTitle"], T["DiscardText", name], yesText: T["Discard"], cancelText: T["KeepDraft"]) != true) return;
        await GuardedAsync(async () =>
        {
            await Commands.DiscardAsync(viewer!, draft.Id);
            await ReadAsync();
        });
    }

    private async Task GuardedAsync(Func<Task> work)
    {
        if (busy) return;
        (busy, message) = (true, null);
        try
        {
            await work();
        }
        catch (NotAllowedException refusal)
        {
            message = Words.Refusal(refusal);
        }
        catch (UnknownCaseException)
        {
            await ReadAsync();
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

    private string MatterName(string id) => Library.Find(id)?.Matter.Name.In(Language) ?? id;
}
