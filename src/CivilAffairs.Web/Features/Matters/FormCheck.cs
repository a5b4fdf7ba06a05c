using CivilAffairs.Web.Features.Matters.Forms;

namespace CivilAffairs.Web.Features.Matters;

/// <summary>Checks form.json beyond its shape: known words, unique ids, scripts that parse, nothing personal in the workflow.</summary>
internal static class FormCheck
{
    public static void Run(FormFile form, Reporter report)
    {
        Unique(form.Sections.Select(s => s.Id), i => $"$.sections[{i}].id", report);
        foreach (var (section, i) in form.Sections.Select((s, i) => (s, i)))
        {
            Script(section.ShowWhen, $"$.sections[{i}].showWhen", report);
            if (section.Repeat is { } repeat && (repeat.Max < 1 || repeat.Min > repeat.Max)) report.Error($"$.sections[{i}].repeat", "repeat.wrong");
            Fields(section.Fields, $"$.sections[{i}]", isTask: false, report);
        }
        foreach (var (key, task) in form.TaskForms) Fields(task.Fields, $"$.taskForms.{key}", isTask: true, report);
        Unique(form.Attachments.Select(a => a.Id), i => $"$.attachments[{i}].id", report);
        foreach (var (attachment, i) in form.Attachments.Select((a, i) => (a, i)))
        {
            Script(attachment.Required.Expression, $"$.attachments[{i}].required", report);
            foreach (var type in attachment.Accept.Where(t => !FieldTypes.Accept.Contains(t))) Word($"$.attachments[{i}].accept", type, FieldTypes.Accept, report);
        }
        People(form, report);
        FormReferences.Run(form, report);
        Unique(form.Facts.Select(f => f.Id), i => $"$.facts[{i}].id", report);
        foreach (var (fact, i) in form.Facts.Select((f, i) => (f, i)))
        {
            if (!FieldTypes.FactTypes.Contains(fact.Type)) Word($"$.facts[{i}].type", fact.Type, FieldTypes.FactTypes, report);
            if (fact.Id == Engine.Port.StepInput.OccurredOnFact) report.Error($"$.facts[{i}].id", "flow.reserved", fact.Id);
            Script(fact.Expression, $"$.facts[{i}].expression", report);
        }
        Estimate(form, form.Estimate, report);
    }

    private static void Estimate(FormFile form, FormEstimate? estimate, Reporter report)
    {
        if (estimate is null) return;
        Unique(estimate.Steps.Select(s => s.Id), i => $"$.estimate.steps[{i}].id", report);
        foreach (var (step, i) in estimate.Steps.Select((s, i) => (s, i)))
        {
            if (!FieldTypes.FactTypes.Contains(step.Type)) Word($"$.estimate.steps[{i}].type", step.Type, FieldTypes.FactTypes, report);
            if (step.Mark is not ("S" or "L")) report.Error($"$.estimate.steps[{i}].mark", "rule.mark", step.Mark);
            if (step.Source.Length == 0) report.Error($"$.estimate.steps[{i}].source", "rule.source");
            Script(step.Expression, $"$.estimate.steps[{i}].expression", report);
        }
        Unique(estimate.Asks.Select(a => a.Section), i => $"$.estimate.asks[{i}].section", report);
        foreach (var (ask, i) in estimate.Asks.Select((a, i) => (a, i)))
        {
            if (form.Sections.FirstOrDefault(s => s.Id == ask.Section) is not { } section) report.Error($"$.estimate.asks[{i}].section", "field.unknown", ask.Section);
            else
                foreach (var field in ask.Fields.Where(f => section.Fields.All(x => x.Id != f))) report.Error($"$.estimate.asks[{i}].fields", "field.unknown", $"{ask.Section}.{field}");
        }
        Step("eligible", estimate.Eligible, "boolean");
        if (estimate.Amount is { } amount) Step("amount", amount, "fen");

        void Step(string name, string id, string type)
        {
            if (estimate.Steps.FirstOrDefault(s => s.Id == id) is not { } step) report.Error($"$.estimate.{name}", "field.unknown", id);
            else if (step.Type != type) report.Error($"$.estimate.{name}", "field.type", id, type);
        }
    }

    internal static void Fields(IReadOnlyList<FormField> fields, string path, bool isTask, Reporter report)
    {
        Unique(fields.Select(f => f.Id), i => $"{path}.fields[{i}].id", report);
        foreach (var (field, i) in fields.Select((f, i) => (f, i)))
        {
            var at = $"{path}.fields[{i}]";
            if (!FieldTypes.All.Contains(field.Type)) Word($"{at}.type", field.Type, FieldTypes.All, report);
            if (!FieldTypes.Masks.Contains(field.Mask)) Word($"{at}.mask", field.Mask, FieldTypes.Masks, report);
            if (field.Type is "choice" or "choices" && field.Options.Count == 0) report.Error($"{at}.options", "options.none", field.Label);
            Unique(field.Options.Select(o => o.Value), o => $"{at}.options[{o}].value", report);
            if (field.Flow && !isTask) report.Error($"{at}.flow", "flow.onlyTasks", field.Label);
            else if (field.Flow && !FieldTypes.Flow.Contains(field.Type)) report.Error($"{at}.flow", "flow.type", field.Label, field.Type);
            if (isTask && field.Id is "outcome" or "by" or "seat" or Engine.Port.StepInput.OccurredOnFact) report.Error($"{at}.id", "flow.reserved", field.Id);
            if (field.Prefill is not null && !isTask) report.Error($"{at}.prefill", "prefill.onlyTasks", field.Label);
            Script(field.Prefill, $"{at}.prefill", report);
            Script(field.ShowWhen, $"{at}.showWhen", report);
            Script(field.Required.Expression, $"{at}.required", report);
            foreach (var (validator, v) in field.Validators.Select((x, v) => (x, v))) Validator(validator, $"{at}.validators[{v}]", report);
        }
    }

