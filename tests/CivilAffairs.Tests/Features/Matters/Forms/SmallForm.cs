using System.Text.Json.Nodes;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Features.Matters.Forms;

namespace CivilAffairs.Tests.Features.Matters.Forms;

/// <summary>A form with one of everything that has rules.</summary>
public static class SmallForm
{
    public static FormFile Small { get; } = Read("""
        {
          "place": "applicant.name", "parties": [{"role":"applicant","section":"applicant"}],
          "sections": [
            {"id":"applicant","title":{"zh":"申请人","en":"Applicant"},"fields":[
              {"id":"name","type":"personName","label":{"zh":"姓名","en":"name"},"required":true,"mask":"name"},
              {"id":"idNumber","type":"idNumber","label":{"zh":"身份证号","en":"ID number"},"required":true,"mask":"id"},
              {"id":"savings","type":"money","label":{"zh":"存款","en":"savings"},"validators":[{"rule":"min","value":0},{"rule":"max","value":100000}]},
              {"id":"kind","type":"choice","label":{"zh":"账户类型","en":"kind of account"},"options":[{"value":"card","label":{"zh":"卡","en":"card"}},{"value":"passbook","label":{"zh":"存折","en":"passbook"}}]},
              {"id":"account","type":"account","label":{"zh":"账号","en":"account"},"required":"item.kind != null","showWhen":"item.kind != null","validators":[{"rule":"bankCard","when":"item.kind === 'card'"}]},
              {"id":"true","type":"boolean","label":{"zh":"承诺属实","en":"I tell the truth"},"validators":[{"rule":"mustBeTrue"}]}
            ]},
            {"id":"members","title":{"zh":"家庭成员","en":"Household"},"repeat":{"min":1,"max":3,"itemTitle":{"zh":"成员","en":"member"}},"fields":[
              {"id":"idNumber","type":"idNumber","label":{"zh":"身份证号","en":"ID number"},"required":true,"validators":[{"rule":"unique"}]},
              {"id":"wages","type":"money","label":{"zh":"工资","en":"wages"}},
              {"id":"school","type":"text","label":{"zh":"学校","en":"school"},"required":true,"showWhen":"ageOn(bornOf(item.idNumber), today) < 18"}
            ]},
            {"id":"rich","title":{"zh":"财产","en":"Property"},"showWhen":"form.applicant.savings > parameters['limit']","fields":[
              {"id":"why","type":"textarea","label":{"zh":"说明","en":"explanation"},"required":true}
            ]}
          ],
          "attachments":[{"id":"proof","label":{"zh":"证明","en":"Proof"},"required":"form.members.length > 1","accept":["pdf"],"source":"x"}],
          "facts":[
            {"id":"members","type":"integer","expression":"form.members.length","zh":"人数","en":"members"},
            {"id":"income","type":"fen","expression":"form.members.reduce((s, m) => s + (m.wages ?? 0), 0)","zh":"收入","en":"income"},
            {"id":"account","type":"code","expression":"form.applicant.kind","zh":"账户","en":"account"},
            {"id":"day","type":"date","expression":"today","zh":"日期","en":"day"},
            {"id":"rich","type":"boolean","expression":"form.applicant.savings > parameters['limit']","zh":"超限","en":"rich"}
          ],
          "taskForms":{"check":{"title":{"zh":"核对","en":"Check"},"fields":[
            {"id":"incomeFen","type":"money","label":{"zh":"核定收入","en":"income found"},"required":"item.outcome === 'Pass'","flow":true},
            {"id":"note","type":"textarea","label":{"zh":"说明","en":"note"}}
          ]}}
        }
        """);

    public static FormAnswers Answers(string json) => new(
        JsonNode.Parse(json)!.AsObject(),
        new Dictionary<string, JsonNode?> { ["limit"] = JsonValue.Create(50000L) },
        new DateOnly(2026, 2, 11));

    public static FormFile Read(string json)
    {
        var faults = new List<MatterFault>();
        var form = MatterJson.Read<FormFile>("form.json", json, faults);
        Assert.Empty(faults);
        return form!;
    }
}
