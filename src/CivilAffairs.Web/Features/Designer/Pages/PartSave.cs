using System.Text.Json.Nodes;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Matters.Forms;
using CivilAffairs.Web.Platform.Security;

namespace CivilAffairs.Web.Features.Designer.Pages;

/// <summary>
/// Saves the part of a draft that a page holds open: a form, a template, the settings. What somebody saved meanwhile in another part is nobody's
/// loss, and the part is saved upon it; where it was this very part, nothing is stored, and the page is told who was first and has their version.
/// Of one page.
/// </summary>
/// <remarks>Each save is one transaction of <see cref="Drafts.MatterDrafts"/>: when the power fails between the two tries nothing of this page is stored, and it holds what was typed.</remarks>
public sealed class PartSave(OpenMatters matters, DesignerGuard guard)
{
    // Whoever is overtaken so often meets a program; and is told.
    private const int Most = 3;

    public bool Busy { get; private set; }

    /// <summary>Why it was not saved, where that is of no single field; null: it was, or nobody asked yet.</summary>
    public string? Message { get; private set; }

    /// <summary>By field.</summary>
    public IReadOnlyList<FieldFault> Faults { get; private set; } = [];

    /// <summary>The matter as somebody else left it, who changed this part first; null: nobody did.</summary>
    public OpenMatter? Theirs { get; private set; }

    /// <param name="shown">The matter upon which the page's part stands: as the page opened it, or <see cref="Theirs"/>, to go over them knowingly.</param>
    /// <param name="part">The page's part of a matter, as a text to compare; null: it is not there, or cannot be read.</param>
    /// <param name="save">Saves upon a matter, under an idempotency key; must name its <see cref="OpenMatter.Draft"/>.</param>
    /// <returns>Whether it is stored; else <see cref="Message"/>, <see cref="Faults"/> or both say why not.</returns>
    public async Task<bool> SaveAsync(Viewer viewer, OpenMatter shown, Func<OpenMatter, string?> part, Func<OpenMatter, string, Task> save)
    {
        if (Busy) return false;
        (Busy, Message, Faults, Theirs) = (true, null, [], null);
        var saved = false;
        try
        {
            (Message, Faults) = await guard.RunAsync(async () =>
            {
                await StoreAsync(viewer, shown, part, save);
                saved = true;
            }, "StalePart");
        }
        finally
        {
            Busy = false;
        }
        return saved;
    }

    /// <summary>The same for a JSON file of which the page changed some properties: the part is those.</summary>
    /// <param name="tree">The file of a matter; null: it is not there, or cannot be read.</param>
    /// <param name="stored">The file as the page took it over.</param>
    /// <param name="mine">As it stands on the page now.</param>
    /// <param name="save">Saves the file upon a matter, under an idempotency key.</param>
    public Task<bool> SaveAsync(Viewer viewer, OpenMatter shown, Func<OpenMatter, JsonObject?> tree, JsonObject stored, JsonObject mine, Func<JsonObject, OpenMatter, string, Task> save)
    {
        // As it is now: the page may be typed in while it is stored.
        var (now, names) = (mine.DeepClone().AsObject(), JsonParts.Changed(stored, mine));
        return SaveAsync(viewer, shown, m => tree(m) is { } theirs ? JsonParts.Of(theirs, names) : null, (m, key) => save(tree(m) is { } theirs ? JsonParts.Upon(theirs, now, names) : now, m, key));
    }

    /// <summary>Nothing is said any more: the page shows what is stored.</summary>
    public void Clear() => (Message, Faults, Theirs) = (null, [], null);

    private async Task StoreAsync(Viewer viewer, OpenMatter shown, Func<OpenMatter, string?> part, Func<OpenMatter, string, Task> save)
    {
        // A key for each save: its tries differ in what they are upon.
        var (upon, mine, key) = (shown, part(shown), Guid.NewGuid().ToString("N"));
        for (var turn = 1; ; turn++)
            try
            {
                await save(upon, $"{key}-{turn}");
                return;
            }
            catch (StaleVersionException)
            {
                var now = await matters.FindAsync(viewer, shown.Id);
                if (turn == Most || now is null || mine is null || part(now) != mine)
                {
                    Theirs = now;
                    throw;
                }
                upon = now;
            }
    }
}
