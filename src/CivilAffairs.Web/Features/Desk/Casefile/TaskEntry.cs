using System.Text.Json.Nodes;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Features.Matters.Forms;
using CivilAffairs.Web.Platform.Pages;
using CivilAffairs.Web.Platform.Time;

namespace CivilAffairs.Web.Features.Desk.Casefile;

/// <summary>What an officer is entering into one task: an outcome and the fields that it asks for. Pure; the panel shows it.</summary>
public sealed class TaskEntry
{
    private readonly TaskFormEvaluator evaluator;
    private readonly FormAnswers answers;
    private readonly Matters.FormFile form;
    private readonly Dictionary<string, string> typed = [], before = [], first = [];
    private readonly string today;
    private readonly Dictionary<string, HashSet<string>> chosen = [];

    /// <param name="earlier">What was found last time; empty: there was none.</param>
    /// <param name="found">What was found in this case so far; null: nothing.</param>
    public TaskEntry(WorkTask task, Matters.FormFile form, FormAnswers answers, JsonObject earlier, JsonObject? found = null)
    {
        ArgumentNullException.ThrowIfNull(task);
        (Task, this.form, this.answers, evaluator) = (task, form, answers, new TaskFormEvaluator(form));
        Outcomes = System.Text.Json.JsonSerializer.Deserialize<string[]>(task.Outcomes)!;
        if (Outcomes is [var only]) Outcome = only;
        if (task.Form is { } asked)
        {
            foreach (var (field, text) in Written(asked, evaluator.Prefill(asked, answers, earlier))) before[field] = text;
            foreach (var (field, text) in Written(asked, evaluator.Prefill(asked, answers, earlier, found))) first[field] = typed[field] = text;
        }
        OccurredOn = today = BureauTime.Iso(answers.Today);
        Refresh();
    }

    public WorkTask Task { get; }
    public IReadOnlyList<string> Outcomes { get; }
    public string? Outcome { get; private set; }

    /// <summary>The day on which it was done, as typed; today's until somebody types another.</summary>
    public string OccurredOn { get; private set; }

    /// <summary>The day to send: null where nobody typed another than today, also when the page is left open past midnight.</summary>
    public DateOnly? OccurredDay => OccurredOn == today ? null : FieldText.ReadDay(OccurredOn);

    /// <summary>The fields that the chosen outcome asks for now; none before an outcome is chosen.</summary>
    public IReadOnlyList<ShownField> Shown { get; private set; } = [];

    /// <summary>By field id, <c>outcome</c> for the choice itself; in the reader's language.</summary>
    public Dictionary<string, string> Faults { get; } = [];

    /// <summary>Rises with whatever is entered: what was worked out from the entry before counts no more.</summary>
    public int Changes { get; private set; }

    /// <summary>One key for one decision: sent again after a lost connection, it is done once.</summary>
    public string Key { get; } = Guid.NewGuid().ToString("N");

    /// <summary>What was found last time, as typed; null: nothing was.</summary>
    public string? Before(string field) => before.GetValueOrDefault(field);

    /// <summary>What stood in the field at first, from this case's own findings or those of last time; null: nothing did.</summary>
    public string? First(string field) => first.GetValueOrDefault(field);

    public bool IsEmpty => typed.All(t => first.TryGetValue(t.Key, out var stood) && stood == t.Value) && OccurredOn == today && chosen.Count == 0 && (Outcome is null || Outcomes.Count == 1);

    public void Choose(string outcome)
    {
        Outcome = outcome;
        Faults.Clear();
        Refresh();
    }

    public void TypeOccurredOn(string? text)
    {
        OccurredOn = text is { Length: > 0 } ? text : today;
        Changes++;
        Faults.Remove(Cases.Commands.OccurredDay.Field);
    }

    public string Typed(string field) => typed.GetValueOrDefault(field, "");

    public void Type(string field, string? text)
    {
        typed[field] = text ?? "";
        Faults.Remove(field);
        Refresh();
    }

    public bool IsChosen(string field, string option) => chosen.TryGetValue(field, out var options) && options.Contains(option);

    public void Toggle(string field, string option)
    {
        if (!chosen.TryGetValue(field, out var options)) chosen[field] = options = [];
        if (!options.Remove(option)) options.Add(option);
        Faults.Remove(field);
        Refresh();
    }

    /// <summary>The answers to send, or null where something is wrong and <see cref="Faults"/> says what.</summary>
    public JsonObject? Check()
    {
        Faults.Clear();
        if (Outcome is null)
        {
            Faults["outcome"] = "";
            return null;
        }
        var values = Read(Faults);
        if (OccurredOn != today && OccurredDay is null) Take([Cases.Commands.OccurredDay.Unreadable]);
        if (Task.Form is { } asked)
            Take(evaluator.Validate(asked, With(values), answers));
        return Faults.Count == 0 ? values : null;
    }

    /// <summary>Faults that the server found.</summary>
    public void Take(IEnumerable<FieldFault> faults)
    {
        ArgumentNullException.ThrowIfNull(faults);
        foreach (var fault in faults) Faults.TryAdd(fault.Path, Languages.IsEnglish ? fault.En : fault.Zh);
    }

    private void Refresh()
    {
        Changes++;
        Shown = Task.Form is { } asked && Outcome is not null ? evaluator.Shown(asked, With(Read(null)), answers) : [];
    }

    private JsonObject Read(Dictionary<string, string>? faults)
    {
        var values = new JsonObject();
        if (Task.Form is null) return values;
        // Only what is shown is sent: an answer to a question of another outcome is kept in case it comes back.
        IEnumerable<FormField> asked = faults is null ? form.TaskForms[Task.Form].Fields : Shown.Select(s => s.Field);
        foreach (var field in asked)
        {
            if (field.Type == "choices")
            {
                if (chosen.TryGetValue(field.Id, out var options) && options.Count > 0)
                    values[field.Id] = new JsonArray([.. field.Options.Where(o => options.Contains(o.Value)).Select(o => (JsonNode?)o.Value)]);
                continue;
            }
            var (value, fault) = FieldText.Read(field, Typed(field.Id));
            if (value is not null) values[field.Id] = value;
            if (fault is not null && faults is not null) faults[field.Id] = Languages.IsEnglish ? fault.En : fault.Zh;
        }
        return values;
    }

    private IEnumerable<(string Field, string Text)> Written(string asked, JsonObject values) =>
        from value in values
        join field in form.TaskForms[asked].Fields on value.Key equals field.Id
        select (value.Key, FieldText.Write(field, value.Value));

    private JsonObject With(JsonObject values)
    {
        var all = values.DeepClone().AsObject();
        all["outcome"] = Outcome;
        return all;
    }
}
