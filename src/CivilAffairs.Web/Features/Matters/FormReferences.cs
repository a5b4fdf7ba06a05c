using CivilAffairs.Web.Features.Matters.Forms;

namespace CivilAffairs.Web.Features.Matters;

/// <summary>
/// Whether conditions ask for questions that there are: one that names a question wrongly is never met, and nobody notices. Told only
/// where the script says it plainly (<c>form.section.name</c>, <c>item.name</c>); rows of a list go by names of the script's own.
/// </summary>
internal static class FormReferences
{
    /// <summary>What a list has beside its rows.</summary>
    private static readonly HashSet<string> OfLists = ["length", "some", "every", "filter", "map", "find", "reduce", "at", "slice", "concat", "flatMap", "findIndex", "includes", "forEach", "indexOf", "findLast", "findLastIndex", "flat", "join", "keys", "entries", "values", "toSorted", "reduceRight"];

    /// <summary>Answers of a task beside its fields.</summary>
    private static readonly string[] OfTasks = ["outcome"];

    public static void Run(FormFile form, Reporter report)
    {
        foreach (var (section, i) in form.Sections.Select((s, i) => (s, i)))
        {
            Script(form, null, section.ShowWhen, $"$.sections[{i}].showWhen", report);
            Fields(form, section.Fields, [.. section.Fields.Select(f => f.Id)], $"$.sections[{i}]", report);
        }
        foreach (var (key, task) in form.TaskForms) Fields(form, task.Fields, [.. task.Fields.Select(f => f.Id), .. OfTasks], $"$.taskForms.{key}", report);
        foreach (var (attachment, i) in form.Attachments.Select((a, i) => (a, i))) Script(form, null, attachment.Required.Expression, $"$.attachments[{i}].required", report);
        foreach (var (fact, i) in form.Facts.Select((f, i) => (f, i))) Script(form, null, fact.Expression, $"$.facts[{i}].expression", report);
        foreach (var (step, i) in (form.Estimate?.Steps ?? []).Select((s, i) => (s, i))) Script(form, null, step.Expression, $"$.estimate.steps[{i}].expression", report);
    }

    private static void Fields(FormFile form, IReadOnlyList<FormField> fields, HashSet<string> own, string path, Reporter report)
    {
        foreach (var (field, i) in fields.Select((f, i) => (f, i)))
        {
            var at = $"{path}.fields[{i}]";
            Script(form, own, field.ShowWhen, $"{at}.showWhen", report);
            Script(form, own, field.Required.Expression, $"{at}.required", report);
            Script(form, own, field.Prefill, $"{at}.prefill", report);
            foreach (var (rule, v) in field.Validators.Select((r, v) => (r, v)))
            {
                Script(form, own, rule.When, $"{at}.validators[{v}].when", report);
                if (rule.Rule == "js" && rule.Value is { ValueKind: System.Text.Json.JsonValueKind.String } value) Script(form, own, value.GetString(), $"{at}.validators[{v}].value", report);
            }
        }
    }

    /// <param name="own">What <c>item</c> has here; null: there is no item.</param>
    private static void Script(FormFile form, HashSet<string>? own, string? script, string path, Reporter report)
    {
        if (script is null) return;
        var reads = ScriptReads.Of(script);
        foreach (var section in reads.Sections.Where(name => form.Sections.All(s => s.Id != name)).Order(StringComparer.Ordinal)) report.Error(path, "script.noSection", section);
        foreach (var (section, field) in reads.Paths.OrderBy(p => p.Section, StringComparer.Ordinal).ThenBy(p => p.Field, StringComparer.Ordinal))
            if (form.Sections.FirstOrDefault(s => s.Id == section) is { } found && (found.Repeat is null ? found.Fields.All(f => f.Id != field) : !OfLists.Contains(field)))
                report.Error(path, "script.noField", found.Title, field);
        if (own is not null)
            foreach (var field in reads.Items.Where(name => !own.Contains(name)).Order(StringComparer.Ordinal)) report.Error(path, "script.noItem", field);
    }
}
