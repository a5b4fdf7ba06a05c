using System.Globalization;
using System.Text.Json.Nodes;
using CivilAffairs.Tests.Platform.Documents;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Documents;

namespace CivilAffairs.Tests.Features.Matters.Templates;

/// <summary>Every template of every shipped matter, rendered by the real renderer with the data of a case.</summary>
public sealed class TemplateTests
{
    private static readonly CultureInfo Chinese = CultureInfo.GetCultureInfo("zh-CN");

    public static TheoryData<string, string> Papers => Of(t => t.Kind != "mail");
    public static TheoryData<string, string> Notices => Of(t => t.Kind == "notice");
    public static TheoryData<string, string> Mails => Of(t => t.Kind == "mail");
    private static readonly CultureInfo English = CultureInfo.GetCultureInfo("en");

    [Theory]
    [MemberData(nameof(Papers))]
    public void A_document_or_notice_becomes_pages_with_every_character_drawn(string matter, string file)
    {
        var revision = Revision(matter);
        DocumentRenderer.Check(revision.Templates[file]);
        var document = Samples.Renderer.Render(revision.Templates[file], TemplateData.For(revision), Chinese);
        Assert.InRange(document.PageCount, 1, 2);
        Assert.Equal(0, document.MissingCharacters);
        Assert.True(document.ToPdf(Samples.Issued, file).Length > 5_000);
        Assert.DoesNotContain("{{", Text.Of(document), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Papers))]
    public void What_a_case_may_lack_leaves_no_hole_and_no_error(string matter, string file)
    {
        var revision = Revision(matter);
        var data = TemplateData.For(revision);
        foreach (var optional in new[] { "dueOn", "correctionDueOn", "checkReplyDueOn" }) data["case"]!.AsObject().Remove(optional);
        data["eligibility"] = new JsonObject { ["eligible"] = true, ["failed"] = new JsonArray() };
        foreach (var second in new[] { "acceptAgain", "confirmRefusal" }) data["task"]!.AsObject().Remove(second);
        Assert.NotEmpty(Text.Of(Samples.Renderer.Render(revision.Templates[file], data, Chinese)));
    }

    [Theory]
    [MemberData(nameof(Notices))]
    public void A_notice_shows_no_number_address_or_illness(string matter, string file)
    {
        var revision = Revision(matter);
        Assert.Empty(Shown(Text.Of(Samples.Renderer.Render(revision.Templates[file], TemplateData.For(revision), Chinese))));
    }

    [Theory]
    [InlineData("idNumber")]
    [InlineData("phone")]
    [InlineData("address")]
    [InlineData("account")]
    [InlineData("illness")]
    public void The_guard_sees_what_a_notice_may_not_show(string field) =>
        Assert.NotEmpty(Shown(Text.Of(Samples.Renderer.Render($$$"""<p>{{ applicant.{{{field}}} }}</p>""", TemplateData.For(Revision("rural-dibao")), Chinese))));

    [Theory]
    [MemberData(nameof(Mails))]
    public void A_mail_names_the_case_and_nobody_in_it(string matter, string file)
    {
        var revision = Revision(matter);
        var mail = MailTemplate.Read(revision.Templates[file])!.Render(Samples.Renderer, TemplateData.For(revision), Chinese);
        var whole = $"{mail.Subject}\n{mail.Text}\n{mail.Html}";
        Assert.Contains("BJ-2026-000012", mail.Text, StringComparison.Ordinal);
        Assert.Contains("href=\"https://example.gov.cn/v/K7Q2MP\"", mail.Html, StringComparison.Ordinal);
        Assert.Empty(Shown(whole));
        Assert.DoesNotContain("王建国", whole, StringComparison.Ordinal);
        Assert.DoesNotContain("{{", whole, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Mails))]
    public void A_mail_has_an_English_twin_that_says_as_much_and_is_all_English(string matter, string file)
    {
        var revision = Revision(matter);
        var data = TemplateData.For(revision);
        data["office"] = new JsonObject { ["name"] = "People's Government of Qinghe Town", ["phone"] = "0550-6120000" };
        var mail = MailTemplate.Read(revision.Templates[MailTemplate.EnglishOf(file)])!.Render(Samples.Renderer, data, English);
        var whole = $"{mail.Subject}\n{mail.Text}\n{mail.Html}";
        Assert.Contains("BJ-2026-000012", mail.Subject, StringComparison.Ordinal);
        Assert.Contains("BJ-2026-000012", mail.Text, StringComparison.Ordinal);
        Assert.Contains("https://example.gov.cn/v/K7Q2MP", mail.Text, StringComparison.Ordinal);
        Assert.Contains("href=\"https://example.gov.cn/v/K7Q2MP\"", mail.Html, StringComparison.Ordinal);
        Assert.DoesNotContain(whole, c => c is >= '\u4e00' and <= '\u9fff' or >= '\u3000' and <= '\u303f' or >= '\uff00' and <= '\uffef');
        Assert.Empty(Shown(whole));
    }

    [Fact]
    public void A_value_in_a_mail_is_encoded_in_html_alone_and_breaks_no_subject()
    {
        var mail = MailTemplate.Read("{{ office.name }}\n--- text\n{{ office.name }}\n--- html\n<p>{{ office.name }}</p>\n")!
            .Render(Samples.Renderer, JsonNode.Parse("""{"office":{"name":"<b>&\nBcc: x"}}""")!, Chinese);
        Assert.Equal("<b>& Bcc: x", mail.Subject);
        Assert.StartsWith("<b>&", mail.Text, StringComparison.Ordinal);
        Assert.StartsWith("<p>&lt;b&gt;&amp;", mail.Html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Subject")]
    [InlineData("Subject\n--- text\nx\n")]
    [InlineData("Subject\n--- html\nx\n--- text\ny\n")]
    [InlineData("Two\nlines\n--- text\nx\n--- html\ny\n")]
    [InlineData("Subject\n--- text\n\n--- html\ny\n")]
    public void What_is_no_mail_is_not_read_as_one(string template) => Assert.Null(MailTemplate.Read(template));

    [Fact]
    public void A_document_that_asks_for_what_no_case_has_is_refused()
    {
        var revision = Revision("rural-dibao");
        var template = revision.Templates["confirmation-notice.html"].Replace("decision.members", "decision.persons", StringComparison.Ordinal);
        Assert.Equal("UnknownName", Assert.Throws<DocumentTemplateException>(() => Samples.Renderer.Render(template, TemplateData.For(revision), Chinese)).Key);
    }

    [Fact]
    public void The_confirmation_states_amount_in_words_and_the_first_month()
    {
        var text = Paper("confirmation-notice.html");
        Assert.Contains("人民币壹仟贰佰元整", text, StringComparison.Ordinal);
        Assert.Contains("2026年4月", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("refusal-decision.html")]
    [InlineData("not-accepted-decision.html")]
    [InlineData("termination-notice.html")]
    [InlineData("confirmation-notice.html")]
    public void A_decision_names_both_remedies_with_their_terms(string file)
    {
        var text = Paper(file);
        foreach (var part in new[] { "临河县人民政府", "六十日", "行政复议", "六个月", "行政诉讼" }) Assert.Contains(part, text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_refusal_names_reason_article_evidence_and_the_rules_not_met()
    {
        var text = Paper("refusal-decision.html");
        foreach (var part in new[] { "理由", "法律依据", "证据", "不符合：家庭人均收入低于当地低保标准（SAL18）" }) Assert.Contains(part, text.Replace(" ", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(ShippedMatters.Names), MemberType = typeof(ShippedMatters))]
    public void Every_template_is_used_by_a_workflow(string matter)
    {
        var revision = Revision(matter);
        var used = string.Concat(revision.Workflows.Values);
        var twins = revision.Matter.Templates.Where(t => t.Kind == "mail").Select(t => MailTemplate.EnglishOf(t.File)).ToHashSet();
        Assert.All(revision.Templates.Keys.Where(file => !twins.Contains(file)), file => Assert.Contains($"\"{file}\"", used, StringComparison.Ordinal));
    }

    private static string Paper(string file)
    {
        var revision = Revision("rural-dibao");
        return Text.Of(Samples.Renderer.Render(revision.Templates[file], TemplateData.For(revision), Chinese));
    }

    private static IEnumerable<string> Shown(string text) => TemplateData.Secrets.Where(s => text.Contains(s, StringComparison.Ordinal));

    private static MatterRevision Revision(string matter) => ShippedMatters.Load(matter).Revision!;

    private static TheoryData<string, string> Of(Func<MatterTemplate, bool> wanted)
    {
        var data = new TheoryData<string, string>();
        foreach (var matter in ShippedMatters.Folders)
            foreach (var template in Revision(matter).Matter.Templates.Where(wanted)) data.Add(matter, template.File);
        return data;
    }
}
