using System.Text.Json.Nodes;
using CivilAffairs.Web.Features.Matters.Forms;
using static CivilAffairs.Tests.Features.Matters.Forms.SmallForm;

namespace CivilAffairs.Tests.Features.Matters.Forms;

public class FormEvaluatorTests
{
    private const string Good = """{"applicant":{"name":"张三","idNumber":"34129919580419001X","savings":1000,"true":true},"members":[{"idNumber":"34129919580419001X","wages":7200}]}""";
    private static readonly FormEvaluator Form = new(Small);

    [Fact]
    public void Good_answers_have_no_fault() => Assert.Empty(Form.Validate(Answers(Good)));

    [Fact]
    public void A_missing_answer_is_named_with_its_label_in_both_languages()
    {
        var fault = Form.Validate(Answers("""{"applicant":{"name":" ","idNumber":"34129919580419001X"},"members":[{"idNumber":"34129919580419001X"}]}""")).Single();
        Assert.Equal(("applicant.name", "请填写“姓名”。", "Enter: name."), (fault.Path, fault.Zh, fault.En));
    }

    [Fact]
    public void A_fault_in_a_row_says_which_row()
    {
        var fault = Form.Validate(Answers("""{"members":[{"idNumber":"34129919580419001X"},{"idNumber":"341299196203050121"}]}"""), "members").Single();
        Assert.Equal("members[1].idNumber", fault.Path);
        Assert.StartsWith("第2位（项）成员：“身份证号”", fault.Zh, StringComparison.Ordinal);
        Assert.StartsWith("member 2: ID number", fault.En, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"applicant":{"savings":-1}}""", "applicant.savings", "0")]
    [InlineData("""{"applicant":{"savings":100001}}""", "applicant.savings", "1000")]
    [InlineData("""{"applicant":{"savings":10.5}}""", "applicant.savings", "金额")]
    [InlineData("""{"applicant":{"savings":"10"}}""", "applicant.savings", "金额")]
    [InlineData("""{"applicant":{"kind":"gold"}}""", "applicant.kind", "选项")]
    [InlineData("""{"applicant":{"kind":"card"}}""", "applicant.account", "请填写")]
    [InlineData("""{"applicant":{"kind":"card","account":"6228480438123456785"}}""", "applicant.account", "银行卡号")]
    [InlineData("""{"applicant":{"true":false}}""", "applicant.true", "须勾选")]
    [InlineData("""{"applicant":{"name":"张3"}}""", "applicant.name", "姓名")]
    [InlineData("""{"applicant":{"nickname":"x"}}""", "applicant.nickname", "没有")]
    [InlineData("""{"stranger":{}}""", "stranger", "没有")]
    [InlineData("""{"members":[]}""", "members", "至少")]
    [InlineData("""{"members":[{},{},{},{}]}""", "members", "最多")]
    [InlineData("""{"members":{}}""", "members", "格式")]
    [InlineData("""{"members":["x"]}""", "members", "格式")]
    [InlineData("""{"applicant":[]}""", "applicant", "格式")]
    [InlineData("""{"members":[{"idNumber":"34129919580419001X"},{"idNumber":"34129919580419001X"}]}""", "members[1].idNumber", "重复")]
    public void Each_rule_is_enforced(string json, string path, string said) =>
        Assert.Contains(Form.Validate(Answers(json)), f => f.Path == path && f.Zh.Contains(said, StringComparison.Ordinal));

    [Fact]
    public void A_passbook_needs_no_check_digit() =>
        Assert.DoesNotContain(Form.Validate(Answers("""{"applicant":{"kind":"passbook","account":"6228480438123456785"}}""")), f => f.Path == "applicant.account");

    [Fact]
    public void A_field_is_shown_by_the_row_it_stands_in()
    {
        var faults = Form.Validate(Answers("""{"members":[{"idNumber":"34129919580419001X"},{"idNumber":"341299201505040017"}]}"""), "members");
        Assert.DoesNotContain(faults, f => f.Path == "members[0].school");
        Assert.Contains(faults, f => f.Path is "members[1].school" or "members[1].idNumber");
    }

    [Fact]
    public void A_section_is_shown_by_the_answers_and_the_parameters()
    {
        Assert.DoesNotContain(Form.Shown(Answers("""{"applicant":{"savings":50000}}""")), s => s.Section.Id == "rich");
        Assert.Contains(Form.Shown(Answers("""{"applicant":{"savings":50001}}""")), s => s.Section.Id == "rich");
    }

    [Fact]
    public void What_is_not_shown_is_neither_checked_nor_submitted()
    {
        var pruned = Form.Prune(Answers("""{"applicant":{"account":"1","savings":1},"members":[{"school":"x","idNumber":"34129919580419001X"}],"rich":{"why":"x"}}"""));
        Assert.Equal("""{"applicant":{"savings":1},"members":[{"idNumber":"34129919580419001X"}]}""", pruned.ToJsonString());
    }

    [Fact]
    public void An_attachment_may_be_wanted_for_some_answers_only()
    {
        Assert.False(Form.Attachments(Answers("""{"members":[{}]}""")).Single().Required);
        Assert.True(Form.Attachments(Answers("""{"members":[{},{}]}""")).Single().Required);
    }

    [Fact]
    public void Facts_are_computed_from_what_is_shown()
    {
        var facts = Form.Facts(Answers(Good));
        Assert.Empty(facts.Faults);
        Assert.Equal("""{"members":1,"income":7200,"account":null,"day":"2026-02-11","rich":false}""",
            new JsonObject(facts.Values.Select(f => KeyValuePair.Create(f.Key, f.Value?.DeepClone()))).ToJsonString());
    }

    [Theory]
    [InlineData("form.applicant.name")]
    [InlineData("form.applicant.idNumber")]
    public void A_code_cannot_carry_a_name_or_an_id_number(string expression)
    {
        var form = new FormEvaluator(Small with { Facts = [Small.Facts[2] with { Expression = expression }] });
        var facts = form.Facts(Answers(Good));
        Assert.Empty(facts.Values);
        Assert.Single(facts.Faults);
    }

    [Theory]
    [InlineData("(() => { while (true) {} })()")]
    [InlineData("(() => { const a = []; while (true) a.push('xxxxxxxxxxxxxxxx'.repeat(1000)); })()")]
    [InlineData("(() => { const f = () => f(); return f(); })()")]
    [InlineData("nothing.there")]
    public void A_script_that_runs_away_is_stopped_and_told(string expression)
    {
        var form = new FormEvaluator(Small with { Facts = [Small.Facts[0] with { Expression = expression }] });
        Assert.Single(form.Facts(Answers(Good)).Faults);
    }
}
