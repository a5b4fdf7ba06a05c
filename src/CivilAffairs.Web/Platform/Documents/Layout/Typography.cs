using CivilAffairs.Web.Platform.Documents.Markup;

namespace CivilAffairs.Web.Platform.Documents.Layout;

/// <summary>How a paragraph looks. Sizes in points, indents in characters (ems).</summary>
internal sealed record TextStyle(float Size, float LineHeight, Align Align = Align.Justify, bool Bold = false, float FirstIndent = 0,
    float LeftIndent = 0, float RightIndent = 0, float Before = 0, float After = 0, bool KeepWithNext = false);

/// <summary>The page and the type of official documents (after GB/T 9704: 28 characters of 三号 a line, 22 lines a page).</summary>
internal static class Typography
{
    private const float Millimetre = 72 / 25.4f;

    public const float PageWidth = 210 * Millimetre;
    public const float PageHeight = 297 * Millimetre;
    public const float BodySize = 16;
    public const float Left = 28 * Millimetre;
    public const float Width = 28 * BodySize;
    public const float Top = 37 * Millimetre;
    public const float LineHeight = 29;
    public const float Bottom = Top + 22 * LineHeight;
    public const float PageNumberBaseline = Bottom + 9 * Millimetre;
    public const float PageNumberSize = 14;
    public const float QrSide = 24 * Millimetre;
    /// <summary>A joint photograph 双人合影 of 大二寸: 53 by 35 mm.</summary>
    public const float PhotoWidth = 53 * Millimetre;
    public const float PhotoHeight = 35 * Millimetre;
    public const float SealRadius = 21 * Millimetre;
    public const float CellPadding = 4;
    public const float CellSides = 6;

    /// <summary>Room of a list marker, in ems.</summary>
    public const float MarkerWidth = 1.5f;

    public static TextStyle Of(Paragraph paragraph)
    {
        var style = paragraph.Role switch
        {
            Role.Title => new TextStyle(22, 36, Align.Center, Bold: true, After: 14, KeepWithNext: true),
            Role.Number => new TextStyle(BodySize, LineHeight, Align.Center, After: 14, KeepWithNext: true),
            Role.Heading => new TextStyle(BodySize, LineHeight, Bold: true, FirstIndent: 2, KeepWithNext: true),
            Role.Small => new TextStyle(12, 20),
            Role.Foot => new TextStyle(10.5f, 16),
            _ => new TextStyle(BodySize, LineHeight),
        };
        if (paragraph.Role is Role.Body or Role.Small && paragraph.Indent) style = style with { FirstIndent = 2 };
        if (paragraph.Marker is not null) style = style with { LeftIndent = 2 * (paragraph.Depth + 1) + MarkerWidth, FirstIndent = 0 };
        return paragraph.Align switch
        {
            null => style,
            // The office and its date end four characters before the edge.
            Align.Right => style with { Align = Align.Right, RightIndent = 4, FirstIndent = 0 },
            { } align => style with { Align = align, FirstIndent = 0 },
        };
    }

    public static TextStyle Cell(bool small) => small ? new TextStyle(10.5f, 16) : new TextStyle(12, 19);

    /// <summary>Where the baseline lies under the top of a line: the character's square stands in the middle of the line.</summary>
    public static float Baseline(float size, float lineHeight) => (lineHeight - size) / 2 + 0.88f * size;
}
