using System.Text.Json.Nodes;
using CivilAffairs.Web.Features.Designer.Forms;

namespace CivilAffairs.Tests.Features.Designer.Forms;

/// <summary>Who takes something away or calls it otherwise is told where it is used.</summary>
public sealed class FormUsesTests
{
    private static readonly IReadOnlyDictionary<string, string> Dibao = FormFilesTests.Files("rural-dibao");

    [Theory]
    [InlineData("applicant.byAgent", "“申请人”中“代理人姓名”的出现条件", "材料“委托书”的必填条件", "数据“由代理人申请”的算式", "个案例")]
    [InlineData("members.health", "材料“重病诊断证明”的必填条件", "数据“符合单独申请情形”的算式")]
    [InlineData("members.wages", "数据“计入的家庭年收入”的算式", "家庭人口、收入的计算")]
    [InlineData("applicant.hukouDivision", "决定由哪个办事机构办理")]
    [InlineData("applicant.agentUntil", "当事人“代理人”的信息")]
    [InlineData("members", "“单人申请”的出现条件")]
    [InlineData("taskForms.visit.found", "模板“household-survey.html”")]
    [InlineData("taskForms.opinion.members", "填写要求")]
    [InlineData("taskForms.visit", "步骤“入户调查”")]
    [InlineData("parameters.dibao.limit.county", "步骤“")]
    [InlineData("parameters.dibao.reverify.stable", "定期复核“收入稳定家庭”")]
    public void Uses_are_found_wherever_they_are(string of, params string[] expected)
    {
        var uses = MatterEdits.UsesOf(Dibao, of).Select(u => u.Where.Zh).ToList();
        Assert.All(expected, e => Assert.Contains(uses, u => u.Contains(e, StringComparison.Ordinal)));
    }

    [Fact]
    public void A_paper_that_a_certificate_shows_is_in_use() =>
        Assert.Contains(MatterEdits.UsesOf(FormFilesTests.Files("marriage"), "attachments.photos"), u => u.File.StartsWith("templates/", StringComparison.Ordinal));

    [Fact]
    public void A_question_that_nothing_asks_for_has_no_uses()
    {
        var root = FormFilesTests.Form("rural-dibao");
        var added = FormEdits.AddField(root, FormSpot.Section(0));
        added.In(root)!["showWhen"] = "item.field === 'x'";
        Assert.Empty(FormUses.Of(Dibao, root, added));
        // The same name in another section is another question.
        Assert.DoesNotContain(MatterEdits.UsesOf(Dibao, "supporters.name"), u => u.Where.Zh.Contains("户名", StringComparison.Ordinal));
        Assert.Contains(MatterEdits.UsesOf(Dibao, "members.name"), u => u.Where.Zh.Contains("户名", StringComparison.Ordinal) || u.Where.Zh.Contains("持卡人", StringComparison.Ordinal) || u.Where.Zh.Contains("填写要求", StringComparison.Ordinal));
    }

    [Fact]
    public void What_is_taken_away_together_with_its_only_use_needs_no_word()
    {
        var (before, after) = (FormFilesTests.Form("rural-dibao"), FormFilesTests.Form("rural-dibao"));
        var files = Dibao.Where(f => !f.Key.StartsWith("examples/", StringComparison.Ordinal)).ToDictionary(f => f.Key, f => f.Value);
        var relatives = after["sections"]!.AsArray().Select((s, i) => (s, i)).Single(s => (string?)s.s!["id"] == "relatives").i;
        FormEdits.Remove(after, FormSpot.Section(relatives, 0));
        Assert.Equal("relatives.has", Assert.Single(MatterEdits.TakenAway(files, before, after)).Key);
        Assert.Contains("数据“申报了近亲属关系”的算式", MatterEdits.TakenAway(files, before, after)[0].Fault().Zh, StringComparison.Ordinal);
        // With its section and the figure gone as well, only the question's own section spoke of it.
        var facts = after["facts"]!.AsArray();
        facts.RemoveAt(facts.Select((f, i) => (f, i)).Single(f => (string?)f.f!["id"] == "relativeDeclared").i);
        FormEdits.Remove(after, FormSpot.Section(relatives, 0));
        Assert.Empty(MatterEdits.TakenAway(files, before, after));
    }
}
