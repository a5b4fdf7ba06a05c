using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CivilAffairs.Engine.Port;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Features.Matters.Forms;
using CivilAffairs.Web.Platform.Pages;
using Microsoft.Extensions.Localization;
using FormFile = CivilAffairs.Web.Features.Matters.FormFile;

namespace CivilAffairs.Web.Features.Designer.Forms;

/// <summary>Where something of the form is used elsewhere in the matter.</summary>
/// <param name="File">Path in the matter.</param>
/// <param name="Where">For people: 区段“家庭成员”的“残疾等级”的出现条件.</param>
public sealed record FormUse(string File, LocalText Where);

/// <summary>
/// Finds what leans on a question, section, attachment or parameter: conditions and rules of the form, who is who, figures, task
/// forms, workflows, templates, examples. Scripts are read as the parser reads them; where a name is worked out while it runs,
/// nobody can tell, and the check of the matter's examples will.
/// </summary>
internal static partial class FormUses
{
    /// <summary>The first places in a sentence, in the reader's language.</summary>
    public static string Told(IStringLocalizer<FormTexts> texts, IReadOnlyList<FormUse> uses) =>
        texts[uses.Count > 8 ? "UsedMore" : "UsedHere", string.Join(texts["ListComma"], uses.Take(8).Select(u => Languages.IsEnglish ? u.Where.En : u.Where.Zh)), uses.Count];

    /// <summary>Of a question; of a section, with all its questions; of an attachment.</summary>
    public static IReadOnlyList<FormUse> Of(IReadOnlyDictionary<string, string> files, JsonObject root, FormSpot spot) => Left(files, root, root, spot);

    /// <summary>The same of what was in an earlier form, where a later one uses it still.</summary>
    public static IReadOnlyList<FormUse> Left(IReadOnlyDictionary<string, string> files, JsonObject before, JsonObject root, FormSpot spot)
    {
        var (whole, part) = (spot.Whole.In(before), spot.In(before));
        if (part is null || whole is null) return [];
        var id = part["id"].Text() ?? "";
        return [.. (spot switch
        {
            { Part: FormSpot.Attachments } => Templates(files, new Regex($@"\battachments\.{Regex.Escape(id)}\b")),
            { IsTask: true } => TaskUses(files, root, spot.At, spot.Field is null ? null : id),
            _ => SectionUses(files, root, whole["id"].Text() ?? "", spot.Field is null ? null : id, whole["repeat"] is JsonObject, ReferenceEquals(before, root) ? spot.Path + "." : null),
        }).Distinct()];
    }

    /// <summary>Of a parameter's key.</summary>
    public static IReadOnlyList<FormUse> OfParameter(IReadOnlyDictionary<string, string> files, JsonObject? form, string key)
    {
        var uses = new List<FormUse>();
        if (form is not null) uses.AddRange(FormScripts.All(form).Where(s => ScriptReads.Of(s.Text).Parameters.Contains(key)).Select(s => new FormUse(FormFindings.File, s.Where)));
        foreach (var (file, text) in files.Where(f => f.Key.EndsWith(".workflow.json", StringComparison.Ordinal)))
            foreach (var activity in WorkflowReferences.Activities(text).Where(a => Expressions(a).Any(e => e.Contains($"'{key}'", StringComparison.Ordinal) || e.Contains($"\"{key}\"", StringComparison.Ordinal))))
                uses.Add(new FormUse(file, FormTexts.Text("use.step", ActivityNames.Of(activity))));
        if (JsonFile.Read(files.GetValueOrDefault("matter.json")).Root is { } matter)
        {
            uses.AddRange(matter["reverification"].Parts().Where(r => r["parameter"].Text() == key).Select(r => new FormUse("matter.json", FormTexts.Text("use.reverification", r["name"].In("zh").Text()))));
            uses.AddRange(matter["certificates"].Parts().Where(c => c["renewal"].In("applyBefore").Text() == key).Select(c => new FormUse("matter.json", FormTexts.Text("use.renewal", c["name"].In("zh").Text()))));
        }
        uses.AddRange(Templates(files, new Regex($@"parameters?\b[^}}]*{Regex.Escape(key)}\b")));
        return [.. uses.Distinct()];
    }

    private static IEnumerable<FormUse> SectionUses(IReadOnlyDictionary<string, string> files, JsonObject root, string section, string? field, bool repeats, string? own)
    {
        foreach (var script in FormScripts.All(root).Where(s => own is null || !s.Path.StartsWith(own, StringComparison.Ordinal)))
        {
            var reads = ScriptReads.Of(script.Text);
            var used = field is null ? reads.Sections.Contains(section)
                : reads.Paths.Contains((section, field)) || (reads.Sections.Contains(section) && (reads.Texts.Contains(field) || (repeats && reads.Members.Contains(field)))) || (script.Section == section && reads.Items.Contains(field));
            if (used) yield return new FormUse(FormFindings.File, script.Where);
        }
        if (FormFindings.Read(root) is { } form)
            foreach (var where in Structure(form, section, field)) yield return new FormUse(FormFindings.File, where);
        var roles = root["parties"].Parts().Where(p => p["section"].Text() == section).Select(p => p["role"].Text()).OfType<string>().Append("applicant").Distinct();
        var parties = $@"party\.({string.Join('|', roles.Select(Regex.Escape))})\.";
        var name = field is null ? @"\w+" : Regex.Escape(field);
        foreach (var use in Templates(files, new Regex($@"\bform\.{Regex.Escape(section)}\b" + (field is null ? "" : $@".*\.{name}\b")))) yield return use;
        if (field is not null && root["parties"].Parts().Any(p => p["section"].Text() == section))
            foreach (var use in Templates(files, new Regex($@"\b{parties}{name}\b"))) yield return use;
        foreach (var use in Examples(files, e => (e["form"] as JsonObject)?[section] is { } answers && (field is null || Rows(answers).Any(r => r.ContainsKey(field))))) yield return use;
    }

