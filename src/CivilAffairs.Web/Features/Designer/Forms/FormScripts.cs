using System.Text.Json.Nodes;
using CivilAffairs.Engine.Port;

namespace CivilAffairs.Web.Features.Designer.Forms;

/// <summary>An expression of form.json.</summary>
/// <param name="Section">Whose answers it calls <c>item</c>; null: none.</param>
/// <param name="Task">The task's form that it stands in; null: none.</param>
/// <param name="Where">For people.</param>
internal sealed record FormScriptPlace(string Path, string? Section, string? Task, string Text, LocalText Where);

/// <summary>All expressions of a form.</summary>
internal static class FormScripts
{
    public static IEnumerable<FormScriptPlace> All(JsonObject root)
    {
        foreach (var (section, i) in root[FormSpot.Sections].Parts().Select((s, i) => (s, i)))
        {
            var title = Words(section["title"]);
            if (section["showWhen"].Text() is { } when) yield return new($"$.sections[{i}].showWhen", null, null, when, FormTexts.Text("at.section", title, FormTexts.Text("at.showWhen")));
            foreach (var script in Fields(section, $"$.sections[{i}]", section["id"].Text(), null, title)) yield return script;
        }
        foreach (var (key, task) in root[FormSpot.TaskForms] as JsonObject ?? [])
            if (task is JsonObject part)
                foreach (var script in Fields(part, $"$.taskForms.{key}", null, key, Words(part["title"]))) yield return script;
        foreach (var (attachment, i) in root[FormSpot.Attachments].Parts().Select((a, i) => (a, i)))
            if (attachment["required"].Text() is { } required) yield return new($"$.attachments[{i}].required", null, null, required, FormTexts.Text("at.attachment", Words(attachment["label"]), FormTexts.Text("at.required")));
        foreach (var (fact, i) in root["facts"].Parts().Select((f, i) => (f, i)))
            if (fact["expression"].Text() is { } expression) yield return new($"$.facts[{i}].expression", null, null, expression, FormTexts.Text("at.fact", new LocalText(fact["zh"].Text() ?? "", fact["en"].Text() ?? "")));
        foreach (var (step, i) in (root["estimate"] as JsonObject)?["steps"].Parts().Select((s, i) => (s, i)) ?? [])
            if (step["expression"].Text() is { } expression) yield return new($"$.estimate.steps[{i}].expression", null, null, expression, FormTexts.Text("at.estimate", new LocalText(step["zh"].Text() ?? "", step["en"].Text() ?? "")));
    }

    private static IEnumerable<FormScriptPlace> Fields(JsonObject whole, string path, string? section, string? task, LocalText title)
    {
        foreach (var (field, i) in whole["fields"].Parts().Select((f, i) => (f, i)))
        {
            var (at, label) = ($"{path}.fields[{i}]", Words(field["label"]));
            foreach (var property in new[] { "showWhen", "required", "prefill" })
                if (field[property].Text() is { } script) yield return new($"{at}.{property}", section, task, script, FormTexts.Text("at.field", title, label, FormTexts.Text($"at.{property}")));
            foreach (var (rule, v) in field["validators"].Parts().Select((r, v) => (r, v)))
            {
                var where = FormTexts.Text("at.field", title, label, FormTexts.Text("at.rule"));
                if (rule["when"].Text() is { } when) yield return new($"{at}.validators[{v}].when", section, task, when, where);
                if (rule["rule"].Text() == "js" && rule["value"].Text() is { } value) yield return new($"{at}.validators[{v}].value", section, task, value, where);
            }
        }
    }

    internal static LocalText Words(JsonNode? words) => new(words.In("zh").Text() ?? "", words.In("en").Text() ?? "");
}
