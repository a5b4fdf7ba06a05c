using System.Text.Json.Nodes;
using CivilAffairs.Engine.Port;

namespace CivilAffairs.Web.Features.Matters.Forms;

/// <summary>
/// Applies a form's rules to answers: what is shown, what is required, what is wrong. Pure: the same answers always give
/// the same result. Safe for concurrent use.
/// </summary>
/// <exception cref="FormScriptException">From every method: an expression of the form fails on these answers.</exception>
public sealed class FormEvaluator(FormFile form)
{
    public FormFile Form { get; } = form;

    /// <summary>The sections and fields to show, in order, with one row at least where a section does not repeat.</summary>
    public IReadOnlyList<ShownSection> Shown(FormAnswers answers)
    {
        ArgumentNullException.ThrowIfNull(answers);
        using var script = Script(answers);
        return Shown(answers, script);
    }

    /// <summary>What is wrong with the answers, in the order of the form; empty: they may be submitted.</summary>
    /// <param name="answers">The answers so far.</param>
    /// <param name="section">Only this section (a page just filled in), else all.</param>
    public IReadOnlyList<FieldFault> Validate(FormAnswers answers, string? section = null)
    {
        ArgumentNullException.ThrowIfNull(answers);
        using var script = Script(answers);
        var faults = new List<FieldFault>();
        UnknownAnswers(answers.Data, section, faults);
        foreach (var shown in Shown(answers, script).Where(s => section is null || s.Section.Id == section))
        {
            Count(shown, answers.Data, faults);
            foreach (var row in shown.Rows)
            {
                script.At(row.Data, row.Index);
                var prefix = shown.Section.Repeat is null ? shown.Section.Id : $"{shown.Section.Id}[{row.Index}]";
                foreach (var field in row.Fields)
                    if (FieldCheck.Run(field, row, shown.Rows, script, answers.Today) is { } text)
                        faults.Add(Fault($"{prefix}.{field.Field.Id}", Place(shown.Section, row.Index, text)));
            }
        }
        return faults;
    }

    /// <summary>The answers without those that are not shown: what is submitted, and what facts are computed from.</summary>
    public JsonObject Prune(FormAnswers answers)
    {
        var pruned = new JsonObject();
        foreach (var shown in Shown(answers))
        {
            var rows = shown.Rows.Select(row => new JsonObject(row.Fields
                .Where(f => row.Data[f.Field.Id] is not null)
                .Select(f => KeyValuePair.Create(f.Field.Id, row.Data[f.Field.Id]?.DeepClone())))).ToList();
            pruned[shown.Section.Id] = shown.Section.Repeat is null ? rows[0] : new JsonArray([.. rows]);
        }
        return pruned;
    }

    /// <summary>The attachments wanted for these answers.</summary>
    public IReadOnlyList<WantedAttachment> Attachments(FormAnswers answers)
    {
        ArgumentNullException.ThrowIfNull(answers);
        using var script = Script(answers);
        return [.. Form.Attachments.Select(a => new WantedAttachment(a, Holds(a.Required, script)))];
    }

    /// <summary>The facts of the case, computed from the pruned answers.</summary>
    public ComputedFacts Facts(FormAnswers answers)
    {
        var pruned = answers with { Data = Prune(answers) };
        using var script = Script(pruned);
        return FactReader.Read(Form.Facts, script);
    }

    internal FormScript Script(FormAnswers answers) => new(() => Whole(answers.Data), answers.Parameters, answers.Today);

    /// <summary>With every section present, so that expressions need not ask.</summary>
    private JsonObject Whole(JsonObject data) => new(Form.Sections.Select(s => KeyValuePair.Create(s.Id,
        s.Repeat is null
            ? (data[s.Id] as JsonObject)?.DeepClone() ?? new JsonObject()
            : (JsonNode?)new JsonArray([.. Rows(data[s.Id]).Select(r => r.DeepClone())]))));

    private List<ShownSection> Shown(FormAnswers answers, FormScript script)
    {
        var shown = new List<ShownSection>();
        foreach (var section in Form.Sections)
        {
            script.At([], 0);
            if (section.ShowWhen is { } when && !script.Decide(when)) continue;
            var rows = section.Repeat is null ? [answers.Data[section.Id] as JsonObject ?? []] : Rows(answers.Data[section.Id]).ToList();
            shown.Add(new ShownSection(section, [.. rows.Select((row, i) => Row(section.Fields, row, i, script))]));
        }
        return shown;
    }

    internal static ShownRow Row(IReadOnlyList<FormField> fields, JsonObject data, int index, FormScript script)
    {
        script.At(data, index);
        return new ShownRow(index, data, [.. fields.Where(f => f.ShowWhen is null || script.Decide(f.ShowWhen)).Select(f => new ShownField(f, Holds(f.Required, script)))]);
    }

    private static bool Holds(Condition condition, FormScript script) => condition.Fixed ?? script.Decide(condition.Expression!);

    private static IEnumerable<JsonObject> Rows(JsonNode? node) => (node as JsonArray)?.OfType<JsonObject>() ?? [];

    private static void Count(ShownSection shown, JsonObject data, List<FieldFault> faults)
    {
        if (shown.Section.Repeat is not { } repeat) return;
        var id = shown.Section.Id;
        if (shown.Rows.Count < repeat.Min) faults.Add(Fault(id, MatterMessages.Text("repeat.min", shown.Section.Title, repeat.Min, repeat.ItemTitle)));
        if (shown.Rows.Count > repeat.Max) faults.Add(Fault(id, MatterMessages.Text("repeat.max", shown.Section.Title, repeat.Max, repeat.ItemTitle)));
        if (data[id] is JsonArray list && list.Count != shown.Rows.Count) faults.Add(Fault(id, MatterMessages.Text("answer.shape", shown.Section.Title)));
    }

    /// <summary>What the form does not ask is refused: it would be stored unseen.</summary>
    private void UnknownAnswers(JsonObject data, string? only, List<FieldFault> faults)
    {
        foreach (var (id, node) in data)
        {
            if (only is not null && id != only) continue;
            var section = Form.Sections.FirstOrDefault(s => s.Id == id);
            if (section is null)
            {
                faults.Add(Fault(id, MatterMessages.Text("answer.unknown", id)));
                continue;
            }
            if (node is not null && (section.Repeat is null ? node is not JsonObject : node is not JsonArray))
                faults.Add(Fault(id, MatterMessages.Text("answer.shape", section.Title)));
            var known = section.Fields.Select(f => f.Id).ToHashSet();
            var rows = section.Repeat is null ? [node as JsonObject ?? []] : Rows(node).ToList();
            foreach (var (row, i) in rows.Select((r, i) => (r, i)))
                foreach (var name in row.Select(p => p.Key).Where(name => !known.Contains(name)))
                    faults.Add(Fault(section.Repeat is null ? $"{id}.{name}" : $"{id}[{i}].{name}", MatterMessages.Text("answer.unknown", name)));
        }
    }

    private static LocalText Place(FormSection section, int index, LocalText text) =>
        section.Repeat is { } repeat ? MatterMessages.Text("row", repeat.ItemTitle, index + 1, text) : text;

    internal static FieldFault Fault(string path, LocalText text) => new(path, text.Zh, text.En);
}
