using System.Text.Json.Nodes;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Designer.Drafts;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Features.Matters.Forms;
using CivilAffairs.Web.Platform.Security;

namespace CivilAffairs.Web.Features.Designer.Forms;

/// <summary>
/// Saves what managers edit in a matter's form, people and deadlines. A save is the draft's own (<see cref="MatterDrafts.SaveFilesAsync"/>):
/// one transaction with its version check and its line in the audit. When the power fails before it, nothing of it is there; after it, the same
/// request under the same key has the same answer.
/// </summary>
internal sealed class MatterEdits(OpenMatters matters, MatterDrafts drafts)
{
    /// <summary>Saves form.json.</summary>
    /// <param name="known">What its sender knows to be in use and takes away all the same: keys as <see cref="TakenAway"/> gives them.</param>
    /// <param name="expected">The draft's version as the sender saw it; 0: there was none.</param>
    /// <exception cref="InvalidAnswersException">Errors that were not there before, by <c>form.json $.sections[0].id</c>; something in use that is gone, by its key.</exception>
    public Task<DraftSaved> SaveFormAsync(Viewer by, string matter, JsonObject form, IReadOnlySet<string> known, int expected, string key, CancellationToken cancel = default) =>
        SaveAsync(by, matter, FormFindings.File, form, expected, key, (files, before) => [.. FormFindings.New(before, form, FormFindings.Of), .. TakenAway(files, before, form).Where(t => !known.Contains(t.Key)).Select(t => t.Fault())], cancel);

    /// <summary>Saves matter.json; see <see cref="SaveFormAsync"/>. Parameters in use that are gone: by their key.</summary>
    public Task<DraftSaved> SaveMatterAsync(Viewer by, string matter, JsonObject root, IReadOnlySet<string> known, int expected, string key, CancellationToken cancel = default) =>
        SaveAsync(by, matter, JsonFile.Matter, root, expected, key, (files, before) =>
            [.. FormFindings.New(before, root, tree => MatterFindings.Of(files, tree)), .. MatterFindings.TakenAway(files, before, root).Where(t => !known.Contains(t.Key)).Select(t => t.Fault())], cancel);

    /// <summary>Questions, sections, attachments and task forms that are used somewhere and that <paramref name="after"/> does not have any more.</summary>
    public static IReadOnlyList<TakenAway> TakenAway(IReadOnlyDictionary<string, string> files, JsonObject before, JsonObject after)
    {
        var left = Ids(after).Select(i => i.Key).ToHashSet();
        // What goes with its section is told with the section.
        var gone = Ids(before).Where(i => !left.Contains(i.Key)).ToList();
        var wholes = gone.Where(g => g.Spot.Field is null).Select(g => g.Spot).ToHashSet();
        // What else the save takes away does not use it any more.
        var rest = files.ToDictionary(f => f.Key, f => f.Key == FormFindings.File ? after.ToJsonString() : f.Value);
        return [.. gone.Where(g => g.Spot.Field is null || !wholes.Contains(g.Spot.Whole)).Select(g => new TakenAway(g.Key, FormUses.Left(rest, before, after, g.Spot))).Where(t => t.Uses.Count > 0)];
    }

    /// <summary>Where something is used, by its key as <see cref="TakenAway"/> gives it.</summary>
    public static IReadOnlyList<FormUse> UsesOf(IReadOnlyDictionary<string, string> files, string of)
    {
        var form = JsonFile.Read(files.GetValueOrDefault(FormFindings.File)).Root;
        if (of.StartsWith("parameters.", StringComparison.Ordinal)) return FormUses.OfParameter(files, form, of["parameters.".Length..]);
        return form is not null && Ids(form).FirstOrDefault(i => i.Key == of) is { Spot: { } spot } ? FormUses.Of(files, form, spot) : [];
    }

    private async Task<DraftSaved> SaveAsync(Viewer by, string matter, string file, JsonObject root, int expected, string key, Func<IReadOnlyDictionary<string, string>, JsonObject, IReadOnlyList<FieldFault>> check, CancellationToken cancel)
    {
        DesignerAccess.Require(by);
        var open = await matters.FindAsync(by, matter, cancel: cancel).ConfigureAwait(false) ?? throw new UnknownCaseException();
        var before = open.Files.GetValueOrDefault(file);
        var text = JsonFile.Write(root, before);
        // The dear part, before the transaction: it holds for the version that is asked for. Under another the save is refused there, with who and when.
        if (open.Draft == expected && text != before && JsonFile.Read(before).Root is { } old && check(open.Files, old) is { Count: > 0 } faults) throw new InvalidAnswersException([.. faults]);
        return await drafts.SaveFileAsync(by, matter, file, text, expected, key, cancel).ConfigureAwait(false);
    }

    private static IEnumerable<(string Key, FormSpot Spot)> Ids(JsonObject root)
    {
        foreach (var (section, i) in root[FormSpot.Sections].Parts().Select((s, i) => (s, i)))
        {
            var id = section["id"].Text();
            yield return ($"{id}", FormSpot.Section(i));
            foreach (var (field, f) in section["fields"].Parts().Select((x, f) => (x, f))) yield return ($"{id}.{field["id"].Text()}", FormSpot.Section(i, f));
        }
        foreach (var (attachment, i) in root[FormSpot.Attachments].Parts().Select((a, i) => (a, i))) yield return ($"attachments.{attachment["id"].Text()}", FormSpot.Attachment(i));
        foreach (var (task, part) in root[FormSpot.TaskForms] as JsonObject ?? [])
        {
            yield return ($"taskForms.{task}", FormSpot.Task(task));
            foreach (var (field, f) in part.In("fields").Parts().Select((x, f) => (x, f))) yield return ($"taskForms.{task}.{field["id"].Text()}", FormSpot.Task(task, f));
        }
    }
}

/// <summary>Something in use that is not there any more.</summary>
/// <param name="Key"><c>members.health</c>, <c>attachments.diagnosis</c>, <c>taskForms.visit.found</c>, <c>parameters.dibao.limit.county</c>.</param>
internal sealed record TakenAway(string Key, IReadOnlyList<FormUse> Uses)
{
    private const int Most = 6;

    public FieldFault Fault()
    {
        var (zh, en) = (string.Join("、", Uses.Take(Most).Select(u => u.Where.Zh)), string.Join("; ", Uses.Take(Most).Select(u => u.Where.En)));
        var text = Uses.Count > Most ? FormTexts.Text("gone.more", Key, new Engine.Port.LocalText(zh, en), Uses.Count) : FormTexts.Text("gone", Key, new Engine.Port.LocalText(zh, en));
        return new FieldFault(Key, text.Zh, text.En);
    }
}
