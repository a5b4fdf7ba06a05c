using System.Text.Json.Nodes;
using CivilAffairs.Engine.Time;
using CivilAffairs.Web.Features.Designer.Diagram;
using CivilAffairs.Web.Features.Designer.Drafts;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Features.Matters.Forms;

namespace CivilAffairs.Web.Features.Designer.Forms;

/// <summary>Where a limit comes from.</summary>
/// <param name="Kind"><c>none</c>: not set; <c>limit</c>: written out, <c>10wd</c>; <c>parameter</c>: a key of the matter's; <c>script</c>: worked out, and not edited here.</param>
public sealed record LimitValue(string Kind, string Value)
{
    public const string None = "none", Limit = "limit", Parameter = "parameter", Script = "script";

    public static LimitValue Absent { get; } = new(None, "");
}

/// <summary>The limits of one step.</summary>
/// <param name="File">Of the workflow.</param>
/// <param name="Activity">Its id there.</param>
/// <param name="Step">What it is called.</param>
/// <param name="Role">Null: worked out; <c>APP</c>: the applicant.</param>
/// <param name="Level">Null: worked out, or of no level.</param>
/// <param name="Source">What the limit rests on; empty: nothing is said.</param>
public sealed record LimitLine(string File, string Activity, string Step, string? Role, string? Level, LimitValue Start, LimitValue Finish, string Source)
{
    public bool IsApplicants => Role == Platform.Security.Roles.Applicant;
}

/// <summary>The deadlines of a matter's tasks as a table: read from its workflows, and written back into them with nothing else touched.</summary>
internal static class LimitTable
{
    private const string Officer = "CivilAffairs.HumanTask", Applicant = "CivilAffairs.ApplicantTask";

    /// <returns>By workflow, in the order in which a case first comes to each step.</returns>
    public static IReadOnlyList<LimitLine> Read(IReadOnlyDictionary<string, string> files) =>
        [.. files.Where(f => IsWorkflow(f.Key)).OrderBy(f => f.Key, StringComparer.Ordinal).SelectMany(f => InOrder(JsonFile.Read(f.Value).Root.In("root")).Where(IsTask).Select(a => Line(f.Key, a)))];

    /// <returns>File → what its workflow is called.</returns>
    public static IReadOnlyDictionary<string, string> Names(IReadOnlyDictionary<string, string> files) =>
        files.Where(f => IsWorkflow(f.Key)).ToDictionary(f => f.Key, f => JsonFile.Read(f.Value).Root.In("name").Text() is { Length: > 0 } name ? name : f.Key.Replace(".workflow.json", "", StringComparison.Ordinal));

    /// <summary>Puts changed lines into the workflows.</summary>
    /// <returns>File → text of the workflows that differ; and what is wrong, by <c>apply.workflow.json accept.finish</c>.</returns>
    public static (IReadOnlyDictionary<string, string?> Texts, IReadOnlyList<FieldFault> Faults) Write(IReadOnlyDictionary<string, string> files, IReadOnlyList<LimitLine> lines, IReadOnlySet<string> parameters)
    {
        var (texts, faults) = (new Dictionary<string, string?>(), new List<FieldFault>());
        foreach (var group in lines.Where(l => l is not null).GroupBy(l => l.File ?? ""))
        {
            if (!IsWorkflow(group.Key) || JsonFile.Read(files.GetValueOrDefault(group.Key)).Root is not { } root)
            {
                faults.Add(Fault(group.Key, "limits.noFile"));
                continue;
            }
            var tasks = Matters.WorkflowReferences.Activities(root["root"]).Where(IsTask).GroupBy(a => a["id"].Text() ?? "").ToDictionary(g => g.Key, g => g.First());
            foreach (var line in group)
            {
                var at = $"{line.File} {line.Activity}";
                if (!tasks.TryGetValue(line.Activity ?? "", out var task))
                {
                    faults.Add(Fault(at, "limits.noStep"));
                    continue;
                }
                // What is not sent stays.
                var now = Line(group.Key, task);
                var (start, finish, source) = (line.Start ?? now.Start, line.Finish ?? now.Finish, line.Source?.Trim() ?? now.Source);
                if (start != now.Start && !now.IsApplicants) Put(task, "startWithin", start, $"{at}.start", parameters, faults);
                if (finish == now.Finish) { }
                else if (finish.Kind == LimitValue.None) faults.Add(Fault($"{at}.finish", "limits.finish"));
                else Put(task, "finishWithin", finish, $"{at}.finish", parameters, faults);
                if (source != now.Source && !now.IsApplicants) Put(task, "source", "Literal", source);
            }
            if (JsonFile.Write(root, files[group.Key]) is var text && text != files[group.Key]) texts[group.Key] = text;
        }
        return (texts, faults);
    }

