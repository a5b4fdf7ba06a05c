using CivilAffairs.Web.Platform.Documents;
using CivilAffairs.Web.Platform.Documents.Filters;
using System.Text.Json.Nodes;
using Xunit;

namespace CivilAffairs.Tests.Platform.Documents.Filters;

public sealed class DocumentFiltersTests
{
    [Theory]
    [InlineData("{{ d | zh_date }}", "2026年11月24日")]
    [InlineData("{{ d | zh_numeral_date }}", "二〇二六年十一月二十四日")]
    [InlineData("{{ d | zh_month }}", "2026年11月")]
    [InlineData("{{ m | zh_month }}", "2026年2月")]
    [InlineData("{{ d | en_date }}", "24 November 2026")]
    [InlineData("{{ fen | money }}", "¥1,234.00")]
    [InlineData("{{ minus | money }}", "-¥0.05")]
    [InlineData("{{ fen | zh_money }}", "壹仟贰佰叁拾肆元整")]
    [InlineData("{{ n | zh_number }}", "十二")]
    [InlineData("{{ name | mask_name }}", "欧***")]
    [InlineData("{{ phone | mask_phone }}", "138****1234")]
    [InlineData("{{ id | mask_id }}", "341299********0011")]
    [InlineData("{{ name | size }}", "4")]
    public void A_filter_writes_what_the_paper_needs(string template, string expected)
    {
        var data = JsonNode.Parse("""{"d":"2026-11-24","m":"2026-02","fen":123400,"minus":-5,"n":12,"name":"欧阳小明","phone":"13800001234","id":"341299199001010011"}""")!;
        Assert.Equal(expected, Samples.Renderer.RenderText(TextTemplate.Parse(template), data, Samples.Chinese, asHtml: false));
    }

    [Theory]
    [InlineData("甲\n乙", "甲<br>乙")]
    [InlineData(" 甲 \r\n\r\n乙\n", "甲<br>乙")]
    [InlineData("<b>甲</b>\n&lt;", "&lt;b&gt;甲&lt;/b&gt;<br>&amp;lt;")]
    [InlineData("", "")]
    public void Lines_end_where_the_writer_ended_them_and_stay_text(string value, string html)
    {
        var data = new JsonObject { ["text"] = value };
        Assert.Equal(html, Samples.Renderer.RenderText(TextTemplate.Parse("{{ text | lines }}"), data, Samples.Chinese, asHtml: true));
        Assert.Equal(html.Replace("<br>", "</p><p>", StringComparison.Ordinal), Samples.Renderer.RenderText(TextTemplate.Parse("{{ text | paragraphs }}"), data, Samples.Chinese, asHtml: true));
        Assert.Equal(value.Replace("\r", "", StringComparison.Ordinal).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
            Samples.Renderer.RenderText(TextTemplate.Parse("{{ text | lines }}"), data, Samples.Chinese, asHtml: false).Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Theory]
    [InlineData(0, "零")]
    [InlineData(10, "十")]
    [InlineData(20, "二十")]
    [InlineData(105, "一百零五")]
    [InlineData(110, "一百一十")]
    [InlineData(10_010, "一万零一十")]
    [InlineData(20_000, "二万")]
    [InlineData(1_000_200, "一百万零二百")]
    [InlineData(100_000_000, "一亿")]
    [InlineData(100_000_001, "一亿零一")]
    [InlineData(1_234_500_000_000, "一万二千三百四十五亿")]
    public void Numbers_are_counted_in_characters(long number, string expected) => Assert.Equal(expected, ChineseNumerals.Count(number));

    [Theory]
    [InlineData(0, "零元整")]
    [InlineData(5, "伍分")]
    [InlineData(50, "伍角整")]
    [InlineData(105, "壹元零伍分")]
    [InlineData(120_000, "壹仟贰佰元整")]
    [InlineData(100_050, "壹仟元伍角整")]
    [InlineData(1_040_901, "壹万零肆佰零玖元零壹分")]
    [InlineData(1_000_000, "壹万元整")]
    [InlineData(1_000, "壹拾元整")]
    [InlineData(-12_345, "负壹佰贰拾叁元肆角伍分")]
    public void Amounts_are_written_as_on_a_bank_form(long fen, string expected) => Assert.Equal(expected, ChineseNumerals.Amount(fen));

    [Theory]
    [InlineData("2026-10-10", "二〇二六年十月十日")]
    [InlineData("2030-01-31", "二〇三〇年一月三十一日")]
    public void Solemn_dates(string date, string expected) => Assert.Equal(expected, ChineseNumerals.Date(DateOnly.Parse(date, Samples.Chinese)));
}
