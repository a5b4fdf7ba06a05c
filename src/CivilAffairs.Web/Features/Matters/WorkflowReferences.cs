using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace CivilAffairs.Web.Features.Matters;

/// <summary>Whatever a definition names in its matter must be there: templates, task forms, number series, benefits, registers, facts.</summary>
internal static partial class WorkflowReferences
{
    public static void Check(MatterRevision revision, string file, string json, List<MatterFault> faults)
    {
        JsonNode? root;
        try
        {
            root = JsonNode.Parse(json);
        }
        catch (JsonException)
        {
            return; // The engine's own check has said so.
        }
        var report = new Reporter(file, faults);
        var benefits = revision.Matter.Benefits.Select(b => b.Id).ToHashSet();
        var registers = revision.Matter.Registers.Select(r => r.Id).ToHashSet();
        var series = revision.Matter.Numbering.Select(n => n.Kind).ToHashSet();
        foreach (var activity in Activities(root))
        {
            var id = activity["id"]?.GetValue<string>() ?? "$";
            var type = activity["type"]?.GetValue<string>() ?? "";
            if (type == "Elsa.RunTask") report.Error(id, "runTask.nobody");
            if (!type.StartsWith("CivilAffairs.", StringComparison.Ordinal)) continue;
            if (type is "CivilAffairs.IssueCertificate" or "CivilAffairs.RenewCertificate" && Literal(activity, "template") is null) report.Error(id, "certificate.template");
            if (Literal(activity, "certificate") is { } certificate && revision.Matter.Certificates.All(c => c.Id != certificate)) report.Error(id, "certificate.unknown", certificate);
            if (type == "CivilAffairs.OpenCase" && Literal(activity, "matter") == revision.Matter.Id && Literal(activity, "workflow") is { } opens && !revision.Matter.Workflows.ContainsKey(opens))
                report.Error(id, "workflow.unknown", opens);
            if (Literal(activity, "template") is { } template && !revision.Templates.ContainsKey(template)) report.Error(id, "file.missing", $"templates/{template}");
            else if (Literal(activity, "template") is { } named && revision.Matter.Templates.FirstOrDefault(t => t.File == named) is { } used
                && KindFor(type) is { } wanted && used.Kind != wanted)
                report.Error(id, "template.kind", named, used.Kind, wanted);
            if (Literal(activity, "form") is { } form && !revision.Form.TaskForms.ContainsKey(form)) report.Error(id, "taskForm.unknown", form);
            if (Literal(activity, "numberKind") is { } kind && !series.Contains(kind)) report.Error(id, "series.unknown", kind);
            if (Literal(activity, "benefit") is { } benefit && !benefits.Contains(benefit)) report.Error(id, "benefit.unknown", benefit);
            if (Literal(activity, "register") is { } register && !registers.Contains(register)) report.Error(id, "register.unknown", register);
        }
        var facts = revision.Form.Facts.Select(f => f.Id).Append(Engine.Port.StepInput.OccurredOnFact).ToHashSet();
        foreach (Match call in FactCall().Matches(json))
            if (!facts.Contains(call.Groups[1].Value)) report.Error("$", "fact.unknown", call.Groups[1].Value);
    }

    /// <summary>Ids of the officers' tasks in these definitions; one that cannot be read has faults of its own.</summary>
    public static IReadOnlySet<string> TaskIds(IEnumerable<string> definitions)
    {
        var ids = new HashSet<string>();
        foreach (var json in definitions)
            try
            {
                ids.UnionWith(Activities(JsonNode.Parse(json)).Where(a => a["type"] is JsonValue type && type.TryGetValue<string>(out var name) && name == "CivilAffairs.HumanTask")
                    .Select(a => a["id"] is JsonValue id && id.TryGetValue<string>(out var text) ? text : ""));
            }
            catch (JsonException)
            {
            }
        return ids;
    }

    private static IEnumerable<JsonObject> Activities(JsonNode? node) => node switch
    {
        JsonObject map => (map.ContainsKey("type") && map.ContainsKey("id") ? [map] : Array.Empty<JsonObject>()).Concat(map.SelectMany(p => Activities(p.Value))),
        JsonArray list => list.SelectMany(Activities),
        _ => [],
    };

    /// <summary>A letter cannot be posted on the board, nor a notice numbered and served.</summary>
    private static string? KindFor(string activity) => activity switch
    {
        "CivilAffairs.IssueDocument" or "CivilAffairs.IssueCertificate" or "CivilAffairs.RenewCertificate" => "document",
        "CivilAffairs.PublicNotice" or "CivilAffairs.PublishResult" => "notice",
        "CivilAffairs.Notify" => "mail",
        _ => null,
    };

    private static string? Literal(JsonObject activity, string input) =>
        (activity[input] as JsonObject)?["expression"] is JsonObject expression
        && expression["type"]?.GetValue<string>() == "Literal" && expression["value"] is JsonValue value
        && value.TryGetValue<string>(out var text) && text.Length > 0 ? text : null;

    // Inside JSON the quotes of a script may be escaped.
    [GeneratedRegex("""getFact\(\s*(?:\\?["'`]|\\u0022|\\u0027)([^"'`\\]+)(?:\\?["'`]|\\u0022|\\u0027)\s*\)""")]
    private static partial Regex FactCall();
}