    private static void Put(JsonObject task, string input, LimitValue value, string at, IReadOnlySet<string> parameters, List<FieldFault> faults)
    {
        switch (value.Kind)
        {
            case LimitValue.None:
                task.Remove(input);
                break;
            case LimitValue.Limit when Limits.TryParse(value.Value, out _):
                Put(task, input, "Literal", value.Value.Trim());
                break;
            case LimitValue.Limit:
                faults.Add(Fault(at, "limits.wrong", value.Value));
                break;
            case LimitValue.Parameter when parameters.Contains(value.Value):
                Put(task, input, "JavaScript", $"getParameter('{value.Value}')");
                break;
            case LimitValue.Parameter:
                faults.Add(Fault(at, "limits.noParameter", value.Value));
                break;
            default:
                faults.Add(Fault(at, "limits.script"));
                break;
        }
    }

    private static void Put(JsonObject task, string input, string type, string value)
    {
        if (value.Length == 0) task.Remove(input);
        else if (task[input] is JsonObject there && there["expression"] is JsonObject expression) (expression["type"], expression["value"]) = (type, value);
        else task[input] = new JsonObject { ["typeName"] = "String", ["expression"] = new JsonObject { ["type"] = type, ["value"] = value } };
    }

    private static LimitLine Line(string file, JsonObject task)
    {
        var applicants = task["type"].Text() == Applicant;
        return new LimitLine(file, task["id"].Text() ?? "", ActivityNames.Name(task), applicants ? Platform.Security.Roles.Applicant : WorkflowReferences.Literal(task, "role"), applicants ? null : WorkflowReferences.Literal(task, "level"),
            Value(task, "startWithin"), Value(task, "finishWithin"), WorkflowReferences.Literal(task, "source") ?? "");
    }

    private static LimitValue Value(JsonObject task, string input)
    {
        if (task[input].In("expression") is not JsonObject expression || expression["value"].Text() is not { Length: > 0 } text) return LimitValue.Absent;
        if (expression["type"].Text() == "Literal") return new LimitValue(LimitValue.Limit, text);
        return text.Trim() is ['g', 'e', 't', 'P', 'a', 'r', 'a', 'm', 'e', 't', 'e', 'r', '(', '\'' or '"', .. var key, '\'' or '"', ')'] && !key.AsSpan().ContainsAny("'\"()")
            ? new LimitValue(LimitValue.Parameter, key) : new LimitValue(LimitValue.Script, text);
    }

    /// <summary>Activities as the ways lead from the beginning, breadth first, those inside another in its place; what no way leads to comes last, as in the file.</summary>
    private static IEnumerable<JsonObject> InOrder(JsonNode? activity)
    {
        if (activity is not JsonObject chart || DiagramSketch.StepsOf(chart).ToList() is not { Count: > 0 } steps) return WorkflowReferences.Activities(activity);
        var ways = SketchEnds.Of(chart).ToList();
        var (next, entered) = (ways.ToLookup(w => w.From, w => w.To), ways.Select(w => w.To).ToHashSet());
        var (ranks, queue) = (new Dictionary<string, int>(), new Queue<string>(steps.Select(s => s["id"].Text()!).Where(id => !entered.Contains(id))));
        while (queue.TryDequeue(out var id))
        {
            if (!ranks.TryAdd(id, ranks.Count)) continue;
            foreach (var to in next[id]) queue.Enqueue(to);
        }
        return steps.OrderBy(s => ranks.GetValueOrDefault(s["id"].Text()!, int.MaxValue)).SelectMany(InOrder);
    }

    private static bool IsTask(JsonObject activity) => activity["type"].Text() is Officer or Applicant;

    private static bool IsWorkflow(string file) => file.EndsWith(".workflow.json", StringComparison.Ordinal);

    private static FieldFault Fault(string path, string key, params object?[] values)
    {
        var text = FormTexts.Text(key, values);
        return new FieldFault(path, text.Zh, text.En);
    }
}
