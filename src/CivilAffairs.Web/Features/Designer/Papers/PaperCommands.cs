using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CivilAffairs.Engine.Port;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Designer.Drafts;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Features.Matters.Forms;
using CivilAffairs.Web.Platform.Security;

namespace CivilAffairs.Web.Features.Designer.Papers;

/// <param name="File">What it is called in the folder, without its ending: <c>filing-receipt</c>.</param>
/// <param name="CopyOf">File name of a template of the matter that it begins from; null: the product's layout.</param>
internal sealed record NewPaper(string File, string Kind, string NameZh, string NameEn, string? CopyOf = null);

/// <param name="English">Of a letter's twin; null: it stays as it is, empty: there is none any more.</param>
internal sealed record PaperContent(string NameZh, string NameEn, bool Optional, string Text, string? English = null);

/// <summary>
/// Templates of a matter's draft and their lines in its <c>matter.json</c>, changed together: each command is one save of the
/// draft (<see cref="MatterDrafts.EditAsync"/>), so that after a power failure file and line are both there or neither.
/// </summary>
internal sealed partial class PaperCommands(MatterDrafts drafts)
{
    private const int LongestName = 60, LongestFile = 60;

    /// <exception cref="InvalidAnswersException">By field: <c>file</c>, <c>kind</c>, <c>nameZh</c>, <c>nameEn</c>, <c>copyOf</c>.</exception>
    /// <exception cref="StaleVersionException">Somebody saved meanwhile; says who and when.</exception>
    public Task<DraftSaved> AddAsync(Viewer by, string matter, NewPaper paper, int expected, string key, CancellationToken cancel = default) => drafts.EditAsync(by, matter, "paper.add", paper, files =>
    {
        var faults = Names(paper.NameZh, paper.NameEn);
        var known = Templates(JsonFile.Require(JsonFile.Matter, Json(files))).ToList();
        var source = paper.CopyOf is { Length: > 0 } of ? known.Find(t => JsonFile.Text(t["file"]) == of) : null;
        if (paper.CopyOf is { Length: > 0 } && source is null) faults.Add(DraftFaults.Of("copyOf", "paper.unknown", paper.CopyOf));
        // A copy is of the same kind: a letter's text makes no document.
        var kind = JsonFile.Text(source?["kind"]) ?? paper.Kind;
        if (!Paper.Kinds.Contains(kind)) faults.Add(DraftFaults.Of("kind", "paper.kind"));
        var file = paper.File.Trim() + (kind == Paper.Mail ? ".mail" : ".html");
        if (paper.File.Trim().Length > LongestFile || !Shape().IsMatch(paper.File.Trim())) faults.Add(DraftFaults.Of("file", "paper.file"));
        else if (files.ContainsKey(Paper.PathOf(file)) || known.Exists(t => JsonFile.Text(t["file"]) == file)) faults.Add(DraftFaults.Of("file", "paper.taken", file));
        Refuse(faults);
        var text = source is null ? PaperStarters.Of(kind, paper.NameZh.Trim()) : files.GetValueOrDefault(Paper.PathOf(paper.CopyOf!)) ?? PaperStarters.Of(kind, paper.NameZh.Trim());
        var changes = new Dictionary<string, string?>
        {
            [Paper.PathOf(file)] = text,
            ["matter.json"] = JsonFile.Edit("matter.json", Json(files), m =>
            {
                if (m["templates"] is not JsonArray list) m["templates"] = list = [];
                var line = source?.DeepClone().AsObject() ?? new JsonObject();
                (line["file"], line["kind"], line["name"]) = (file, kind, new JsonObject { ["zh"] = paper.NameZh.Trim(), ["en"] = paper.NameEn.Trim() });
                list.Add((JsonNode)line);
            }),
        };
        if (source is not null && kind == Paper.Mail && files.TryGetValue(Paper.EnglishPathOf(paper.CopyOf!), out var english)) changes[Paper.EnglishPathOf(file)] = english;
        return changes;
    }, expected, key, cancel);

