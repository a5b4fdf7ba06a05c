using System.Globalization;
using System.Net;
using System.Text;
using CivilAffairs.Web.Platform.Documents.Layout;

namespace CivilAffairs.Web.Platform.Documents;

/// <summary>
/// A page as SVG for the preview: every character stands where the PDF has it, whatever font the reader's machine owns;
/// text can be selected and is read aloud. No style attributes, no scripts, no addresses.
/// </summary>
internal static class SvgPage
{
    public static string Write(IReadOnlyList<Placed> page, string label)
    {
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"document-page\" viewBox=\"0 0 {Typography.PageWidth:0.##} {Typography.PageHeight:0.##}\" aria-label=\"{WebUtility.HtmlEncode(label)}\" font-family=\"Noto Serif SC, Noto Serif CJK SC, STSong, SimSun, serif\">");
        svg.Append("<path fill=\"#fff\" d=\"M0 0h596v842H0z\"/>");
        foreach (var part in page) Write(part, svg);
        return svg.Append("</svg>").ToString();
    }

    private static void Write(Placed part, StringBuilder svg)
    {
        switch (part)
        {
            case PlacedText text: Text(text, svg); break;
            case PlacedLine l: svg.Append(CultureInfo.InvariantCulture, $"<path stroke=\"{Colour(l.Tone)}\" stroke-width=\"{l.Width}\" d=\"M{l.X1:0.##} {l.Y1:0.##}L{l.X2:0.##} {l.Y2:0.##}\"/>"); break;
            case PlacedBox b: svg.Append(CultureInfo.InvariantCulture, $"<rect x=\"{b.X:0.##}\" y=\"{b.Y:0.##}\" width=\"{b.Side:0.##}\" height=\"{b.Side:0.##}\" fill=\"none\" stroke=\"#000\" stroke-width=\"0.6\"/>"); break;
            case PlacedCircle c: svg.Append(CultureInfo.InvariantCulture, $"<circle cx=\"{c.X:0.##}\" cy=\"{c.Y:0.##}\" r=\"{c.Radius:0.##}\" fill=\"none\" stroke=\"{Colour(Tone.Seal)}\" stroke-width=\"0.8\" stroke-dasharray=\"4 3\"/>"); break;
            case PlacedQr qr: Qr(qr, svg); break;
            case PlacedPhoto p: svg.Append(CultureInfo.InvariantCulture, $"<image x=\"{p.X:0.##}\" y=\"{p.Y:0.##}\" width=\"{p.Width:0.##}\" height=\"{p.Height:0.##}\" preserveAspectRatio=\"xMidYMid slice\" href=\"{Markup.Pictures.Address(p.Image)}\"/>"); break;
        }
    }

    private static void Text(PlacedText text, StringBuilder svg)
    {
        // SVG counts UTF-16 units: the second half of a pair repeats the place of the first and is ignored.
        var xs = text.Text.EnumerateRunes().SelectMany((r, i) => Enumerable.Repeat(text.Xs[i].ToString("0.##", CultureInfo.InvariantCulture), r.Utf16SequenceLength));
        svg.Append(CultureInfo.InvariantCulture, $"<text xml:space=\"preserve\" x=\"{string.Join(' ', xs)}\" y=\"{text.Baseline:0.##}\" font-size=\"{text.Size}\"{(text.Bold ? " font-weight=\"700\"" : "")} fill=\"{Colour(text.Tone)}\">{WebUtility.HtmlEncode(text.Text)}</text>");
    }

    private static void Qr(PlacedQr qr, StringBuilder svg)
    {
        var side = qr.Side / qr.Modules.Length;
        svg.Append(CultureInfo.InvariantCulture, $"<path shape-rendering=\"crispEdges\" transform=\"translate({qr.X:0.##} {qr.Y:0.##}) scale({side:0.####})\" d=\"");
        for (var y = 0; y < qr.Modules.Length; y++)
            foreach (var (x, length) in QrCodes.Bars(qr.Modules[y])) svg.Append(CultureInfo.InvariantCulture, $"M{x} {y}h{length}v1h-{length}z");
        svg.Append("\"/>");
    }

    private static string Colour(Tone tone)
    {
        var colour = Painter.Colour(tone);
        return $"#{colour.Red:X2}{colour.Green:X2}{colour.Blue:X2}";
    }
}
