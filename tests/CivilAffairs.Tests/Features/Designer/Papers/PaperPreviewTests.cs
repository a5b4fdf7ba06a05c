using System.Text.Json.Nodes;
using CivilAffairs.Tests.Features.Matters;
using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Features.Designer;
using CivilAffairs.Web.Features.Designer.Papers;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Documents;
using CivilAffairs.Web.Platform.Security;
using Microsoft.Extensions.DependencyInjection;

namespace CivilAffairs.Tests.Features.Designer.Papers;

/// <summary>The preview is what comes out: from examples, from a case that is made up, from a past one with nobody in it.</summary>
public sealed class PaperPreviewTests(SqliteApp sqlite) : IClassFixture<SqliteApp>
{
    [Theory, MemberData(nameof(ShippedMatters.Names), MemberType = typeof(ShippedMatters))]
    public void Every_template_of_every_matter_is_shown_from_an_example_and_from_a_case_that_is_made_up(string matter)
    {
        var preview = sqlite.Services.GetRequiredService<PaperPreview>();
        var revision = ShippedMatters.Load(matter).Revision!;
        foreach (var template in revision.Matter.Templates)
            foreach (var sample in (Web.Features.Designer.TryOut.TryOutPaper[])[preview.Sample(revision, template.File, null)!, preview.Made(revision, template.File)])
                foreach (var (file, english) in new[] { (template.File, false), (MailTemplate.EnglishOf(template.File), true) }.Where(f => revision.Templates.ContainsKey(f.Item1) && (template.Kind == Paper.Mail || !f.Item2)))
                {
                    var shown = preview.Show(revision, sample, revision.Templates[file], english);
                    Assert.True(shown.Fault is null, $"{file}: {shown.Fault?.Detail}");
                    Assert.NotEqual("", shown.Html);
                    Assert.Equal(template.Kind == Paper.Mail, shown is { Subject.Length: > 0, Text.Length: > 0 });
                    Assert.Equal(template.Kind != Paper.Mail, shown.Html.Contains("<svg", StringComparison.Ordinal));
                }
        Assert.Null(preview.Sample(revision, "gone.html", null));
    }

