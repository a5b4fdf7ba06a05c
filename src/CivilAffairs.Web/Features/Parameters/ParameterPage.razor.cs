using System.Globalization;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Cases.Words;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Features.Matters.Forms;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Pages;
using CivilAffairs.Web.Platform.Security;
using Microsoft.AspNetCore.Components;

namespace CivilAffairs.Web.Features.Parameters;

/// <summary>One parameter: what it was, is and will be, and a new value from a day on.</summary>
public sealed partial class ParameterPage
{
    private ParameterHistory? history;
    private Viewer? viewer;
    private IReadOnlyList<FieldFault> faults = [];
    private string scope = "", value = "", from = "", to = "", source = "", reason = "", key = Guid.NewGuid().ToString("N");
    private string? done, message;
    private bool read, busy;

    [Parameter] public string Key { get; set; } = "";

    private static string Language => CultureInfo.CurrentUICulture.TwoLetterISOLanguageName;
    private string Unit => history!.Parameter.Type switch { "fen" => T["Yuan"], "percent" => "%", _ => "" };

    private string Bounds => string.Join(Languages.IsEnglish ? ", " : "，", new[]
    {
        history!.Parameter.Min is { } min ? T["AtLeast", Display.Show(history.Parameter, min)].Value : "", history.Parameter.Max is { } max ? T["AtMost", Display.Show(history.Parameter, max)].Value : "",
    }.Where(b => b.Length > 0));

    protected override async Task OnParametersSetAsync()
    {
        await ReadAsync();
        if (history is { Scopes.Count: > 0 }) scope = history.Scopes[0];
    }

    private async Task ReadAsync()
    {
        viewer = await Viewers.RequireAsync();
        history = await Parameters.HistoryAsync(viewer, Key);
        read = true;
    }

    private async Task AddAsync()
    {
        if (busy) return;
        (done, message) = (null, null);
        var input = new ParameterInput(scope, value, from, to, source, reason);
        faults = Commands.Check(Key, input);
        if (faults.Count > 0 || FieldText.ReadDay(from) is not { } day) return;
        var parameter = history!.Parameter;
        var words = T["Change", CaseWords.Day(day), ScopeName(scope), parameter.Name.In(Language), Display.Show(parameter, history.On(scope, day)), Display.Show(parameter, ParameterRules.Read(parameter, value).Value!.Value)];
        if (await Dialogs.ShowMessageBox(T["ConfirmTitle"], words, yesText: T["AddDo"], cancelText: T["GoBack"]) != true) return;
        await GuardedAsync(async () =>
        {
            await Commands.AddAsync(viewer!, Key, input, key);
            (value, from, to, source, reason, key) = ("", "", "", "", "", Guid.NewGuid().ToString("N"));
            done = T["Added", CaseWords.Day(day)];
        });
    }

    private async Task WithdrawAsync(DatedValue planned)
    {
        (done, message) = (null, null);
        if (await Dialogs.ShowMessageBox(T["WithdrawTitle"], T["WithdrawText", CaseWords.Day(planned.From), Display.Show(history!.Parameter, planned.Value)], yesText: T["Withdraw"], cancelText: T["KeepPlan"]) != true) return;
        await GuardedAsync(async () =>
        {
            await Commands.WithdrawAsync(viewer!, planned.Id);
            done = T["Withdrawn", CaseWords.Day(planned.From)];
        });
    }

    private async Task GuardedAsync(Func<Task> work)
    {
        busy = true;
        try
        {
            await work();
        }
        catch (InvalidAnswersException wrong)
        {
            faults = wrong.Faults;
        }
        catch (NotAllowedException refusal)
        {
            message = Words.Refusal(refusal);
        }
        catch (UnknownCaseException)
        {
            message = T["GoneMeanwhile"];
        }
        catch (BusyException)
        {
            message = T["Busy"];
        }
        finally
        {
            busy = false;
            await ReadAsync();
        }
    }

    private string ScopeName(string code) => code.Length == 0 ? T["WholeCounty"] : Divisions.Name(code, Languages.IsEnglish);

    private string Wrong(string field) => faults.Any(f => f.Path == field) ? "wrong" : "";

    private string? Invalid(string field) => faults.Any(f => f.Path == field) ? "true" : null;

    private RenderFragment Fault(string field) => builder =>
    {
        if (faults.FirstOrDefault(f => f.Path == field) is not { } fault) return;
        builder.OpenElement(0, "p");
        builder.AddAttribute(1, "class", "fault");
        builder.AddAttribute(2, "role", "alert");
        builder.AddContent(3, Languages.IsEnglish ? fault.En : fault.Zh);
        builder.CloseElement();
    };
}
