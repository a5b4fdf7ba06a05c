using System.Text.RegularExpressions;
using CivilAffairs.Engine.Checks;
using CivilAffairs.Engine.Port;

namespace CivilAffairs.Web.Features.Matters;

/// <summary>Checks a matter as a whole: its files may each be well formed and still not fit together.</summary>
internal static partial class MatterCheck
{
    internal static readonly string[] Levels = ["village", "township", "county"];
    private static readonly IReadOnlyList<string> Postable = [Platform.Security.Roles.Applicant, .. Platform.Security.Roles.All];
    internal static readonly string[] Families = ["relief", "marriage", "organisation", "register"];

    public static void Run(MatterRevision revision, List<MatterFault> faults)
    {
        var matter = revision.Matter;
        var file = new Reporter("matter.json", faults);
        if (!Id().IsMatch(matter.Id)) file.Error("$.id", "matter.idShape", matter.Id);
        if (!Families.Contains(matter.Family)) file.Error("$.family", "word.unknown", matter.Family, string.Join(", ", Families));
        Roles(matter, file);
        Parameters(matter, file);
        RegisterCheck.Run(matter, file);
        ComparisonCheck.Run(revision, file);
        Review(matter, file);
        Marks(matter, file);
        foreach (var (series, i) in matter.Numbering.Select((s, i) => (s, i)))
        {
            if (matter.Numbering.Count(s => s.Kind == series.Kind) > 1) file.Error($"$.numbering[{i}].kind", "id.twice", series.Kind);
            if (Engine.Rules.NumberFormat.Read(series.Format) is not { } format) file.Error($"$.numbering[{i}].format", "series.format", series.Format);
            else if (format.SeriesOf(series.Prefix).Length > Engine.Rules.NumberFormat.Longest) file.Error($"$.numbering[{i}].prefix", "series.tooLong", series.Prefix);
        }
        foreach (var (kind, i) in matter.Certificates.Select((c, i) => (c, i)))
            if (matter.Numbering.All(n => n.Kind != kind.Numbering)) file.Error($"$.certificates[{i}].numbering", "series.unknown", kind.Numbering);
        Spoken(revision, file);
        if ((matter.Applicants.Where == "county") != (revision.Form.Place is null)) new Reporter("form.json", faults).Error("$.place", revision.Form.Place is null ? "place.missing" : "place.notAsked", matter.Applicants.Where);
        // Where people are told to apply must be where the case goes.
        var place = matter.Applicants.Where switch { "hukou" => revision.Form.Places?.Hukou, "event" => revision.Form.Places?.Event, _ => null };
        if (revision.Form is { Places: not null, Place: not null } && matter.Applicants.Where != "any" && place != revision.Form.Place)
            new Reporter("form.json", faults).Error("$.place", "place.other", matter.Applicants.Where, revision.Form.Place);
        ReminderCheck.Run(revision, file);
        TemplateFaults.Check(revision, faults);
        FormCheck.Run(revision.Form, new Reporter("form.json", faults));
        Shown(revision, new Reporter("form.json", faults));
        Workflows(revision, faults);
        foreach (var (name, example) in revision.Examples)
            if (!matter.Workflows.ContainsKey(example.Workflow))
                new Reporter($"examples/{name}", faults).Error("$.workflow", "workflow.unknown", example.Workflow);
    }

    /// <summary>Words of its own for outcomes, states and days: of those that its workflows have.</summary>
    private static void Spoken(MatterRevision revision, Reporter file)
    {
        var outcomes = revision.Workflows.Values.SelectMany(WorkflowReferences.Outcomes).ToHashSet();
        foreach (var code in revision.Matter.Outcomes.Keys.Where(o => !outcomes.Contains(o))) file.Error($"$.outcomes.{code}", "outcome.unknown", code);
        foreach (var status in revision.Matter.Statuses.Keys.Where(s => !Engine.CaseActivities.CaseStatuses.All.Contains(s))) file.Error($"$.statuses.{status}", "word.unknown", status, string.Join(", ", Engine.CaseActivities.CaseStatuses.All));
        var variables = revision.Workflows.Values.SelectMany(WorkflowReferences.Variables).ToHashSet();
        foreach (var (date, i) in revision.Matter.KeyDates.Select((d, i) => (d, i)).Where(d => !variables.Contains(d.d.Variable.Split('.')[0]))) file.Error($"$.keyDates[{i}].variable", "variable.unknown", date.Variable);
    }

