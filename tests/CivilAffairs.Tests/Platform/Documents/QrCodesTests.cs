using System.Xml.Linq;
using CivilAffairs.Web.Platform.Documents;
using Xunit;

namespace CivilAffairs.Tests.Platform.Documents;

public sealed class QrCodesTests
{
    [Fact]
    public void The_svg_is_well_formed_has_a_quiet_zone_and_no_inline_style()
    {
        var svg = XDocument.Parse(QrCodes.Svg("https://example.gov.cn/v/K7Q2MP", "办件二维码")).Root!;
        var modules = QrCodes.Modules("https://example.gov.cn/v/K7Q2MP");
        Assert.Equal($"0 0 {modules.Length + 8} {modules.Length + 8}", svg.Attribute("viewBox")!.Value);
        Assert.Equal("办件二维码", svg.Attribute("aria-label")!.Value);
        Assert.DoesNotContain("style=", svg.ToString(), StringComparison.Ordinal);
        // The finder pattern of the top left corner: seven dark modules in a row.
        Assert.All(Enumerable.Range(0, 7), x => Assert.True(modules[0][x]));
        Assert.False(modules[0][7]);
        // Always dark by the standard, and not where a mirrored picture has it.
        Assert.True(modules[^8][8]);
    }

    [Fact]
    public void A_text_too_long_for_a_phone_to_read_is_refused() =>
        Assert.Throws<DocumentTemplateException>(() => QrCodes.Svg(new string('x', 1_001)));

    [Fact]
    public void A_label_cannot_break_out() => Assert.DoesNotContain("<script", QrCodes.Svg("x", "\"><script>"), StringComparison.Ordinal);
}