    /// <summary>Places that name it without a script: who is who, which office, the household, the register's subject.</summary>
    private static IEnumerable<LocalText> Structure(FormFile form, string section, string? field)
    {
        bool Names(string? path) => path is not null && (field is null ? path.StartsWith(section + ".", StringComparison.Ordinal) : path == $"{section}.{field}");
        if (Names(form.Place) || Names(form.Places?.Hukou) || Names(form.Places?.Event)) yield return FormTexts.Text("use.place");
        if (Names(form.Subject?.Key) || Names(form.Subject?.Name)) yield return FormTexts.Text("use.subject");
        foreach (var party in form.Parties.Where(p => p.Section == section))
            if (field is null || party.Name == field || party.IdNumber == field || party.Phone == field || party.Until == field || party.MayWithdraw == field || party.Where.ContainsKey(field))
                yield return FormTexts.Text("use.party", FieldTypes.Parties.Contains(party.Role) ? FormTexts.Text($"party.{party.Role}") : new LocalText(party.Role, party.Role));
        if (form.Household is { } household && household.Section == section && (field is null || household.Income.Contains(field))) yield return FormTexts.Text("use.household");
    }

    private static IEnumerable<FormUse> TaskUses(IReadOnlyDictionary<string, string> files, JsonObject root, string key, string? field)
    {
        if (field is not null)
            foreach (var script in FormScripts.All(root).Where(s => s.Task == key && ScriptReads.Of(s.Text).Items.Contains(field))) yield return new FormUse(FormFindings.File, script.Where);
        if (root["household"].In("protectedPersons").Text() is { } persons && persons == field) yield return new FormUse(FormFindings.File, FormTexts.Text("use.household"));
        foreach (var (file, text) in files.Where(f => f.Key.EndsWith(".workflow.json", StringComparison.Ordinal)))
        {
            var activities = WorkflowReferences.Activities(text).ToList();
            var tasks = activities.Where(a => a["form"].In("expression").In("value").Text() == key).ToList();
            if (tasks.Count == 0) continue;
            if (field is null)
            {
                foreach (var task in tasks) yield return new FormUse(file, FormTexts.Text("use.step", ActivityNames.Of(task)));
                continue;
            }
            var variables = tasks.Select(t => t["result"].In("memoryReference").In("id").Text()).OfType<string>().ToHashSet();
            var names = Variables(text, variables).ToList();
            if (names.Count > 0)
            {
                var reads = new Regex($@"(?:get({string.Join('|', names.Select(Regex.Escape))})\(\)|variables\.({string.Join('|', names.Select(Regex.Escape))}))");
                foreach (var activity in activities.Where(a => Expressions(a).Any(e => reads.IsMatch(e) && Regex.IsMatch(e, $@"\b{Regex.Escape(field)}\b")))) yield return new FormUse(file, FormTexts.Text("use.step", ActivityNames.Of(activity)));
            }
            var ids = tasks.Select(t => t["id"].Text()).OfType<string>().Select(Regex.Escape);
            foreach (var use in Templates(files, new Regex($@"\btask\.({string.Join('|', ids)})\.{Regex.Escape(field)}\b"))) yield return use;
        }
    }

    private static IEnumerable<string> Variables(string text, HashSet<string> ids) =>
        JsonFile.Read(text).Root is { } root ? root["variables"].Parts().Where(v => v["id"].Text() is { } id && ids.Contains(id)).Select(v => v["name"].Text()).OfType<string>() : [];

    private static IEnumerable<FormUse> Templates(IReadOnlyDictionary<string, string> files, Regex names) =>
        files.Where(f => f.Key.StartsWith("templates/", StringComparison.Ordinal) && Tag().Matches(f.Value).Any(t => names.IsMatch(t.Value))).Select(f => new FormUse(f.Key, FormTexts.Text("use.template", f.Key["templates/".Length..])));

    /// <summary>Examples together: who renames a question must correct them, and there may be fifty.</summary>
    private static IEnumerable<FormUse> Examples(IReadOnlyDictionary<string, string> files, Func<JsonObject, bool> uses)
    {
        var count = files.Where(f => f.Key.StartsWith("examples/", StringComparison.Ordinal)).Count(f => JsonFile.Read(f.Value).Root is { } example && uses(example));
        return count == 0 ? [] : [new FormUse("examples", FormTexts.Text("use.examples", count))];
    }

    private static IEnumerable<JsonObject> Rows(JsonNode answers) => answers is JsonObject one ? [one] : answers.Parts();

    /// <summary>What an activity works out itself, not what the activities within it do.</summary>
    private static IEnumerable<string> Expressions(JsonObject activity) => activity.Select(p => p.Value.In("expression").In("value").Text()).OfType<string>();

    [GeneratedRegex(@"\{\{.*?\}\}|\{%.*?%\}", RegexOptions.Singleline)]
    private static partial Regex Tag();
}
