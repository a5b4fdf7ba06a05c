using CivilAffairs.Web.Features.Cases.Web;
using CivilAffairs.Web.Features.Cases.Words;
using CivilAffairs.Web.Features.Matters.Forms;
using CivilAffairs.Web.Platform.Pages;
using CivilAffairs.Web.Platform.Security;
using CivilAffairs.Web.Platform.Time;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace CivilAffairs.Web.Features.Desk.Absences;

/// <summary>请假与代理: what is recorded, and the form for another. What was typed survives every refusal.</summary>
public sealed partial class AbsencePage
{
    private string key = Guid.NewGuid().ToString("N"), officer = "", deputy = "";
    private Viewer? viewer;
    private AbsenceView? view;
    private IReadOnlyList<PossibleDeputy> deputies = [];
    private DateOnly? from, to;
    private bool beyond, busy;
    private Refusal? refusal;

    protected override async Task OnInitializedAsync()
    {
        viewer = await Viewers.RequireAsync();
        (officer, from) = (viewer.AccountId.ToString(), Time.Today());
        await ReadAsync();
    }

    private async Task ReadAsync()
    {
        deputies = await Absences.DeputiesAsync(viewer!, Guid.Parse(officer));
        view = await Absences.ReadAsync(viewer!);
    }

    private async Task OfficerAsync(ChangeEventArgs e)
    {
        (officer, deputy, beyond, refusal) = ((string)e.Value!, "", false, null);
        deputies = await Absences.DeputiesAsync(viewer!, Guid.Parse(officer));
    }

    private Task RecordAsync() => GuardedAsync(async () =>
    {
        List<FieldFault> missing = [];
        void Missing(bool is_, string field, string text) { if (is_) missing.Add(new FieldFault(field, T[text], T[text])); }
        Missing(from is null, "from", "ChooseDay");
        Missing(to is null, "to", "ChooseDay");
        Missing(deputy.Length == 0, "deputyId", "ChooseDeputy");
        if (missing.Count > 0)
        {
            refusal = new Refusal(422, "invalid", "", "", missing);
            return;
        }
        await Commands.RecordAsync(viewer!, new NewAbsence(Guid.Parse(deputy), from!.Value, to!.Value, Guid.Parse(officer), beyond), key);
        // The next one is another command.
        (key, deputy, to, beyond) = (Guid.NewGuid().ToString("N"), "", null, false);
        Snackbar.Add(T["Recorded"], Severity.Success);
        await ReadAsync();
    });

    private async Task EndAsync(AbsenceLine line)
    {
        if (await Dialogs.ShowMessageBox(T["EndOf", line.Officer], T["EndSure", line.Officer, line.Deputy].Value, yesText: T["End"], cancelText: T["KeepOn"]) != true) return;
        await GuardedAsync(async () =>
        {
            await Commands.EndAsync(viewer!, line.Id, null);
            Snackbar.Add(T["EndedNow"], Severity.Success);
            await ReadAsync();
        });
    }

    private async Task GuardedAsync(Func<Task> work)
    {
        if (busy) return;
        (busy, refusal) = (true, null);
        try
        {
            await work();
        }
        catch (Exception e) when (Refusals.Of(e) is { } refused)
        {
            refusal = refused;
        }
        finally
        {
            busy = false;
        }
    }

    private string? Fault(string field) => refusal?.Faults.FirstOrDefault(f => f.Path == field) is { } fault ? (Languages.IsEnglish ? fault.En : fault.Zh) : null;
    private string Wrong(string field) => Fault(field) is null ? "" : "wrong";
    private string? Invalid(string field) => Fault(field) is null ? null : "true";
    private string? By(string field, string id) => Fault(field) is null ? null : id;
}
