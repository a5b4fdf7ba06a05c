using CivilAffairs.Web.Platform.Documents.Layout;
using Xunit;

namespace CivilAffairs.Tests.Platform.Documents;

public sealed class PaginationTests
{
    [Fact]
    public void A_page_holds_22_lines_and_is_numbered()
    {
        var document = Samples.Lay($"<p>{new string('永', 28 * 30)}</p>");
        Assert.Equal(2, document.PageCount);
        Assert.Equal(22, Text.Lines(document).Count);
        Assert.EndsWith("— 2 —", Text.OfPage(document, 1), StringComparison.Ordinal);
    }

    [Fact]
    public void No_single_line_is_left_at_the_end_or_the_start_of_a_page()
    {
        for (var before = 15; before < 23; before++)
        {
            var document = Samples.Lay(string.Concat(Enumerable.Repeat("<p>行</p>", before)) + $"<p>{new string('永', 26)}{new string('永', 28 * 3)}</p>");
            for (var page = 0; page < document.PageCount; page++)
                Assert.NotEqual(1, Text.Lines(document, page).Count(l => l.Contains('永', StringComparison.Ordinal)));
        }
    }

    [Fact]
    public void A_heading_moves_with_the_text_below_it()
    {
        var document = Samples.Lay(string.Concat(Enumerable.Repeat("<p>行</p>", 21)) + "<h2>一、标题</h2><p>正文</p>");
        Assert.Equal("一、标题", Text.Lines(document, 1)[0]);
    }

    [Fact]
    public void The_head_of_a_table_is_repeated_and_its_last_row_is_not_alone()
    {
        for (var rows = 40; rows < 70; rows++)
        {
            var document = Samples.Lay(Samples.Notice, Samples.NoticeData(rows));
            for (var page = 0; page < document.PageCount; page++)
            {
                var lines = Text.Lines(document, page);
                var body = lines.Count(l => l.Contains("柳树村第", StringComparison.Ordinal));
                if (body > 0) Assert.Contains("序号姓名所在村人数拟确认月保障金额", lines);
                if (lines.Any(l => l.StartsWith("合计", StringComparison.Ordinal))) Assert.True(body > 0);
            }
        }
    }

    [Fact]
    public void The_seal_never_stands_on_a_page_without_text()
    {
        for (var lines = 10; lines < 24; lines++)
        {
            var document = Samples.Lay(string.Concat(Enumerable.Repeat("<p>行</p>", lines)) + "<div class=\"seal\"><p>民政局</p></div><div class=\"signature\">签名：</div>");
            var sealPage = Enumerable.Range(0, document.PageCount).Single(p => document.Pages[p].OfType<PlacedCircle>().Any());
            Assert.Contains("行", Text.OfPage(document, sealPage), StringComparison.Ordinal);
            Assert.Contains("签名", Text.OfPage(document, sealPage), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_foot_ends_the_last_page_and_never_stands_alone()
    {
        for (var lines = 15; lines < 24; lines++)
        {
            var document = Samples.Lay(string.Concat(Enumerable.Repeat("<p>行</p>", lines)) + "<div class=\"foot\"><p>脚注</p><img class=\"qr\" data-url=\"https://example.gov.cn/v/1\"></div>");
            Assert.Contains("脚注", Text.OfPage(document, document.PageCount - 1), StringComparison.Ordinal);
            Assert.Contains("行", Text.OfPage(document, document.PageCount - 1), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Nothing_leaves_the_page()
    {
        foreach (var rows in new[] { 1, 17, 43, 61 })
        {
            foreach (var page in Samples.Lay(Samples.Notice, Samples.NoticeData(rows)).Pages)
                Assert.All(page.OfType<PlacedLine>(), l => Assert.InRange(l.Y2, Typography.Top, Typography.Bottom + 1));
        }
    }

    [Fact]
    public void A_page_break_starts_a_page()
    {
        Assert.Equal(2, Samples.Lay("<p>一</p><div class=\"page-break\"></div><p>二</p>").PageCount);
    }
}
