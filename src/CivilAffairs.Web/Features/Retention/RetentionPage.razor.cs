using System.Globalization;
using CivilAffairs.Web.Features.Cases;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Cases.Words;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace CivilAffairs.Web.Features.Retention;

/// <summary>Cases whose retention has ended 保管期满: the supervisor proposes their destruction, the leader decides.</summary>
public sealed partial class RetentionPage
{
    private const int PageSize = 25;
    private Viewer? viewer;
    private IReadOnlyList<DueCase>? due;
    private IReadOnlyList<ProposedErasure> proposed = [];
    private string? done, message;
    private bool busy;

    [SupplyParameterFromQuery] public int? Page { get; set; }

    private bool Proposes => viewer!.HoldsForCounty(Roles.Supervisor);
    private bool Decides => viewer!.HoldsForCounty(Roles.Leader);

    protected override Task OnParametersSetAsync() => ReadAsync();

    private async Task ReadAsync()
    {
        viewer = await Viewers.RequireAsync();
        (due, proposed) = (await Retained.DueAsync(viewer), await Retained.ProposedAsync(viewer));
    }

    private async Task ProposeAsync(DueCase row)
    {
        if (await Dialogs.ShowMessageBox(T["ProposeTitle", row.Number], T["ProposeText"], yesText: T["Propose"], cancelText: T["GoBack"]) != true) return;
        await GuardedAsync(async () =>
        {
            await Commands.ProposeAsync(viewer!, row.CaseId, Guid.NewGuid().ToString("N"));
            done = T["ProposeDone", row.Number];
        });
    }

    private async Task DecideAsync(ProposedErasure row)
    {
        var dialog = await Dialogs.ShowAsync<ErasureDialog>(T["DecideTitle", row.Number]);
        if (await dialog.Result is not { Canceled: false, Data: ErasureChoice choice }) return;
        await GuardedAsync(async () =>
        {
            var key = Guid.NewGuid().ToString("N");
            if (choice.Erase) await Commands.ApproveAsync(viewer!, row.Id, choice.Reason, key);
            else await Commands.KeepAsync(viewer!, row.Id, choice.Reason, key);
            done = T[choice.Erase ? "EraseDone" : "KeepDone", row.Number];
        });
    }

    private async Task GuardedAsync(Func<Task> work)
    {
        if (busy) return;
        (busy, done, message) = (true, null, null);
        try
        {
            await work();
        }
        catch (NotAllowedException refusal)
        {
            message = Words.Refusal(refusal);
        }
        catch (AlreadyDecidedException other)
        {
            message = T["DecidedMeanwhile", other.By, CaseWords.Instant(other.At)];
        }
        catch (Exception gone) when (gone is UnknownCaseException or CaseErasedException)
        {
            message = T["Gone"];
        }
        catch (BusyException)
        {
            message = T["Busy"];
        }
        finally
        {
            busy = false;
        }
        await ReadAsync();
    }

    private int PageOf(int count) => Math.Clamp(Page ?? 1, 1, Pages(count));

    private static int Pages(int count) => Math.Max(1, (count + PageSize - 1) / PageSize);

    private IEnumerable<T> Slice<T>(IReadOnlyList<T> rows) => rows.Skip((PageOf(rows.Count) - 1) * PageSize).Take(PageSize);

    private string Matter(string id) => Library.Find(id)?.Matter.Name.In(CultureInfo.CurrentUICulture.TwoLetterISOLanguageName) ?? id;

    /// <summary>自决定之日起保存 10 年（本地规定）.</summary>
    private string Rule(string keep, string from, string source) => T[from == "end" ? "RuleEnd" : "RuleDecision", Words.Span(keep), Words.Source(source)];
}
