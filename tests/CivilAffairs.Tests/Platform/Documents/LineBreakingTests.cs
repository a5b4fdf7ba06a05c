using CivilAffairs.Web.Platform.Documents.Layout;
using Xunit;

namespace CivilAffairs.Tests.Platform.Documents;

public sealed class LineBreakingTests
{
    [Fact]
    public void A_full_line_holds_28_characters_and_the_first_two_fewer()
    {
        var lines = Text.Lines(Samples.Lay($"<p>{new string('永', 60)}</p>"));
        Assert.Equal([26, 28, 6], lines.Select(l => l.Length));
    }

    [Fact]
    public void No_line_starts_with_a_closing_mark_or_ends_with_an_opening_one_wherever_the_break_falls()
    {
        const string Sentence = "经审查，你户“符合”《办法》（试行）的规定；共计3人：甲、乙、丙。应予确认！";
        for (var shift = 0; shift < 40; shift++)
        {
            var lines = Text.Lines(Samples.Lay($"<p>{new string('永', shift)}{string.Concat(Enumerable.Repeat(Sentence, 6))}</p>"));
            Assert.All(lines.Skip(1), l => Assert.DoesNotContain(l[0], "，。；：、！”》）"));
            Assert.All(lines, l => Assert.DoesNotContain(l[^1], "“《（"));
        }
    }

    [Fact]
    public void A_closing_mark_closes_up_into_a_full_line_instead_of_taking_a_character_along()
    {
        // 13 + 12 characters and two marks: the second mark would be the 29th square.
        var lines = Text.Lines(Samples.Lay($"<p class=\"noindent\">{new string('永', 13)}，{new string('永', 14)}，{new string('久', 5)}</p>"));
        Assert.Equal(29, lines[0].Length);
        Assert.EndsWith("，", lines[0], StringComparison.Ordinal);
        Assert.All(Samples.Lay($"<p class=\"noindent\">{new string('永', 13)}，{new string('永', 14)}，{new string('久', 5)}</p>").Pages[0].OfType<PlacedText>(),
            t => Assert.True(t.Xs[^1] < Typography.Left + Typography.Width));
    }

    [Fact]
    public void Latin_words_and_numbers_are_kept_whole()
    {
        for (var shift = 0; shift < 14; shift++)
        {
            var lines = Text.Lines(Samples.Lay($"<p>{new string('永', 14 + shift)}账户CivilAffairs余额¥1,234,567.00整</p>"));
            Assert.Contains(lines, l => l.Contains("CivilAffairs", StringComparison.Ordinal));
            Assert.Contains(lines, l => l.Contains("¥1,234,567.00", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void A_word_longer_than_the_line_is_broken_instead_of_leaving_the_page()
    {
        var document = Samples.Lay($"<p>{new string('W', 200)}</p>");
        Assert.All(document.Pages[0].OfType<PlacedText>(), t => Assert.True(t.Xs[^1] + t.Size <= Typography.Left + Typography.Width + t.Size));
        Assert.True(Text.Lines(document).Count > 3);
    }

    [Fact]
    public void Full_lines_reach_the_edge_and_the_last_does_not_stretch()
    {
        var texts = Samples.Lay("<p>共 12 户 Alipay 与 WeChat 账户余额核对的结果以报告为准，请各位调查人员在入户以前仔细阅读并且签名。</p>").Pages[0].OfType<PlacedText>().ToList();
        Assert.InRange(texts[0].Xs[^1] + 16, Typography.Left + Typography.Width - 0.5f, Typography.Left + Typography.Width + 0.5f);
        var last = texts.Last(t => t.Baseline < Typography.Bottom);
        Assert.Equal(16, last.Xs[1] - last.Xs[0], 0.01);
    }

    [Fact]
    public void A_line_end_of_the_source_is_no_space_between_chinese_characters_but_one_between_words()
    {
        Assert.Equal("你户的申请two words", Text.Lines(Samples.Lay("<p class=\"noindent\">你户的\n    申请two\nwords</p>"))[0]);
    }

    [Fact]
    public void A_list_stays_within_the_edges()
    {
        var texts = Samples.Lay($"<ol><li>{new string('永', 80)}</li></ol>").Pages[0].OfType<PlacedText>().Where(t => t.Baseline < Typography.Bottom);
        Assert.All(texts, t => Assert.True(t.Xs[^1] + t.Size <= Typography.Left + Typography.Width + 0.1f));
    }
}
