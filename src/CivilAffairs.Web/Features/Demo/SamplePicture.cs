using SkiaSharp;

namespace CivilAffairs.Web.Features.Demo;

/// <summary>A picture that says it is a sample, in place of people's papers.</summary>
internal static class SamplePicture
{
    public static byte[] Png { get; } = Draw();

    private static byte[] Draw()
    {
        using var bitmap = new SKBitmap(480, 320);
        using (var canvas = new SKCanvas(bitmap))
        using (var paint = new SKPaint { Color = new SKColor(0x1F, 0x5F, 0x8B), IsStroke = true, StrokeWidth = 4 })
        {
            canvas.Clear(SKColors.White);
            canvas.DrawRect(20, 20, 440, 280, paint);
            canvas.DrawLine(20, 20, 460, 300, paint);
            canvas.DrawLine(460, 20, 20, 300, paint);
        }
        using var image = SKImage.FromBitmap(bitmap);
        using var data = image.Encode(SKEncodedImageFormat.Png, 90);
        return data.ToArray();
    }
}
