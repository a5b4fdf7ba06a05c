using System.Text.Json;
using System.Text.Json.Nodes;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Time;

namespace CivilAffairs.Web.Features.Designer.Papers;

/// <summary>
/// Answers that nobody gave, for a matter that has no example yet: every question is answered, those included that are only
/// asked at times, so that each name a template may read is there. Persons and numbers are the synthetic ones of tests.
/// </summary>
internal static class MadeUp
{
    private const int Rows = 2;

    /// <param name="village">12 digits, for questions that ask a place.</param>
    public static JsonObject Form(Matters.FormFile form, string village, DateOnly today) => new(form.Sections.Select(s => KeyValuePair.Create(s.Id, (JsonNode?)(s.Repeat is { } repeat
        ? new JsonArray([.. Enumerable.Range(0, Math.Clamp(Rows, Math.Min(repeat.Min, repeat.Max), repeat.Max)).Select(i => (JsonNode)Row(s.Fields, village, today, i))]) : Row(s.Fields, village, today, 0)))));

    /// <summary>What officers and the applicant would write in the tasks of all workflows: activity id → answers.</summary>
    public static JsonObject Tasks(MatterRevision revision, string village, DateOnly today)
    {
        var tasks = new JsonObject();
        foreach (var activity in revision.Workflows.Values.SelectMany(WorkflowReferences.Activities).Where(a => JsonFile.Text(a["type"]) is "CivilAffairs.HumanTask" or "CivilAffairs.ApplicantTask"))
            if (JsonFile.Text(activity["id"]) is { } id)
                tasks[id] = WorkflowReferences.Literal(activity, "form") is { } key && revision.Form.TaskForms.TryGetValue(key, out var form) ? Row(form.Fields, village, today, 0) : new JsonObject();
        return tasks;
    }

    private static JsonObject Row(IEnumerable<FormField> fields, string village, DateOnly today, int row)
    {
        var answers = new JsonObject();
        foreach (var field in fields) answers[field.Id] = Answer(field, village, today, row);
        return answers;
    }

    private static JsonNode? Answer(FormField field, string village, DateOnly today, int row) => field.Type switch
    {
        "integer" => Bounded(field, 3),
        "money" => Bounded(field, 120_000),
        "date" => BureauTime.Iso(today),
        "choice" => field.Options is [var first, ..] ? first.Value : null,
        "choices" => new JsonArray([.. field.Options.Take(1).Select(o => (JsonNode)o.Value)]),
        "boolean" => true,
        "idNumber" => row % 2 == 0 ? "34129919580419001X" : "34129919350718102X",
        "disabilityCard" => "34129919580419001X41",
        "uscc" => "51341299MJ0A12341C",
        "phone" => row % 2 == 0 ? "19900000001" : "19900000002",
        "account" => "6228480438123456784",
        "address" => "某村某组 1 号",
        "division" => village,
        "personName" => row % 2 == 0 ? "张三" : "李四",
        "email" => "person@example.invalid",
        "textarea" => Short(field, $"（{field.Label.Zh}的内容）"),
        _ => Short(field, $"（{field.Label.Zh}）"),
    };

    private static long Bounded(FormField field, long usual)
    {
        long? Of(string rule) => field.Validators.FirstOrDefault(v => v.Rule == rule)?.Value is { ValueKind: JsonValueKind.Number } value && value.TryGetInt64(out var bound) ? bound : null;
        var (least, most) = (Of("min") ?? long.MinValue, Of("max") ?? long.MaxValue);
        return least > most ? usual : Math.Clamp(usual, least, most);
    }

    private static string Short(FormField field, string text) =>
        field.Validators.FirstOrDefault(v => v.Rule == "maxLength")?.Value is { ValueKind: JsonValueKind.Number } most && most.TryGetInt32(out var length) && length >= 0 && text.Length > length ? text[..length] : text;
}
