using System.Text.Json.Nodes;
using Jint;

namespace CivilAffairs.Web.Features.Matters.Forms;

/// <summary>
/// The same rules for the form of one task. Expressions see the case's <c>form</c> and, as <c>item</c>, the task's own
/// fields plus <c>outcome</c>.
/// </summary>
public sealed class TaskFormEvaluator(FormFile form)
{
    private readonly FormEvaluator whole = new(form);

    /// <summary>The fields to show for an outcome.</summary>
    /// <param name="key">Key under <c>taskForms</c>.</param>
    /// <param name="values">The task's fields; <c>outcome</c> beside them.</param>
    /// <param name="answers">The case.</param>
    /// <exception cref="KeyNotFoundException">There is no such task form.</exception>
    public IReadOnlyList<ShownField> Shown(string key, JsonObject values, FormAnswers answers)
    {
        using var script = whole.Script(answers);
        return FormEvaluator.Row(form.TaskForms[key].Fields, values, 0, script).Fields;
    }

    /// <summary>Whether any rule is an expression: only then are the case's answers looked at, and need to be opened.</summary>
    public bool ReadsAnswers(string key) => form.TaskForms[key].Fields.Any(f =>
        f.ShowWhen is not null || f.Required.Expression is not null || f.Validators.Any(v => v.When is not null || v.Rule == "js"));

    /// <summary>What is wrong with the task's fields; <see cref="FieldFault.Path"/> is the field's id.</summary>
    public IReadOnlyList<FieldFault> Validate(string key, JsonObject values, FormAnswers answers) => Check(key, values, answers).Faults;

    /// <summary>What of the task's fields enters the workflow beside its outcome: those marked <c>flow</c>, shown and answered.</summary>
    public JsonObject FlowFields(string key, JsonObject values, FormAnswers answers)
    {
        ArgumentNullException.ThrowIfNull(values);
        return Flow(Shown(key, values, answers), values);
    }

    /// <summary><see cref="Validate"/> and <see cref="FlowFields"/> in one go.</summary>
    public (IReadOnlyList<FieldFault> Faults, JsonObject Flow) Check(string key, JsonObject values, FormAnswers answers)
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentNullException.ThrowIfNull(answers);
        using var script = whole.Script(answers);
        var row = FormEvaluator.Row(form.TaskForms[key].Fields, values, 0, script);
        var faults = new List<FieldFault>();
        var known = form.TaskForms[key].Fields.Select(f => f.Id).Append("outcome").ToHashSet();
        faults.AddRange(values.Select(v => v.Key).Where(name => !known.Contains(name)).Select(name => FormEvaluator.Fault(name, MatterMessages.Text("answer.unknown", name))));
        foreach (var field in row.Fields)
            if (FieldCheck.Run(field, row, [row], script, answers.Today) is { } text) faults.Add(FormEvaluator.Fault(field.Field.Id, text));
        return (faults, Flow(row.Fields, values));
    }

    /// <summary>
    /// What stands in the fields at first: as it was found in this case, else last time. A field whose expression fails, or gives
    /// nothing, starts empty.
    /// </summary>
    /// <param name="earlier">What was found last time, activity id → fields; empty: there was no last time.</param>
    /// <param name="found">The same of this case so far; null: as it was last time.</param>
    public JsonObject Prefill(string key, FormAnswers answers, JsonObject earlier, JsonObject? found = null)
    {
        var values = new JsonObject();
        var asked = form.TaskForms[key].Fields.Where(f => f.Prefill is not null).ToList();
        if (asked.Count == 0) return values;
        using var script = whole.Script(answers);
        script.Before(earlier, found ?? []);
        foreach (var field in asked)
            if (Found(script, field) is { } value) values[field.Id] = value;
        return values;
    }

    private static JsonValue? Found(FormScript script, FormField field)
    {
        try
        {
            var value = script.Evaluate(field.Prefill!);
            return value.IsBoolean() ? JsonValue.Create(value.AsBoolean())
                : value.IsNumber() && value.AsNumber() is var number && number == Math.Floor(number) ? JsonValue.Create((long)number)
                : value.IsString() ? JsonValue.Create(value.AsString()) : null;
        }
        catch (FormScriptException)
        {
            // It is only a help: what was found last time may lack what the form asks today.
            return null;
        }
    }

    private static JsonObject Flow(IReadOnlyList<ShownField> shown, JsonObject values) => new(shown
        .Where(f => f.Field.Flow && !FieldCheck.IsEmpty(values[f.Field.Id])).Select(f => KeyValuePair.Create(f.Field.Id, values[f.Field.Id]?.DeepClone())));
}
