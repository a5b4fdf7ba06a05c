using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using CivilAffairs.Engine.Port;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Platform.Pages;
using CivilAffairs.Web.Platform.Security;

namespace CivilAffairs.Web.Features.Designer.Studio;

/// <summary>Takes what the editor saves into the matter's draft.</summary>
/// <remarks>
/// When the power fails before the draft is stored nothing of it is there, the editor has no answer and its page sends it again; after that the
/// answer alone is lost, and the same save sent again finds its text stored.
/// </remarks>
internal sealed class StudioSave(StudioDefinitions definitions, StudioDrafts drafts)
{
    // Which window saved the text that is stored: a window that saves twice before its first answer came is not somebody else. Lost with the
    // process, it costs a reload and no work.
    private static readonly ConcurrentDictionary<string, (string Window, string Text)> Last = new();

    /// <returns>The definition as it stands now, or why it was not taken.</returns>
    public async Task<(JsonObject? Saved, IReadOnlyList<LocalText> Faults)> SaveAsync(Viewer viewer, JsonObject model, CancellationToken cancel)
    {
        var id = model["definitionId"].Text() ?? "";
        if (await definitions.LatestAsync(viewer, id, cancel).ConfigureAwait(false) is not { } stored)
            return (null, [new("没有这个流程。新的事项请在“事项设计”中新建。", "There is no such workflow. Create new matters in the matter designer.")]);
        if (!stored.MayEdit) return (null, [new("您可以查看这个流程，但不能修改。", "You may look at this workflow but not change it.")]);
        if (model["customProperties"].In(DefinitionJson.Shown).Text()?.Split('/') is not [var shown, var window])
            return (null, [new("不知道您改的是哪一稿，没有保存。请刷新页面后重试。", "It is not known which draft you changed; nothing was saved. Reload the page and try again.")]);
        var (text, faults) = SavedDefinition.Merge(stored.Text, model);
        // By content and not by number: what was submitted or published meanwhile is still what this window drew, and the next save begins a new
        // draft; another file of the matter is nobody's loss; what is stored already is stored.
        var print = DefinitionJson.Print(stored.Text);
        if (shown != print && text != stored.Text && !(Last.TryGetValue(id, out var own) && own == (window, print))) return (null, [Changed(stored.By, stored.At)]);
        if (text is null) return (null, faults);
        try
        {
            var path = stored.Revision.Matter.Workflows[stored.Workflow];
            await drafts.SaveAsync(viewer, stored.Revision.Matter.Id, path, text, stored.DraftVersion, $"studio-{Guid.NewGuid():N}", cancel).ConfigureAwait(false);
            return (await SavedAsync().ConfigureAwait(false), []);
        }
        catch (StaleVersionException stale)
        {
            // The same save sent again while the first was on its way, or somebody else.
            return (await definitions.LatestAsync(viewer, id, cancel).ConfigureAwait(false))?.Text == text ? (await SavedAsync().ConfigureAwait(false), []) : (null, [Changed(stale.By, stale.At)]);
        }

        async Task<JsonObject> SavedAsync()
        {
            var saved = (await definitions.LatestAsync(viewer, id, cancel).ConfigureAwait(false))!;
            Last[id] = (window, DefinitionJson.Print(text));
            // This window's own text, even if the next manager has saved again by now: then its next save is refused.
            return DefinitionJson.Write(saved with { Text = text }, window);
        }
    }

    private static LocalText Changed(string? by, DateTimeOffset at) => new(
        $"{(by is { Length: > 0 } ? by : "另一个窗口")}已于{Display.Time(at)}保存或发布了新的一稿，您的这次修改没有保存。请刷新页面，在最新一稿上再改。",
        $"{(by is { Length: > 0 } ? by : "Another window")} saved or published a newer text at {Display.Time(at)}; this change of yours was not saved. Reload the page and change the newest one.");
}
