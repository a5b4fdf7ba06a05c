using System.Globalization;
using CivilAffairs.Engine.Port;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Matters.Forms;
using CivilAffairs.Web.Platform.Pages;
using CivilAffairs.Web.Platform.Security;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.WebUtilities;
using MudBlazor;

namespace CivilAffairs.Web.Features.Designer.Moves;

/// <summary>Moves running cases 在办件 of a matter: how many run on which version, where each would stand, the order, its progress and its undoing.</summary>
public sealed partial class MovesPage : IDisposable
{
    private readonly Dictionary<Guid, long> chosen = [];
    private readonly Dictionary<string, Dictionary<string, string>> renames = [];
    private readonly CancellationTokenSource gone = new();
    private CancellationTokenSource? counting;
    private Viewer? viewer;
    private VersionsView? versions;
    private PreviewView? preview;
    private TotalsView? totals;
    private MoveView? view;
    private IReadOnlyList<MoveLine> moves = [];
    private IReadOnlyList<FieldFault> faults = [];
    private string? missing, message;
    private string to = "", from = "", number = "", reason = "", shown = "", counted = "", key = Guid.NewGuid().ToString("N");
    private bool all = true, newLimits, busy;

    [Parameter] public string Id { get; set; } = "";
    [SupplyParameterFromQuery] public string? To { get; set; }
    [SupplyParameterFromQuery] public string? From { get; set; }
    [SupplyParameterFromQuery] public string? Number { get; set; }
    [SupplyParameterFromQuery] public int? Page { get; set; }
    [SupplyParameterFromQuery] public Guid? Move { get; set; }

    private static string Language => CultureInfo.CurrentUICulture.TwoLetterISOLanguageName;

    /// <summary>With a number given what is meant is a few: "all" would be more than is shown.</summary>
    private bool All => all && string.IsNullOrWhiteSpace(Number);

    protected override async Task OnParametersSetAsync()
    {
        viewer = await Viewers.RequireAsync();
        (to, from, number) = (To ?? "", From ?? "", Number ?? "");
        // What was chosen under other conditions is chosen no more.
        if (shown != $"{Id} {To} {From}") { chosen.Clear(); renames.Clear(); }
        shown = $"{Id} {To} {From}";
        await ReadAsync();
        if (counted == $"{shown} {Number} {preview?.Total}") return;
        counted = $"{shown} {Number} {preview?.Total}";
        _ = CountAsync();
    }

    private async Task ReadAsync()
    {
        if (!viewer!.HoldsAny(Roles.Manager)) { missing = T["NotForYou"]; return; }
        try
        {
            versions = await Query.VersionsAsync(viewer, Id);
            view = Move is { } move ? await Query.MoveAsync(viewer, Id, move, Math.Max(Page ?? 1, 1)) : null;
            preview = view is null && To is { Length: > 0 } ? await Query.PreviewAsync(viewer, Wish, Math.Max(Page ?? 1, 1)) : null;
            moves = view is null ? await Query.MovesAsync(viewer, Id) : [];
            missing = null;
        }
        catch (UnknownCaseException)
        {
            missing = T["Unknown"];
        }
    }

    private MoveWish Wish => new(Id, To!, From, Number, Renames);

    /// <summary>Reckons the totals beside the page, which shows how far they are; under other conditions the count before is given up.</summary>
    private async Task CountAsync()
    {
        counting?.Cancel();
        totals = null;
        if (preview is not { Total: > 0 } || busy) return;
        using var mine = counting = CancellationTokenSource.CreateLinkedTokenSource(gone.Token);
        var wish = Wish;
        try
        {
            var whole = await Task.Run(() => Totals.CountAsync(viewer!, wish, so => InvokeAsync(() => Told(so)), mine.Token), mine.Token);
            Told(whole);
        }
        catch (Exception e) when (e is OperationCanceledException or UnknownCaseException)
        {
            // Nobody looks at it any more, or there is nothing to look at.
        }
        catch (Exception e) when (!gone.IsCancellationRequested)
        {
            // Nobody awaits this: without it a failure would look like a count that takes for ever.
            await DispatchExceptionAsync(e);
        }
        finally
        {
            if (counting == mine) counting = null;
        }

        void Told(TotalsView now)
        {
            if (counting != mine) return;
            totals = now;
            StateHasChanged();
        }
    }

    private IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Renames => renames.ToDictionary(r => r.Key, r => (IReadOnlyDictionary<string, string>)r.Value);

    private void Show()
    {
        faults = to.Length == 0 ? [new FieldFault("to", T["Choose"], T["Choose"])] : [];
        if (faults.Count == 0) Navigation.NavigateTo(QueryHelpers.AddQueryString($"/desk/matters/{Id}/cases", new Dictionary<string, string?> { ["to"] = to, ["from"] = from.Length > 0 ? from : null, ["number"] = number.Trim().Length > 0 ? number.Trim() : null }.Where(q => q.Value is not null)));
    }

    private void Choose(PreviewLine line, bool wanted)
    {
        if (wanted) chosen[line.Id] = line.Version;
        else chosen.Remove(line.Id);
        if (wanted) all = false;
    }

    private void ChoosePage(PreviewView page, bool wanted)
    {
        foreach (var line in page.Lines.Where(l => l.Safe)) Choose(line, wanted);
    }

