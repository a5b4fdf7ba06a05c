using UglyToad.PdfPig;

namespace CivilAffairs.Tests.Support.Api;

/// <summary>What somebody reads in a PDF.</summary>
internal static class PdfText
{
    /// <summary>All letters in the order of the page, without spaces.</summary>
    public static string Of(byte[] bytes)
    {
        using var pdf = PdfDocument.Open(bytes);
        return string.Concat(pdf.GetPages().SelectMany(p => p.Letters).Select(l => l.Value).Where(v => !string.IsNullOrWhiteSpace(v)));
    }

    public static int Pages(byte[] bytes)
    {
        using var pdf = PdfDocument.Open(bytes);
        return pdf.NumberOfPages;
    }
}