    private static void People(FormFile form, Reporter report)
    {
        var fields = form.Sections.SelectMany(s => s.Fields.Select(f => (Path: $"{s.Id}.{f.Id}", Field: f))).ToLookup(f => f.Path, f => f.Field);
        void Field(string path, string at, params string[] types)
        {
            if (fields[path].FirstOrDefault() is not { } field) report.Error(at, "field.unknown", path);
            else if (types.Length > 0 && !types.Contains(field.Type)) report.Error(at, "field.type", path, string.Join(", ", types));
        }
        if (form.Place is { } place) Field(place, "$.place", "division");
        if (form.Places?.Hukou is { } hukou) Field(hukou, "$.places.hukou", "division");
        if (form.Places?.Event is { } happened) Field(happened, "$.places.event", "division");
        if (form.Parties.All(p => p.Role != "applicant")) report.Error("$.parties", "party.noApplicant");
        if (form.Subject is { } subject)
        {
            Field(subject.Key, "$.subject.key");
            Field(subject.Name, "$.subject.name");
        }
        foreach (var (party, i) in form.Parties.Select((p, i) => (p, i)))
        {
            if (!FieldTypes.Parties.Contains(party.Role)) Word($"$.parties[{i}].role", party.Role, FieldTypes.Parties, report);
            Field($"{party.Section}.{party.Name}", $"$.parties[{i}].name", "personName");
            Field($"{party.Section}.{party.IdNumber}", $"$.parties[{i}].idNumber", "idNumber");
            if (party.Until is { } until) Field($"{party.Section}.{until}", $"$.parties[{i}].until", "date");
            if (party.MayWithdraw is { } power) Field($"{party.Section}.{power}", $"$.parties[{i}].mayWithdraw", "boolean");
            if (party.Role != "agent" && (party.Until ?? party.MayWithdraw) is not null) report.Error($"$.parties[{i}]", "party.noAgent", party.Role);
            foreach (var condition in party.Where.Keys) Field($"{party.Section}.{condition}", $"$.parties[{i}].where", "choice");
        }
        if (form.Household is not { } household) return;
        if (form.Sections.FirstOrDefault(s => s.Id == household.Section)?.Repeat is null) report.Error("$.household.section", "household.repeats", household.Section);
        foreach (var income in household.Income) Field($"{household.Section}.{income}", "$.household.income", "money");
        if (household.ProtectedPersons is { } persons && !form.TaskForms.Values.SelectMany(t => t.Fields).Any(f => f.Id == persons && f.Type == "integer"))
            report.Error("$.household.protectedPersons", "field.unknown", persons);
    }

    private static void Validator(FieldValidator validator, string path, Reporter report)
    {
        if (!FieldTypes.Rules.Contains(validator.Rule)) Word($"{path}.rule", validator.Rule, FieldTypes.Rules, report);
        Script(validator.When, $"{path}.when", report);
        if (validator.Rule is "min" or "max" or "minLength" or "maxLength" && (validator.Value is not { ValueKind: System.Text.Json.JsonValueKind.Number } number || !number.TryGetInt64(out _)))
            report.Error($"{path}.value", "validator.number", validator.Rule);
        if (validator.Rule is "js" or "pattern")
        {
            if (validator.Message is null) report.Error($"{path}.message", "validator.message", validator.Rule);
            if (validator.Value?.ValueKind != System.Text.Json.JsonValueKind.String) report.Error($"{path}.value", "validator.text", validator.Rule);
            else if (validator.Rule == "js") Script(validator.Value.Value.GetString(), $"{path}.value", report);
            else if (FieldRules.PatternError(validator.Value.Value.GetString()!) is { } wrong) report.Error($"{path}.value", "script.wrong", wrong);
        }
    }

    private static void Script(string? expression, string path, Reporter report)
    {
        if (expression is not null && FormScript.SyntaxError(expression) is { } error) report.Error(path, "script.wrong", error);
    }

    private static void Word(string path, string word, IEnumerable<string> known, Reporter report) =>
        report.Error(path, "word.unknown", word, string.Join(", ", known));

    private static void Unique(IEnumerable<string> ids, Func<int, string> path, Reporter report)
    {
        var seen = new HashSet<string>();
        foreach (var (id, i) in ids.Select((id, i) => (id, i)))
            if (!seen.Add(id)) report.Error(path(i), "id.twice", id);
    }
}