    private string Renamed(RenameChoice choice) => renames.GetValueOrDefault(choice.Workflow)?.GetValueOrDefault(choice.Rename.Old.Id) ?? "";

    private async Task RenameAsync(RenameChoice choice, string? name)
    {
        var names = renames.TryGetValue(choice.Workflow, out var known) ? known : renames[choice.Workflow] = [];
        if (name is { Length: > 0 }) names[choice.Rename.Old.Id] = name;
        else names.Remove(choice.Rename.Old.Id);
        await ReadAsync();
        _ = CountAsync();
    }

    private async Task StartAsync()
    {
        if (busy) return;
        (faults, message) = ([], null);
        var count = All ? preview!.Total : chosen.Count;
        var found = new List<FieldFault>();
        if (count == 0) found.Add(new FieldFault("cases", "请至少选择一件在办件。", "Choose at least one running case."));
        if (MoveCommands.Wrong(reason) is { } wrong) found.Add(wrong);
        if ((faults = found).Count > 0) return;
        if (await Dialogs.ShowMessageBox(T["Title"], T["Sure", count, VersionName(To!)].Value, yesText: T["Do"], cancelText: T["No"]) != true) return;
        var order = new MoveOrder(To!, All, From, All ? [] : [.. chosen.Select(c => new ChosenCase(c.Key, c.Value))], Renames, newLimits, reason);
        Guid? started = null;
        await GuardedAsync(async () =>
        {
            started = await Commands.StartAsync(viewer!, Id, order, key);
            (key, reason, newLimits) = (Guid.NewGuid().ToString("N"), "", false);
            chosen.Clear();
        });
        if (started is not { } move) return;
        Navigation.NavigateTo(Link(move: move));
        await CarryOutAsync(move);
    }

    private async Task UndoAsync()
    {
        if (busy || view is not { } shownMove || await Dialogs.ShowMessageBox(T["Undo"], T["UndoSure"].Value + T["UndoHow"], yesText: T["Undo"], cancelText: T["No"]) != true) return;
        var ordered = false;
        await GuardedAsync(async () =>
        {
            await Commands.UndoAsync(viewer!, shownMove.Move.Id, key);
            (key, ordered) = (Guid.NewGuid().ToString("N"), true);
        });
        if (ordered) await CarryOutAsync(shownMove.Move.Id);
    }

    /// <summary>Begins at once what the job would begin soon; who leaves the page leaves the rest to the job.</summary>
    private async Task CarryOutAsync(Guid move)
    {
        busy = true;
        var dealt = 0;
        try
        {
            // Beside the page's own thread, which shows how far it is.
            await Task.Run(() => Runner.RunAsync(move, async () =>
            {
                if (++dealt % 10 == 0) await InvokeAsync(async () => { await ReadAsync(); StateHasChanged(); });
            }, gone.Token), gone.Token);
        }
        catch (OperationCanceledException)
        {
            return;
        }
        finally
        {
            busy = false;
        }
        await ReadAsync();
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
        catch (Exception e) when (Refusals.Of(e) is { } refused)
        {
            message = refused.Text;
            await ReadAsync();
        }
        finally
        {
            busy = false;
        }
    }

    private string Link(Guid? move = null, int page = 1) => QueryHelpers.AddQueryString($"/desk/matters/{Id}/cases", new Dictionary<string, string?>
    {
        ["to"] = To, ["from"] = From, ["number"] = Number, ["move"] = move?.ToString(), ["page"] = page == 1 ? null : page.ToString(CultureInfo.InvariantCulture),
    }.Where(q => !string.IsNullOrEmpty(q.Value)));

    private static int Pages(int total) => Math.Max(1, (total + MoveQuery.PageSize - 1) / MoveQuery.PageSize);

    private string VersionName(string hash) => versions!.Versions.FirstOrDefault(v => v.Hash == hash) is { } version ? T["Version", version.Number, Display.Time(version.PublishedAt)] : hash[..Math.Min(8, hash.Length)];

    private static string Title(LocalText text) => Languages.IsEnglish && text.En.Length > 0 ? text.En : text.Zh;
    private static string Titles(IReadOnlyList<LocalText> titles) => string.Join(Languages.IsEnglish ? ", " : "、", titles.Select(Title));

    private static int Dealt(MoveLine line) => line.State == MoveState.Undoing ? line.Total - line.Of(MoveEntryState.Moved) : line.Total - line.Of(MoveEntryState.Waiting);

    private string Counts(MoveLine line) => string.Join(Languages.IsEnglish ? "; " : "；", new[]
    {
        line.State is MoveState.Undone or MoveState.Undoing ? T["CountsUndone", line.Of(MoveEntryState.Undone), line.Of(MoveEntryState.Kept)].Value : "",
        line.State is MoveState.Undone ? "" : T["Counts", line.Of(MoveEntryState.Moved), line.Of(MoveEntryState.Stayed)].Value,
        line.Of(MoveEntryState.Waiting) is > 0 and var waiting ? T["CountsWaiting", waiting].Value : "",
    }.Where(t => t.Length > 0));

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

    public void Dispose()
    {
        gone.Cancel();
        gone.Dispose();
    }
}
