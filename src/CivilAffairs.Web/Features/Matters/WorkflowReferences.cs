using System.Text.Json;
using System.Text.Json.Nodes;
using CivilAffairs.Engine.Checks;

namespace CivilAffairs.Web.Features.Matters;

/// <summary>Whatever a definition names in its matter must be there: templates, task forms, number series, benefits, registers, workflows.</summary>
internal static class WorkflowReferences
{
    public static void Check(MatterRevision revision, string file, string json, List<MatterFault> faults)
    {
        var report = new Reporter(file, faults);
        var benefits = revision.Matter.Benefits.Select(b => b.Id).ToHashSet();
        var registers = revision.Matter.Registers.Select(r => r.Id).ToHashSet();
        var series = revision.Matter.Numbering.Select(n => n.Kind).ToHashSet();
        foreach (var activity in Activities(json))
        {
            var id = Text(activity["id"]) ?? "$";
            var type = Text(activity["type"]) ?? "";
            if (type == "Elsa.RunTask") report.Error(id, "runTask.nobody");
            if (!type.StartsWith("CivilAffairs.", StringComparison.Ordinal)) continue;
            if (type is "CivilAffairs.IssueCertificate" or "CivilAffairs.RenewCertificate" && Literal(activity, "template") is null) report.Error(id, "certificate.template");
            if (Literal(activity, "certificate") is { } certificate && revision.Matter.Certificates.All(c => c.Id != certificate)) report.Error(id, "certificate.unknown", certificate);
            if ((type == "CivilAffairs.ScheduleReverification" || (type == "CivilAffairs.OpenCase" && Literal(activity, "matter") == revision.Matter.Id))
                && Literal(activity, "workflow") is { } opens && !revision.Matter.Workflows.ContainsKey(opens))
                report.Error(id, "workflow.unknown", opens);
            if (Literal(activity, "template") is { } template && !revision.Templates.ContainsKey(template)) report.Error(id, "file.missing", $"templates/{template}");
            else if (Literal(activity, "template") is { } named && revision.Matter.Templates.FirstOrDefault(t => t.File == named) is { } used
                && KindFor(type) is { } wanted && used.Kind != wanted)
                report.Error(id, "template.kind", named, used.Kind, wanted);
            if (type == "CivilAffairs.Notify" && Literal(activity, "to") is "holder" or "supervisor" && revision.Form.Subject is null) report.Error(id, "notify.noSubject", Literal(activity, "to"));
            if (Literal(activity, "form") is { } form && !revision.Form.TaskForms.ContainsKey(form)) report.Error(id, "taskForm.unknown", form);
            if (Literal(activity, "numberKind") is { } kind && !series.Contains(kind)) report.Error(id, "series.unknown", kind);
            if (Literal(activity, "benefit") is { } benefit && !benefits.Contains(benefit)) report.Error(id, "benefit.unknown", benefit);
            if (type is "CivilAffairs.AdjustBenefit" or "CivilAffairs.EndBenefit" && Literal(activity, "reason") is { } reason
                && revision.Matter.Benefits.FirstOrDefault(b => b.Id == Literal(activity, "benefit")) is { Reasons: { Count: > 0 } reasons } && reasons.All(r => r.Id != reason))
                report.Error(id, "reason.unknown", reason);
            foreach (var subject in List(activity, "subjects").Where(s => revision.Form.Parties.All(p => p.Role != s))) report.Error(id, "party.unknown", subject);
            // Written are a matter's own registers only; others may be asked, and their entries ended (Links).
            if (!IsAsked(type) && Literal(activity, "register") is { } register && !registers.Contains(register)) report.Error(id, "register.unknown", register);
        }
    }

    /// <summary>Cases that a matter's definitions open in other matters, and registers of those: only whoever knows those can tell whether they are there.</summary>
    /// <param name="others">All matters that there will be, this one included.</param>
    public static IEnumerable<MatterFault> Links(MatterRevision revision, IReadOnlyDictionary<string, MatterFile> others)
    {
        var faults = RegisterCheck.Links(revision, others).ToList();
        foreach (var (name, json) in revision.Workflows)
            foreach (var activity in Activities(json).Where(a => IsAsked(Text(a["type"]))))
                if (Literal(activity, "register") is { } register && RegisterCheck.Knows(revision, others, register) is false)
                    new Reporter(revision.Matter.Workflows[name], faults).Error(Text(activity["id"]) ?? "$", "register.unknown", register);
        foreach (var (name, json) in revision.Workflows)
            foreach (var activity in Activities(json).Where(a => Text(a["type"]) == "CivilAffairs.OpenCase"))
            {
                if (Literal(activity, "matter") is not { } matter || matter == revision.Matter.Id) continue;
                var report = new Reporter(revision.Matter.Workflows[name], faults);
                var id = Text(activity["id"]) ?? "$";
                if (!others.TryGetValue(matter, out var other)) report.Error(id, "matter.unknown", matter);
                else if (Literal(activity, "workflow") is { } opens && !other.Workflows.ContainsKey(opens)) report.Error(id, "workflow.unknownThere", other.Name, opens);
            }
        return faults;
    }