    private static void Roles(MatterFile matter, Reporter file)
    {
        foreach (var (role, i) in matter.Roles.Select((r, i) => (r, i)))
        {
            if (!Postable.Contains(role.Code)) file.Error($"$.roles[{i}].code", "role.nobody", role.Code, string.Join(", ", Postable));
            if (!Levels.Contains(role.Level)) file.Error($"$.roles[{i}].level", "word.unknown", role.Level, string.Join(", ", Levels));
        }
        var known = matter.Roles.Select(r => r.Code).ToHashSet();
        foreach (var (separation, i) in matter.Separation.Select((s, i) => (s, i)))
            foreach (var role in separation.Roles.Where(r => !known.Contains(r)))
                file.Error($"$.separation[{i}].roles", "role.unknown", role);
        foreach (var (register, i) in matter.Registers.Select((r, i) => (r, i)))
        {
            if (matter.Registers.Count(r => r.Id == register.Id) > 1) file.Error($"$.registers[{i}].id", "id.twice", register.Id);
            if (register.Readers.Count == 0) file.Error($"$.registers[{i}].readers", "register.readers", register.Id);
            foreach (var role in register.Readers.Where(r => !known.Contains(r))) file.Error($"$.registers[{i}].readers", "role.unknown", role);
        }
        foreach (var role in matter.Applicants.CounterRoles.Where(r => !known.Contains(r))) file.Error("$.applicants.counterRoles", "role.unknown", role);
        if (matter.Applicants.Channels.Contains("counter") != matter.Applicants.CounterRoles.Count > 0) file.Error("$.applicants.counterRoles", "counter.roles");
    }

    /// <summary>What a task's form shows is a document of this matter.</summary>
    private static void Shown(MatterRevision revision, Reporter file)
    {
        foreach (var (key, task) in revision.Form.TaskForms)
            foreach (var (template, i) in task.Shows.Select((t, i) => (t, i)))
                if (revision.Matter.Templates.FirstOrDefault(t => t.File == template) is not { } listed) file.Error($"$.taskForms.{key}.shows[{i}]", "template.notListed", template);
                else if (listed.Kind != "document") file.Error($"$.taskForms.{key}.shows[{i}]", "template.kind", template, listed.Kind, "document");
    }

    private static void Review(MatterFile matter, Reporter file)
    {
        if (matter.Review is not { } review) return;
        if (!matter.Workflows.ContainsKey(review.Workflow)) file.Error("$.review.workflow", "workflow.unknown", review.Workflow);
        if (review.Roles.Count == 0) file.Error("$.review.roles", "review.roles");
        foreach (var role in review.Roles.Where(r => matter.Roles.All(known => known.Code != r))) file.Error("$.review.roles", "role.unknown", role);
    }

    /// <summary>Every rule says what it rests on: who changes one must see whether the law leaves it to him.</summary>
    private static void Marks(MatterFile matter, Reporter file)
    {
        foreach (var (separation, i) in matter.Separation.Select((s, i) => (s, i))) Mark($"$.separation[{i}]", separation.Mark, separation.Source);
        foreach (var (register, i) in matter.Registers.Select((r, i) => (r, i))) Mark($"$.registers[{i}]", register.Mark, register.Source);
        foreach (var (retention, i) in matter.Retention.Select((r, i) => (r, i))) Mark($"$.retention[{i}]", retention.Mark, retention.Source);
        foreach (var (fee, i) in matter.Fees.Select((f, i) => (f, i))) Mark($"$.fees[{i}]", fee.Mark, fee.Source);
        if (matter.Review is { } review) Mark("$.review", review.Mark, review.Source);
        if (matter.ExOfficio is { } exOfficio) Mark("$.exOfficio", exOfficio.Mark, exOfficio.Source);

        void Mark(string path, string mark, string source)
        {
            if (mark is not ("S" or "L")) file.Error($"{path}.mark", "rule.mark", mark);
            if (string.IsNullOrWhiteSpace(source)) file.Error($"{path}.source", "rule.source");
        }
    }