    /// <summary>Saves a template with what it is called. Its Liquid may still be wrong: the draft's check says so, and keeps it from being published.</summary>
    /// <exception cref="InvalidAnswersException">By field: <c>nameZh</c>, <c>nameEn</c>, <c>text</c>, <c>english</c>.</exception>
    /// <exception cref="StaleVersionException">Somebody saved meanwhile; says who and when.</exception>
    /// <exception cref="UnknownCaseException">The matter lists no such template.</exception>
    public Task<DraftSaved> SaveAsync(Viewer by, string matter, string file, PaperContent content, int expected, string key, CancellationToken cancel = default) => drafts.EditAsync(by, matter, "paper.save", new { file, content }, files =>
    {
        var kind = JsonFile.Text(Line(files, file)["kind"]);
        var faults = Names(content.NameZh, content.NameEn);
        if (string.IsNullOrWhiteSpace(content.Text)) faults.Add(DraftFaults.Of("text", "paper.empty"));
        if (content.English is not null && kind != Paper.Mail) faults.Add(DraftFaults.Of("english", "paper.noTwin"));
        Refuse(faults);
        var changes = new Dictionary<string, string?>
        {
            [Paper.PathOf(file)] = content.Text,
            ["matter.json"] = JsonFile.Edit("matter.json", Json(files), m =>
            {
                var line = Templates(m).First(t => JsonFile.Text(t["file"]) == file);
                if (line["name"] is not JsonObject name) line["name"] = name = [];
                (name["zh"], name["en"]) = (content.NameZh.Trim(), content.NameEn.Trim());
                if (content.Optional) line["optional"] = true;
                else if (line["optional"]?.GetValue<bool>() == true) line.Remove("optional");
            }),
        };
        if (content.English is { } english) changes[Paper.EnglishPathOf(file)] = string.IsNullOrWhiteSpace(english) ? null : english;
        return changes;
    }, expected, key, cancel);

    /// <summary>Takes a template out, with its English twin and its line.</summary>
    /// <exception cref="InvalidAnswersException"><c>file</c>: it is used, and where.</exception>
    /// <exception cref="StaleVersionException">Somebody saved meanwhile; says who and when.</exception>
    /// <exception cref="UnknownCaseException">The matter lists no such template.</exception>
    public Task<DraftSaved> RemoveAsync(Viewer by, string matter, string file, int expected, string key, CancellationToken cancel = default) => drafts.EditAsync(by, matter, "paper.remove", new { file }, files =>
    {
        var isLetter = JsonFile.Text(Line(files, file)["kind"]) == Paper.Mail;
        var uses = PaperUses.Of(files, [file])[file].ToList();
        if (uses.Count > 0)
        {
            var (zh, en) = (string.Join("；", uses.Select(u => UseWords(files, u).Zh)), string.Join("; ", uses.Select(u => UseWords(files, u).En)));
            Refuse([DraftFaults.Of("file", "paper.used", new LocalText(zh, en))]);
        }
        var changes = new Dictionary<string, string?>
        {
            [Paper.PathOf(file)] = null,
            ["matter.json"] = JsonFile.Edit("matter.json", Json(files), m => m["templates"]!.AsArray().Remove(Templates(m).First(t => JsonFile.Text(t["file"]) == file))),
        };
        // Of a letter alone: a document may be called like a letter that stays.
        if (isLetter) changes[Paper.EnglishPathOf(file)] = null;
        return changes;
    }, expected, key, cancel);

    /// <summary>Where a template is used, as people say it: 步骤“发放回执”（apply.workflow.json）.</summary>
    internal static LocalText UseWords(IReadOnlyDictionary<string, string> files, PaperUse use)
    {
        if (use.Activity is not { } id) return DesignerMessages.Text(use.File == "form.json" ? "paper.use.form" : use.Path.Contains("eminders", StringComparison.Ordinal) ? "paper.use.reminders" : "paper.use.other", use.File, use.Path);
        var activity = WorkflowReferences.Activities(files[use.File]).FirstOrDefault(a => JsonFile.Text(a["id"]) == id);
        return DesignerMessages.Text("paper.use.step", activity is null ? id : ActivityNames.Of(activity), use.File.Replace(".workflow.json", "", StringComparison.Ordinal));
    }

    private static string Json(IReadOnlyDictionary<string, string> files) => files.GetValueOrDefault("matter.json") ?? "";

    private static JsonObject Line(IReadOnlyDictionary<string, string> files, string file) => Templates(JsonFile.Require(JsonFile.Matter, Json(files))).FirstOrDefault(t => JsonFile.Text(t["file"]) == file) ?? throw new UnknownCaseException();

    private static IEnumerable<JsonObject> Templates(JsonObject matter) => (matter["templates"] as JsonArray ?? []).OfType<JsonObject>();

    private static List<FieldFault> Names(string zh, string en)
    {
        var faults = new List<FieldFault>();
        if (zh.Trim().Length is 0 or > LongestName) faults.Add(DraftFaults.Of("nameZh", "name.missing"));
        if (en.Trim().Length is 0 or > LongestName) faults.Add(DraftFaults.Of("nameEn", "name.missing"));
        return faults;
    }

    private static void Refuse(List<FieldFault> faults)
    {
        if (faults.Count > 0) throw new InvalidAnswersException(faults);
    }

    // No dot: "x.en" would be the twin of another letter.
    [GeneratedRegex(@"^[a-z0-9]+(?:-[a-z0-9]+)*\z")]
    private static partial Regex Shape();
}
