using System.Globalization;
using CivilAffairs.Web.Platform.Documents.Fonts;
using CivilAffairs.Web.Platform.Documents.Layout;
using SkiaSharp;

namespace CivilAffairs.Web.Platform.Documents;

/// <summary>A document with every character in its place. All outputs draw the same places.</summary>
public sealed class LaidOutDocument
{
    private readonly DocumentFonts _fonts;
    private readonly CultureInfo _culture;

    internal LaidOutDocument(DocumentFonts fonts, IReadOnlyList<IReadOnlyList<Placed>> pages, string html, int missingCharacters, CultureInfo culture)
    {
        (_fonts, _culture) = (fonts, culture);
        (Pages, WebHtml, MissingCharacters) = (pages, html, missingCharacters);
    }

    internal IReadOnlyList<IReadOnlyList<Placed>> Pages { get; }

    /// <summary>Number of pages, at least 1.</summary>
    public int PageCount => Pages.Count;

    /// <summary>How many characters the font lacks; each shows as a box, so a person should look before sealing.</summary>
    public int MissingCharacters { get; }

    /// <summary>The content as flowing HTML (classes <c>doc-…</c>) for a web page such as a notice on a phone: safe to insert, values are encoded.</summary>
    public string WebHtml { get; }

    /// <summary>Writes the PDF. Same template, data, <paramref name="created"/> and <paramref name="title"/>: same bytes.</summary>
    /// <param name="created">The instant the document was issued; goes into the file, never the clock's.</param>
    /// <param name="title">Title shown by readers; no personal data, since file listings show it.</param>
    public void ToPdf(Stream output, DateTimeOffset created, string title)
    {
        var metadata = new SKDocumentPdfMetadata
        {
            Title = title, Producer = "CivilAffairs", Creation = created.UtcDateTime, Modified = created.UtcDateTime,
            RasterDpi = 144, EncodingQuality = 101,
        };
        using var painter = new Painter(_fonts, Pages);
        using var pdf = SKDocument.CreatePdf(output, metadata);
        foreach (var page in Pages)
        {
            painter.Draw(pdf.BeginPage(Typography.PageWidth, Typography.PageHeight), page);
            pdf.EndPage();
        }
        pdf.Close();
    }

    /// <summary>The PDF as bytes; see <see cref="ToPdf(Stream, DateTimeOffset, string)"/>.</summary>
    public byte[] ToPdf(DateTimeOffset created, string title)
    {
        using var memory = new MemoryStream();
        ToPdf(memory, created, title);
        return memory.ToArray();
    }

    /// <summary>One page as a PNG.</summary>
    /// <param name="page">From 0.</param>
    /// <param name="dpi">36 to 300.</param>
    public byte[] ToPng(int page, int dpi)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dpi, 36);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(dpi, 300);
        var scale = dpi / 72f;
        using var surface = SKSurface.Create(new SKImageInfo((int)MathF.Round(Typography.PageWidth * scale), (int)MathF.Round(Typography.PageHeight * scale)));
        surface.Canvas.Clear(SKColors.White);
        surface.Canvas.Scale(scale);
        using var painter = new Painter(_fonts, [Pages[page]]);
        painter.Draw(surface.Canvas, Pages[page]);
        using var image = surface.Snapshot();
        using var data = image.Encode(SKEncodedImageFormat.Png, 100);
        return data.ToArray();
    }

    /// <summary>One page as an SVG element for a preview, selectable and readable aloud.</summary>
    /// <param name="page">From 0.</param>
    public string ToSvg(int page) =>
        SvgPage.Write(Pages[page], string.Format(_culture, DocumentTexts.Get("PageNumber", _culture), page + 1, PageCount));

    /// <summary>All pages as SVG elements one under the other: the preview.</summary>
    public string ToPreviewHtml() => string.Concat(Enumerable.Range(0, PageCount).Select(ToSvg));
}
