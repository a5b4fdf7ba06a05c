using UglyToad.PdfPig;
using ZXing;
using ZXing.Common;
using Page = UglyToad.PdfPig.Content.Page;

namespace CivilAffairs.Tests.Support;

/// <summary>What a telephone reads in the QR codes of a PDF: the page's filled shapes are painted and a decoder looks at the picture.</summary>
internal static class PdfCodes
{
    private const int Scale = 6;

    /// <returns>What each page's code says, in the order of pages; pages without one are left out.</returns>
    public static IReadOnlyList<string> Of(byte[] bytes)
    {
        using var pdf = PdfDocument.Open(bytes);
        return [.. pdf.GetPages().Select(Read).OfType<string>()];
    }

    private static string? Read(Page page)
    {
        var (width, height) = ((int)Math.Ceiling(page.Width) * Scale, (int)Math.Ceiling(page.Height) * Scale);
        var picture = new byte[width * height];
        Array.Fill(picture, byte.MaxValue);
        foreach (var shape in page.Paths.Where(p => p.IsFilled).SelectMany(p => p).Select(s => s.GetBoundingRectangle()).OfType<UglyToad.PdfPig.Core.PdfRectangle>())
            for (var y = Pixel(page.Height - shape.Top, height); y < Pixel(page.Height - shape.Bottom, height); y++)
                Array.Fill(picture, byte.MinValue, y * width + Pixel(shape.Left, width), Pixel(shape.Right, width) - Pixel(shape.Left, width));
        var reader = new BarcodeReaderGeneric { Options = new DecodingOptions { TryHarder = true, PossibleFormats = [BarcodeFormat.QR_CODE] } };
        return reader.Decode(new RGBLuminanceSource(picture, width, height, RGBLuminanceSource.BitmapFormat.Gray8))?.Text;
    }

    private static int Pixel(double points, int most) => Math.Clamp((int)Math.Round(points * Scale), 0, most);
}