    private static bool IsAsked(string? type) => type is "CivilAffairs.FindRegisterEntry" or "CivilAffairs.EndRegisterEntry";

    /// <summary>What the engine's check needs to know of the matter around a definition.</summary>
    /// <param name="form">Null where it cannot be read: then facts are not checked.</param>
    /// <param name="definitions">All of the matter.</param>
    public static CheckSurroundings Surroundings(MatterFile matter, FormFile? form, IEnumerable<string> definitions) => new(
        matter.Roles.GroupBy(r => r.Code).ToDictionary(g => g.Key, g => (IReadOnlySet<string>)g.Select(r => r.Level).ToHashSet()),
        matter.Parameters.GroupBy(p => p.Key).ToDictionary(g => g.Key, g => JsonNode.Parse(g.First().Value.GetRawText())),
        TaskIds(definitions), form?.Facts.Select(f => f.Id).ToHashSet());

    /// <summary>Ids of the officers' tasks in these definitions; one that cannot be read has faults of its own.</summary>
    private static HashSet<string> TaskIds(IEnumerable<string> definitions) =>
        definitions.SelectMany(json => Activities(json)).Where(a => Text(a["type"]) == "CivilAffairs.HumanTask").Select(a => Text(a["id"]) ?? "").ToHashSet();

    /// <summary>Names of the inputs that a definition declares; none of a text that is no definition.</summary>
    public static IEnumerable<string> Inputs(string json)
    {
        try
        {
            return [.. (JsonNode.Parse(json)?["inputs"] as JsonArray ?? []).Select(i => Text(i?["name"])).OfType<string>()];
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return [];
        }
    }

    /// <summary>Outcomes that its tasks have, where they are written out.</summary>
    public static IEnumerable<string> Outcomes(string json) => Activities(json).Where(a => Text(a["type"]) is "CivilAffairs.HumanTask" or "CivilAffairs.ApplicantTask").SelectMany(a => List(a, "outcomes"));

    /// <summary>Names of the workflow's own variables.</summary>
    public static IEnumerable<string> Variables(string json)
    {
        try
        {
            return [.. (JsonNode.Parse(json)?["variables"] as JsonArray ?? []).Select(v => Text(v?["name"])).OfType<string>()];
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return [];
        }
    }

    /// <summary>A list written out as JSON text; empty where it is not.</summary>
    private static List<string> List(JsonObject activity, string input)
    {
        try
        {
            return Text((activity[input] as JsonObject)?["expression"]?["value"]) is { } text && JsonNode.Parse(text) is JsonArray list ? [.. list.Select(Text).OfType<string>()] : [];
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return [];
        }
    }

    /// <summary>All activities of a definition, those inside others included; none of a text that is no JSON, which the engine's own check tells.</summary>
    internal static IReadOnlyList<JsonObject> Activities(string json)
    {
        try
        {
            return [.. Activities(JsonNode.Parse(json))];
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            return [];
        }
    }

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    internal static IEnumerable<JsonObject> Activities(JsonNode? node) => node switch
    {
        JsonObject map => (map.ContainsKey("type") && map.ContainsKey("id") ? [map] : Array.Empty<JsonObject>()).Concat(map.SelectMany(p => Activities(p.Value))),
        JsonArray list => list.SelectMany(item => Activities(item)),
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

    /// <summary>An input that is written out, and not computed; null: it is computed, empty, or not there.</summary>
    internal static string? Literal(JsonObject activity, string input) =>
        (activity[input] as JsonObject)?["expression"] is JsonObject expression
        && Text(expression["type"]) == "Literal" && expression["value"] is JsonValue value
        && value.TryGetValue<string>(out var text) && text.Length > 0 ? text : null;
}
