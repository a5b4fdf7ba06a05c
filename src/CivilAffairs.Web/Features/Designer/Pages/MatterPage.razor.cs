using System.Globalization;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Designer.Pages;
using CivilAffairs.Web.Features.Matters.Forms;
using CivilAffairs.Web.Platform.Pages;
using CivilAffairs.Web.Platform.Security;
using Microsoft.AspNetCore.Components;

namespace CivilAffairs.Web.Features.Designer;

/// <summary>One matter: its draft with what the check finds, its versions, and what can be done with them.</summary>
public sealed partial class MatterPage
{
    private MatterLife? life;
    private Viewer? viewer;
    private IReadOnlyList<DesignerLink> links = [];
    private IReadOnlyList<Drafts.DraftStep> steps = [];
    private IReadOnlyList<FieldFault> faults = [];
    private string comment = "";
    private string? done, message;
    private bool read, busy;

    // One for each state that was seen: a second click is the same request, and what comes after a reload is another.
    private string key = Guid.NewGuid().ToString("N");

    [Parameter] public string Id { get; set; } = "";

    private static string Language => CultureInfo.CurrentUICulture.TwoLetterISOLanguageName;

    private int Version => life?.Draft?.Version ?? 0;

    private bool Publishable => life?.Draft is { FollowsCurrent: true } draft && draft.Faults.All(f => !f.IsError);

    protected override Task OnParametersSetAsync() => ReadAsync();

    private async Task ReadAsync()
    {
        viewer = await Viewers.RequireAsync();
        life = await Query.FindAsync(viewer, Id);
        steps = life?.Draft is null ? [] : await History.ReadAsync(viewer, Id) ?? [];
        links = life is null ? [] : [.. Links.Of(life)];
        (read, key) = (true, Guid.NewGuid().ToString("N"));
    }

    private Task PublishAsync() => AskedAsync(T["PublishTitle", life!.Name.In(Language)], T["PublishText"], T["Publish"], async () => T["PublishDone", (await Drafts.PublishAsync(viewer!, Id, comment, Version, key)).Number]);

    private Task RetireAsync() => AskedAsync(T["RetireTitle", life!.Name.In(Language)], T["RetireText"], T["Retire"], async () =>
    {
        await Drafts.RetireAsync(viewer!, Id, comment, life!.Current!.Number, key);
        return T["RetireDone"];
    });

    private Task RollBackAsync(MatterVersion version) => AskedAsync(T["RollBackTitle", version.Number], T["RollBackText", version.Number], T["RollBack"], async () => T["PublishDone", (await Drafts.RollBackAsync(viewer!, Id, version.Hash, comment, key)).Number]);

    private Task SubmitAsync() => DoAsync(async () =>
    {
        await Drafts.SubmitAsync(viewer!, Id, comment, Version, key);
        return T["SubmitDone"];
    });

    private async Task DiscardAsync()
    {
        if (await Dialogs.ShowMessageBox(T["DiscardTitle"], T["DiscardText"], yesText: T["Discard"], cancelText: T["GoBack"]) != true) return;
        await DoAsync(async () =>
        {
            await Drafts.DiscardAsync(viewer!, Id, Version, key);
            return T["DiscardDone"];
        }, keepsComment: true);
    }

    private Task RebaseAsync() => DoAsync(async () =>
    {
        await Drafts.RebaseAsync(viewer!, Id, Version, key);
        return T["RebaseDone"];
    }, keepsComment: true);

    private Task RestoreAsync(MatterVersion version) => DoAsync(async () =>
    {
        await Drafts.RestoreAsync(viewer!, Id, version.Hash, Version, key);
        return T["RestoreDone", version.Number];
    }, keepsComment: true);

    private Task TakeFolderAsync() => DoAsync(async () =>
    {
        await Drafts.TakeFolderAsync(viewer!, Id, await Offers.FindAsync(viewer!, Id) ?? throw new UnknownCaseException(), Version, key);
        return T["FolderDone"];
    }, keepsComment: true);

    /// <summary>What is published or retired needs a reason first, and is asked once more.</summary>
    private async Task AskedAsync(string title, string text, string yes, Func<Task<string>> work)
    {
        if (comment.Trim().Length == 0)
        {
            var missing = DesignerMessages.Text("comment.missing");
            (done, message, faults) = (null, T["CommentFirst"], [new FieldFault("comment", missing.Zh, missing.En)]);
            return;
        }
        if (await Dialogs.ShowMessageBox(title, text, yesText: yes, cancelText: T["GoBack"]) == true) await DoAsync(work);
    }

    private async Task DoAsync(Func<Task<string>> work, bool keepsComment = false)
    {
        if (busy) return;
        (busy, done) = (true, null);
        (message, faults) = await Guard.RunAsync(async () => done = await work());
        if (done is not null && !keepsComment) comment = "";
        // Errors of the check stand in the draft's list; the field's own below it.
        if (faults.Count > 0 && faults.All(f => f.Path != "comment")) message = Words(faults[0]);
        busy = false;
        await ReadAsync();
    }

    private IEnumerable<string> Faults(string field) => faults.Where(f => f.Path == field).Select(Words);

    private static string Words(FieldFault fault) => Languages.IsEnglish ? fault.En : fault.Zh;
}