    private static void Parameters(MatterFile matter, Reporter file)
    {
        foreach (var (parameter, i) in matter.Parameters.Select((p, i) => (p, i)))
        {
            var path = $"$.parameters[{i}]";
            if (matter.Parameters.Count(p => p.Key == parameter.Key) > 1) file.Error($"{path}.key", "id.twice", parameter.Key);
            if (!ParameterRules.Types.Contains(parameter.Type)) file.Error($"{path}.type", "word.unknown", parameter.Type, string.Join(", ", ParameterRules.Types));
            else if (!ParameterRules.Fits(parameter, parameter.Value)) file.Error($"{path}.value", "parameter.value", parameter.Value.ToString(), parameter.Type);
            else Bounds(parameter, path, file);
            if (parameter.Mark is not ("S" or "L")) file.Error($"{path}.mark", "word.unknown", parameter.Mark, "S, L");
            if (string.IsNullOrWhiteSpace(parameter.Source)) file.Error($"{path}.source", "parameter.source", parameter.Key);
        }
        var keys = matter.Parameters.Select(p => p.Key).ToHashSet();
        foreach (var (plan, i) in matter.Reverification.Select((r, i) => (r, i)))
        {
            if (!keys.Contains(plan.Parameter)) file.Error($"$.reverification[{i}].parameter", "parameter.unknown", plan.Parameter);
            if (!matter.Workflows.ContainsKey(plan.Workflow)) file.Error($"$.reverification[{i}].workflow", "workflow.unknown", plan.Workflow);
        }
    }

    private static void Bounds(MatterParameter parameter, string path, Reporter file)
    {
        foreach (var (bound, name) in new[] { (parameter.Min, "min"), (parameter.Max, "max") })
            if (bound is { } value && (parameter.Type is "boolean" or "code" or "codes" || !ParameterRules.Fits(parameter, value)))
            {
                file.Error($"{path}.{name}", "parameter.value", value.ToString(), parameter.Type);
                return;
            }
        if (ParameterRules.Check(parameter, parameter.Value) is { } fault) file.Error($"{path}.value", fault);
    }

    private static void Workflows(MatterRevision revision, List<MatterFault> faults)
    {
        var surroundings = WorkflowReferences.Surroundings(revision.Matter, revision.Form, revision.Workflows.Values);
        foreach (var (name, json) in revision.Workflows)
        {
            var file = revision.Matter.Workflows[name];
            foreach (var finding in DefinitionCheck.Run(json, surroundings))
                faults.Add(new MatterFault(file, finding.ActivityId.Length == 0 ? "$" : finding.ActivityId, finding.Message));
            WorkflowReferences.Check(revision, file, json, faults);
            if (revision.Matter.Reverification.Any(r => r.Workflow == name))
                foreach (var input in WorkflowReferences.Inputs(json).Where(i => !Reverification.Inputs.Contains(i)))
                    new Reporter(file, faults).Error("$.inputs", "reverification.input", input, string.Join(", ", Reverification.Inputs));
        }
        // One that is not listed starts nothing: a slip, since nobody writes a flow to leave it lying.
        var listed = revision.Matter.Workflows.Values.ToHashSet();
        foreach (var extra in revision.Files.Where(f => f.EndsWith(".workflow.json", StringComparison.Ordinal) && !listed.Contains(f)))
            new Reporter("matter.json", faults).Error("$.workflows", "workflow.notListed", extra);
    }

    [GeneratedRegex("^[a-z][a-z0-9-]{1,60}$")]
    private static partial Regex Id();
}

/// <summary>Adds faults of one file.</summary>
internal sealed class Reporter(string file, List<MatterFault> faults)
{
    public void Error(string path, string key, params object?[] arguments) => faults.Add(new MatterFault(file, path, MatterMessages.Text(key, arguments)));
    public void Error(string path, LocalText text) => faults.Add(new MatterFault(file, path, text));
}
