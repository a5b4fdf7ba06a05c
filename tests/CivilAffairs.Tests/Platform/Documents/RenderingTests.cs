using System.Text;
using UglyToad.PdfPig;
using Xunit;

namespace CivilAffairs.Tests.Platform.Documents;

public sealed class RenderingTests
{
    [Fact]
    public void A_member_called_size_is_what_the_data_says_and_not_how_many_members_there_are() =>
        Assert.Contains("共3人", Samples.Lay("<p>共{{ household.size }}人</p>", """{"household":{"size":3,"members":[]}}""").WebHtml, StringComparison.Ordinal);

    [Fact]
    public void The_same_template_and_data_give_the_same_bytes()
    {
        var first = Samples.Lay(Samples.Acceptance, Samples.AcceptanceData).ToPdf(Samples.Issued, "受理通知书");
        var second = Samples.Lay(Samples.Acceptance, Samples.AcceptanceData).ToPdf(Samples.Issued, "受理通知书");
        Keep("acceptance.pdf", first);
        Assert.Equal(first, second);
        Assert.NotEqual(first, Samples.Lay(Samples.Acceptance, Samples.AcceptanceData.Replace("李春燕", "李春雁", StringComparison.Ordinal)).ToPdf(Samples.Issued, "受理通知书"));
    }

    [Fact]
    public void The_text_of_the_pdf_can_be_searched_and_equals_what_was_laid_out()
    {
        var document = Samples.Lay(Samples.Confirmation, Samples.ConfirmationData);
        var bytes = document.ToPdf(Samples.Issued, "确认通知书");
        Keep("confirmation.pdf", bytes);
        using var pdf = PdfDocument.Open(bytes);
        var read = Sorted(string.Concat(pdf.GetPages().SelectMany(p => p.Letters).Select(l => l.Value)));
        Assert.Equal(Sorted(Text.Of(document)), read);
        Assert.Contains("人民币壹仟贰佰元整", string.Concat(pdf.GetPages().SelectMany(p => p.Letters).Select(l => l.Value)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_page_with_its_reduced_font_stays_near_100_kB()
    {
        var bytes = Samples.Lay(Samples.Acceptance, Samples.AcceptanceData).ToPdf(Samples.Issued, "受理通知书");
        Assert.InRange(bytes.Length, 10_000, 160_000);
    }

    [Fact]
    public void Preview_and_pdf_hold_the_same_text_on_the_same_pages()
    {
        var document = Samples.Lay(Samples.Notice, Samples.NoticeData(60));
        var bytes = document.ToPdf(Samples.Issued, "公示单");
        Keep("notice.pdf", bytes);
        using var pdf = PdfDocument.Open(bytes);
        Assert.Equal(document.PageCount, pdf.NumberOfPages);
        for (var page = 0; page < document.PageCount; page++)
        {
            var svg = string.Concat(System.Xml.Linq.XDocument.Parse(document.ToSvg(page)).Descendants().Where(e => e.Name.LocalName == "text").Select(e => e.Value));
            Assert.Equal(Sorted(svg), Sorted(string.Concat(pdf.GetPage(page + 1).Letters.Select(l => l.Value))));
        }
        Keep("notice.html", Encoding.UTF8.GetBytes("<meta charset=utf-8>" + document.ToPreviewHtml()));
        Assert.True(document.ToPng(0, 72).Length > 10_000);
    }

    [Fact]
    public void A_value_with_markup_stays_text_in_every_output()
    {
        var document = Samples.Lay("<p>{{ name }}</p>", """{"name":"<script>alert(1)</script><h1>大</h1>&amp;"}""");
        Assert.Contains("<script>alert(1)</script><h1>大</h1>&amp;", Text.Of(document), StringComparison.Ordinal);
        Assert.DoesNotContain("<script", document.ToPreviewHtml(), StringComparison.Ordinal);
        Assert.DoesNotContain("<script", document.WebHtml, StringComparison.Ordinal);
    }

    [Fact]
    public void A_value_with_liquid_is_not_run()
    {
        Assert.Contains("{{ secret }}", Text.Of(Samples.Lay("<p>{{ name }}</p>", """{"name":"{{ secret }}","secret":"密"}""")), StringComparison.Ordinal);
    }

    [Fact]
    public void Rare_characters_of_names_are_drawn_and_unknown_ones_become_a_counted_box()
    {
        var document = Samples.Lay("<p>龘䶮㙇〇𠳐</p>");
        Assert.Equal(0, document.MissingCharacters);
        Assert.Contains("龘䶮㙇〇", Text.Of(document), StringComparison.Ordinal);
        var missing = Samples.Lay("<p>王𱁬</p>");
        Assert.Equal(1, missing.MissingCharacters);
        Assert.NotEmpty(missing.ToPdf(Samples.Issued, "t"));
    }

    [Fact]
    public void The_web_form_of_a_notice_keeps_the_table_and_has_no_page_layout()
    {
        var html = Samples.Lay(Samples.Notice, Samples.NoticeData(2)).WebHtml;
        Assert.Contains("<table>", html, StringComparison.Ordinal);
        Assert.Contains("王**", html, StringComparison.Ordinal);
    }

    /// <summary>Order of reading differs (a seal's label), what is there must not.</summary>
    private static string Sorted(string text) => string.Concat(text.Where(c => c != ' ').Order());

    /// <summary>Leaves what was made for a person to look at, where asked for.</summary>
    private static void Keep(string name, byte[] bytes)
    {
        if (Environment.GetEnvironmentVariable("CIVILAFFAIRS_ARTIFACTS") is { Length: > 0 } folder) File.WriteAllBytes(Path.Combine(folder, name), bytes);
    }
}
