using System.Text;
using CivilAffairs.Web.Platform.Documents.Fonts;
using CivilAffairs.Web.Platform.Documents.Layout;
using SkiaSharp;

namespace CivilAffairs.Web.Platform.Documents;

/// <summary>Draws placed parts on a Skia canvas (PDF page or bitmap) with fonts reduced to the document's characters.</summary>
internal sealed class Painter : IDisposable
{
    private readonly SKTypeface? _regular;
    private readonly SKTypeface? _bold;

    public Painter(DocumentFonts fonts, IReadOnlyList<IReadOnlyList<Placed>> pages)
    {
        _regular = fonts.Reduced(false, Characters(pages, false));
        _bold = fonts.Reduced(true, Characters(pages, true));
    }

    public static SKColor Colour(Tone tone) => tone switch
    {
        Tone.Ink => new SKColor(0, 0, 0),
        Tone.Secondary => new SKColor(0x56, 0x62, 0x73),
        Tone.Seal => new SKColor(0xB5, 0x32, 0x2A),
    };

    public void Draw(SKCanvas canvas, IReadOnlyList<Placed> page)
    {
        foreach (var part in page)
        {
            switch (part)
            {
                case PlacedText text: Text(canvas, text); break;
                case PlacedLine line:
                    using (var paint = Stroke(line.Tone, line.Width)) canvas.DrawLine(line.X1, line.Y1, line.X2, line.Y2, paint);
                    break;
                case PlacedBox box:
                    using (var paint = Stroke(Tone.Ink, 0.6f)) canvas.DrawRect(box.X, box.Y, box.Side, box.Side, paint);
                    break;
                case PlacedCircle circle: Circle(canvas, circle); break;
                case PlacedQr qr: Qr(canvas, qr); break;
                case PlacedPhoto photo: Photo(canvas, photo); break;
            }
        }
    }

    private void Text(SKCanvas canvas, PlacedText text)
    {
        using var font = new SKFont(text.Bold ? _bold! : _regular!, text.Size) { Subpixel = true, Hinting = SKFontHinting.None, Edging = SKFontEdging.Antialias };
        using var builder = new SKTextBlobBuilder();
        builder.AddHorizontalRun(font.GetGlyphs(text.Text), font, [.. text.Xs], text.Baseline);
        using var blob = builder.Build();
        using var paint = new SKPaint { Color = Colour(text.Tone), IsAntialias = true };
        if (blob is not null) canvas.DrawText(blob, 0, 0, paint);
    }

    private static void Circle(SKCanvas canvas, PlacedCircle circle)
    {
        using var dashes = SKPathEffect.CreateDash([4, 3], 0);
        using var paint = Stroke(Tone.Seal, 0.8f);
        paint.PathEffect = dashes;
        canvas.DrawCircle(circle.X, circle.Y, circle.Radius, paint);
    }

    private static void Qr(SKCanvas canvas, PlacedQr qr)
    {
        var side = qr.Side / qr.Modules.Length;
        using var path = new SKPath();
        for (var y = 0; y < qr.Modules.Length; y++)
            foreach (var (x, length) in QrCodes.Bars(qr.Modules[y]))
                path.AddRect(SKRect.Create(qr.X + x * side, qr.Y + y * side, length * side, side));
        using var paint = new SKPaint { Color = SKColors.Black, IsAntialias = false };
        canvas.DrawPath(path, paint);
    }

    private static void Photo(SKCanvas canvas, PlacedPhoto photo)
    {
        using var data = SKData.CreateCopy(photo.Image);
        using var image = SKImage.FromEncodedData(data);
        if (image is null) return;
        var frame = SKRect.Create(photo.X, photo.Y, photo.Width, photo.Height);
        var scale = Math.Max(frame.Width / image.Width, frame.Height / image.Height);
        var (width, height) = (image.Width * scale, image.Height * scale);
        canvas.Save();
        canvas.ClipRect(frame);
        canvas.DrawImage(image, SKRect.Create(frame.MidX - width / 2, frame.MidY - height / 2, width, height), new SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.Linear));
        canvas.Restore();
    }

    private static SKPaint Stroke(Tone tone, float width) => new() { Color = Colour(tone), StrokeWidth = width, Style = SKPaintStyle.Stroke, IsAntialias = true };

    private static SortedSet<int> Characters(IReadOnlyList<IReadOnlyList<Placed>> pages, bool bold) =>
        [.. pages.SelectMany(p => p).OfType<PlacedText>().Where(t => t.Bold == bold).SelectMany(t => t.Text.EnumerateRunes()).Select(r => r.Value)];

    public void Dispose()
    {
        _regular?.Dispose();
        _bold?.Dispose();
    }
}
