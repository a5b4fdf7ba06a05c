using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CivilAffairs.Web.Features.Designer.Drafts;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Features.Matters.Forms;
using FormFile = CivilAffairs.Web.Features.Matters.FormFile;

namespace CivilAffairs.Web.Features.Designer.Forms;

/// <summary>What is wrong with form.json as it stands in the editor. Cheap: it is asked after every change; the whole matter's check is asked after a save.</summary>
internal static partial class FormFindings
{
    public const string File = "form.json";

    public static IReadOnlyList<MatterFault> Of(JsonObject root)
    {
        var faults = new List<MatterFault>();
        var form = Read(root, faults);
        var report = new Reporter(File, faults);
        if (form is not null) FormCheck.Run(form, report);
        foreach (var (section, i) in root[FormSpot.Sections].Parts().Select((s, i) => (s, i)))
        {
            Named(section, "title", $"$.sections[{i}]", report);
            if (section["fields"].Parts().Count == 0) report.Error($"$.sections[{i}].fields", FormTexts.Text("fields.none"));
            Fields(section, $"$.sections[{i}]", report);
        }
        foreach (var (key, task) in root[FormSpot.TaskForms] as JsonObject ?? [])
            if (task is JsonObject part)
            {
                Named(part, "title", $"$.taskForms.{key}", report, hasId: false);
                Fields(part, $"$.taskForms.{key}", report);
            }
        foreach (var (attachment, i) in root[FormSpot.Attachments].Parts().Select((a, i) => (a, i)))
        {
            Named(attachment, "label", $"$.attachments[{i}]", report);
            if (attachment["accept"] is not JsonArray { Count: > 0 }) report.Error($"$.attachments[{i}].accept", FormTexts.Text("accept.none"));
            if (string.IsNullOrWhiteSpace(attachment["source"].Text())) report.Error($"$.attachments[{i}].source", FormTexts.Text("source.none"));
            if (attachment["max"] is JsonValue max && (!max.TryGetValue<int>(out var count) || count is < 1 or > 50)) report.Error($"$.attachments[{i}].max", FormTexts.Text("max.wrong"));
        }
        return faults;
    }

    /// <summary>The form as applicants would meet it; null: it cannot be read.</summary>
    public static FormFile? Read(JsonObject root, List<MatterFault>? faults = null) => MatterJson.Read<FormFile>(File, root.ToJsonString(), faults ?? []);

    /// <summary>
    /// Errors that were not there before, by what they are about and not by where it stands: a question that moved up brings none.
    /// A draft may be faulty, and what was faulty before must not keep anybody from saving the rest.
    /// </summary>
    public static IReadOnlyList<FieldFault> New(JsonObject before, JsonObject after, Func<JsonObject, IEnumerable<MatterFault>> check)
    {
        var known = check(before).Where(f => f.IsError).Select(f => (Key(before, f.Path), f.Text.Zh)).ToHashSet();
        return [.. check(after).Where(f => f.IsError && !known.Contains((Key(after, f.Path), f.Text.Zh))).Take(DraftFaults.Most).Select(f => new FieldFault($"{f.File} {f.Path}", f.Text.Zh, f.Text.En))];
    }

    /// <summary>A path with ids for positions: <c>$.sections[applicant].fields[phone].mask</c>.</summary>
    internal static string Key(JsonObject root, string path)
    {
        JsonNode? at = root;
        var key = new System.Text.StringBuilder("$");
        foreach (Match step in Step().Matches(path))
            if (step.Groups[1].Success)
            {
                at = (at as JsonObject)?[step.Groups[1].Value];
                key.Append('.').Append(step.Groups[1].ValueSpan);
            }
            else
            {
                at = at is JsonArray list && int.TryParse(step.Groups[2].ValueSpan, out var position) && position < list.Count ? list[position] : null;
                var part = at as JsonObject;
                key.Append('[').Append(part.In("id").Text() ?? part.In("key").Text() ?? part.In("code").Text() ?? step.Groups[2].Value).Append(']');
            }
        return key.ToString();
    }

    private static void Fields(JsonObject whole, string path, Reporter report)
    {
        foreach (var (field, i) in whole["fields"].Parts().Select((f, i) => (f, i)))
        {
            Named(field, "label", $"{path}.fields[{i}]", report);
            foreach (var (option, o) in field["options"].Parts().Select((o, n) => (o, n)))
                if (string.IsNullOrWhiteSpace(option["value"].Text()) || Blank(option["label"])) report.Error($"{path}.fields[{i}].options[{o}]", FormTexts.Text("option.blank", o + 1));
        }
    }

    private static void Named(JsonObject part, string name, string path, Reporter report, bool hasId = true)
    {
        if (Blank(part[name])) report.Error($"{path}.{name}", FormTexts.Text("name.blank"));
        if (hasId && !Id().IsMatch(part["id"].Text() ?? "")) report.Error($"{path}.id", FormTexts.Text("id.wrong"));
    }

    private static bool Blank(JsonNode? words) => string.IsNullOrWhiteSpace(words.In("zh").Text()) || string.IsNullOrWhiteSpace(words.In("en").Text());

    [GeneratedRegex("^[a-z][A-Za-z0-9]{0,59}$")]
    private static partial Regex Id();

    [GeneratedRegex(@"\.([^.\[\]]+)|\[(\d+)\]")]
    private static partial Regex Step();
}