    [Fact]
    public void What_is_offered_can_be_named_and_shows_what_stands_there()
    {
        var preview = sqlite.Services.GetRequiredService<PaperPreview>();
        foreach (var (matter, file) in new[] { ("rural-dibao", "confirmation-notice.html"), ("rural-dibao", "granted.mail"), ("so-renewal", "certificate.html"), ("marriage", "certificate.html") }.Where(m => ShippedMatters.Load(m.Item1).Revision!.Templates.ContainsKey(m.Item2)))
        {
            var revision = ShippedMatters.Load(matter).Revision!;
            var sample = preview.Sample(revision, file, null)!;
            var names = preview.Names(revision, sample, english: false);
            var offered = names.Where(n => n.Sample.Length > 0).Select(n => n.Insert).ToList();
            Assert.NotEmpty(offered);
            var text = string.Join("\n", offered);
            var shown = file.EndsWith(".mail", StringComparison.Ordinal) ? preview.Show(revision, sample, $"a\n--- text\n{text}\n--- html\n<p>b</p>\n", false) : preview.Show(revision, sample, $"<p>{text}</p>", false);
            Assert.True(shown.Fault is null, $"{matter}/{file}: {shown.Fault?.Detail}");
        }
        var dibao = ShippedMatters.Load("rural-dibao").Revision!;
        var known = preview.Names(dibao, preview.Sample(dibao, "confirmation-notice.html", null)!, english: false);
        Assert.Contains(known, n => n is { Path: "decision.amountFen", Insert: "{{ decision.amountFen | money }}" });
        Assert.Contains(known, n => n is { Path: "date", Insert: "{{ date | zh_date }}" });
        Assert.Contains(known, n => n.Path == "form.applicant.name" && n.Label?.Zh.Length > 0);
        Assert.DoesNotContain(preview.Names(dibao, preview.Sample(dibao, "granted.mail", null)!, english: false), n => n.Path.StartsWith("form.", StringComparison.Ordinal) || n.Path.StartsWith("applicant", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("acceptance-notice.html", "<p>一</p>\n<p>{{ case.numbr }}</p>\n", 2)]
    [InlineData("acceptance-notice.html", "<p>一</p>\n<p>二</p>\n<p>{% if case.number %}三</p>\n", 3)]
    [InlineData("acceptance-notice.html", "<p>一</p>\n<blink>二</blink>\n", 2)]
    [InlineData("granted.mail", "主题\n--- text\n\n你好\n{{ case.numbr }}\n--- html\n<p>你好</p>\n", 5)]
    [InlineData("granted.mail", "主题\n--- text\n你好\n--- html\n<p>你好</p>\n<p>{{ case.number | no_such }}</p>\n", 6)]
    [InlineData("granted.mail", "{{ case.numbr }}\n--- text\n你好\n--- html\n<p>你好</p>\n", 1)]
    public void A_fault_is_told_with_its_line_of_the_whole_text(string file, string text, int line)
    {
        var preview = sqlite.Services.GetRequiredService<PaperPreview>();
        var revision = ShippedMatters.Load("rural-dibao").Revision!;
        var fault = preview.Show(revision, preview.Sample(revision, file, null)!, text, english: false).Fault!;
        Assert.Equal(("template", (int?)line), (fault.Code, fault.Line));
        Assert.Contains(line.ToString(System.Globalization.CultureInfo.InvariantCulture), fault.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_no_letter_is_told_and_the_check_names_the_same_line()
    {
        var preview = sqlite.Services.GetRequiredService<PaperPreview>();
        var revision = ShippedMatters.Load("rural-dibao").Revision!;
        Assert.Equal("shape", preview.Show(revision, preview.Sample(revision, "granted.mail", null)!, "主题\n正文", english: false).Fault?.Code);
        Assert.Equal(4, Assert.Throws<DocumentTemplateException>(() => MailTemplate.Read("主题\n--- text\n\n{% if %}\n--- html\n<p>a</p>\n")).Line);
    }

    [Fact]
    public async Task A_new_matter_shows_its_templates_before_it_has_an_example()
    {
        var kit = new DraftKit(sqlite);
        var (preview, papers, open) = (sqlite.Services.GetRequiredService<PaperPreview>(), sqlite.Services.GetRequiredService<PaperCommands>(), sqlite.Services.GetRequiredService<OpenMatters>());
        var by = await kit.ManagerAsync();
        var id = DraftKit.NewId();
        var begun = await kit.Drafts.NewAsync(by, id, new Words { Zh = "村规民约备案", En = "Village rules" }, null, DraftKit.Key());
        foreach (var (file, type) in new[] { ("receipt", "document"), ("board", "notice"), ("told", "mail") }) begun = await papers.AddAsync(by, id, new NewPaper(file, type, "<b>名称</b>", "Name"), begun.Version, DraftKit.Key());
        var matter = (await open.FindAsync(by, id))!;
        foreach (var paper in Paper.Of(matter, []))
        {
            var shown = preview.Show(matter.Revision!, preview.Sample(matter.Revision, paper.File, null)!, paper.Text!, english: false);
            Assert.True(shown.Fault is null, $"{paper.File}: {shown.Fault?.Detail}");
        }
        var receipt = Paper.Of(matter, []).Single(p => p.File == "receipt.html");
        Assert.Contains("&lt;b&gt;", receipt.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_past_case_fills_a_template_with_nobody_in_it()
    {
        await using var app = new TestApp();
        _ = app.Server;
        var caseId = await new CaseStory(app).PlayAsync("granted");
        var preview = app.Services.GetRequiredService<PaperPreview>();
        var revision = app.Services.GetRequiredService<MatterLibrary>().Find("rural-dibao")!;
        var manager = new Viewer(Guid.NewGuid(), "策划", AccountKind.Officer, [new HeldRole(Roles.Manager, DraftKit.County)]);
        var application = await preview.PastAsync(manager, "rural-dibao", caseId);
        var shown = preview.Show(revision, preview.Sample(revision, "acceptance-notice.html", null, application)!, revision.Templates["acceptance-notice.html"], english: false);
        Assert.Null(shown.Fault);
        Assert.Contains("甲某", shown.Html, StringComparison.Ordinal);
        var example = preview.Show(revision, preview.Sample(revision, "acceptance-notice.html", "granted.json")!, revision.Templates["acceptance-notice.html"], english: false);
        Assert.DoesNotContain("甲某", example.Html, StringComparison.Ordinal);
    }
}
