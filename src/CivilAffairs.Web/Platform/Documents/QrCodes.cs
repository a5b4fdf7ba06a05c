using System.Globalization;
using System.Text;
using QRCoder;

namespace CivilAffairs.Web.Platform.Documents;

/// <summary>QR codes for documents and pages: level M, which survives a fold or a thumb print.</summary>
public static class QrCodes
{
    private const int LongestText = 1_000;

    /// <summary>An SVG for a page: scales with its box, black on white whatever the theme, no inline style.</summary>
    /// <param name="text">What the code says, usually an address.</param>
    /// <param name="label">Read out by screen readers; null: the picture is decoration beside the same address in words.</param>
    /// <exception cref="DocumentTemplateException">The text is longer than 1,000 characters.</exception>
    public static string Svg(string text, string? label = null)
    {
        var modules = Modules(text);
        var size = modules.Length + 8;
        var path = new StringBuilder();
        for (var y = 0; y < modules.Length; y++)
            foreach (var (x, length) in Bars(modules[y]))
                path.Append(CultureInfo.InvariantCulture, $"M{x + 4} {y + 4}h{length}v1h-{length}z");
        var name = label is null ? "aria-hidden=\"true\"" : $"role=\"img\" aria-label=\"{System.Net.WebUtility.HtmlEncode(label)}\"";
        return string.Create(CultureInfo.InvariantCulture,
            $"<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"qr\" viewBox=\"0 0 {size} {size}\" shape-rendering=\"crispEdges\" {name}><path fill=\"#fff\" d=\"M0 0h{size}v{size}H0z\"/><path fill=\"#000\" d=\"{path}\"/></svg>");
    }

    /// <summary>The code as rows of dark (true) and light modules, without the quiet zone.</summary>
    internal static bool[][] Modules(string text)
    {
        if (text.Length > LongestText) throw new DocumentTemplateException(null, "QrTooLong");
        using var data = QRCodeGenerator.GenerateQrCode(text, QRCodeGenerator.ECCLevel.M, forceUtf8: true);
        var quiet = 4;
        var size = data.ModuleMatrix.Count - 2 * quiet;
        return [.. Enumerable.Range(0, size).Select(y => Enumerable.Range(0, size).Select(x => data.ModuleMatrix[y + quiet][x + quiet]).ToArray())];
    }

    /// <summary>Dark stretches of a row: start and length.</summary>
    internal static IEnumerable<(int Start, int Length)> Bars(bool[] row)
    {
        for (var x = 0; x < row.Length; x++)
        {
            if (!row[x]) continue;
            var start = x;
            while (x < row.Length && row[x]) x++;
            yield return (start, x - start);
        }
    }
}
