using System.Text.Json;
using System.Text.Json.Nodes;
using CivilAffairs.Web.Features.Demo;
using CivilAffairs.Web.Features.Matters;

namespace CivilAffairs.Tests.Features.Matters.Templates;

/// <summary>
/// Data as a case gives it to its templates, made up for any matter: the fixed part that all matters share, and under
/// <c>task</c> an answer for every form that an activity names.
/// </summary>
internal static class TemplateData
{
    /// <summary>What may stand on no notice 公示 and in no mail.</summary>
    internal static readonly string[] Secrets = ["341299197803150138", "13800000001", "柳树村一组12号", "6228480438123456784", "慢性肾病"];

    internal static JsonObject For(MatterRevision revision)
    {
        var data = JsonNode.Parse($$"""
            {
              "number": "低保受〔2026〕00012", "date": "2026-03-10", "url": "https://example.gov.cn/v/K7Q2MP",
              "applicant": { "name": "王建国", "village": "青河镇柳树村", "idNumber": "{{Secrets[0]}}", "phone": "{{Secrets[1]}}", "address": "{{Secrets[2]}}", "account": "{{Secrets[3]}}", "illness": "{{Secrets[4]}}" },
              "case": { "number": "BJ-2026-000012", "submittedOn": "2026-02-10", "acceptedOn": "2026-02-11", "dueOn": "2026-03-31", "correctionDueOn": "2026-03-11", "checkReplyDueOn": "2026-02-26" },
              "household": { "size": 2, "members": [ { "name": "王建国", "labour": "部分丧失", "incomeFen": 1560000 }, { "name": "李秀英", "incomeFen": 0 } ] },
              "office": { "name": "青河镇人民政府", "phone": "0550-6120000" },
              "county": { "government": "临河县人民政府" },
              "decision": { "members": 2, "amountFen": 120000, "firstMonth": "2026-04-01" },
              "verdict": "Lower", "beforeFen": 120000, "afterFen": 80000,
              "notice": { "firstDay": "2026-02-24", "lastDay": "2026-03-03" },
              "eligibility": { "eligible": false, "failed": [ { "id": "income", "zh": "家庭人均收入低于当地低保标准", "en": "Income", "source": "SAL 18" } ] }
            }
            """)!.AsObject();
        data["form"] = new JsonObject(revision.Form.Sections.Where(s => s.Repeat is null).Select(s => KeyValuePair.Create(s.Id, (JsonNode?)new JsonObject(s.Fields.Select(f => KeyValuePair.Create(f.Id, Value(f)))))));
        data["party"] = new JsonObject(revision.Form.Parties.Select(p => p.Role).Distinct().Select(r => KeyValuePair.Create(r, (JsonNode?)JsonNode.Parse($$"""{ "name": "沈立秋", "idNumber": "{{Secrets[0]}}", "sex": "男", "born": "1978-03-15" }"""))));
        data["dates"] = JsonNode.Parse("""{ "receivedOn": "2026-01-15", "coolingEnd": "2026-02-14", "openFrom": "2026-02-15", "lastDay": "2026-03-16" }""");
        // What a workflow hands its documents besides the case: days of a period that it counted, and who acted.
        foreach (var (name, value) in new[] { ("received", "2026-01-15"), ("coolingEnd", "2026-02-14"), ("openFrom", "2026-02-15"), ("lastDay", "2026-03-16"), ("by", "applicant"), ("registeredOn", "2020-05-20"), ("replaces", "J341299-2020-000005") }) data[name] = value;
        data["attachments"] = JsonNode.Parse("""{ "photos": ["photos-0"] }""");
        data["images"] = new JsonObject { ["photos-0"] = Convert.ToBase64String(SamplePicture.Png) };
        data["subject"] = new JsonObject(revision.Form.Sections.SelectMany(s => s.Fields).Where(f => f.Register is not null).Select(f => KeyValuePair.Create(f.Register!, Value(f))));
        data["cause"] = JsonNode.Parse("""{ "code": "certificateExpired", "number": "社证〔2021〕00007", "validTo": "2026-11-19" }""");
        (data["limit"], data["years"], data["asked"]) = (new JsonObject { ["days"] = 30 }, 2, true);
        data["certificate"] ??= JsonNode.Parse("""{ "validFrom": "2026-11-20", "validTo": "2031-11-19", "renews": "社证〔2021〕00007" }""");
        data["task"] = new JsonObject(revision.Workflows.Values.SelectMany(json => Tasks(JsonNode.Parse(json))).DistinctBy(t => t.Activity)
            .Where(t => revision.Form.TaskForms.ContainsKey(t.Form))
            .Select(t => KeyValuePair.Create(t.Activity, (JsonNode?)Answer(revision.Form.TaskForms[t.Form]))));
        return data;
    }

    private static JsonObject Answer(TaskForm form) =>
        new(form.Fields.Select(f => KeyValuePair.Create(f.Id, Value(f))).Append(KeyValuePair.Create("outcome", (JsonNode?)JsonValue.Create("Support"))));

    private static JsonNode? Value(FormField field) => field.Type switch
    {
        "integer" => JsonValue.Create(2),
        "money" => JsonValue.Create(1_560_000L),
        "boolean" => JsonValue.Create(true),
        "date" => JsonValue.Create("2026-02-12"),
        "choice" => JsonValue.Create(field.Options[0].Value),
        "choices" => new JsonArray(JsonValue.Create(field.Options[0].Value)),
        "textarea" => JsonValue.Create("第一行说明\n第二行说明"),
        _ => JsonValue.Create("东山镇人民政府"),
    };

    private static IEnumerable<(string Activity, string Form)> Tasks(JsonNode? node) => node switch
    {
        JsonObject map => (map["form"]?["expression"]?["value"] is JsonValue form && form.GetValueKind() == JsonValueKind.String
            ? [(map["id"]!.GetValue<string>(), form.GetValue<string>())] : Array.Empty<(string, string)>()).Concat(map.SelectMany(p => Tasks(p.Value))),
        JsonArray list => list.SelectMany(Tasks),
        _ => [],
    };
}
