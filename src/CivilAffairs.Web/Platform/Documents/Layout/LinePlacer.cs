using System.Text;
using CivilAffairs.Web.Platform.Documents.Fonts;
using CivilAffairs.Web.Platform.Documents.Markup;

namespace CivilAffairs.Web.Platform.Documents.Layout;

/// <summary>Gives every character of a line its place: aligned, stretched to the edge or closed up.</summary>
internal sealed class LinePlacer(DocumentFonts fonts)
{
    // Beyond this a stretched line looks torn; it is then left as it is.
    private const float MostStretch = 0.4f;

    /// <param name="left">Left edge of the text in points.</param>
    /// <param name="baseline">Distance of the baseline from the item's top.</param>
    public List<Placed> Place(TextLine line, float left, float baseline, float size, Align align, Tone tone = Tone.Ink)
    {
        var xs = Positions(line, size, align, left + line.Indent);
        var parts = new List<Placed>();
        for (var i = 0; i < line.Glyphs.Count;)
        {
            if (!fonts.Has(line.Glyphs[i].Character)) { parts.Add(new PlacedBox(xs[i] + size * 0.08f, baseline - size * 0.8f, size * 0.84f)); i++; continue; }
            var start = i;
            var text = new StringBuilder();
            while (i < line.Glyphs.Count && line.Glyphs[i].Bold == line.Glyphs[start].Bold && fonts.Has(line.Glyphs[i].Character))
                text.Append(new Rune(line.Glyphs[i++].Character).ToString());
            parts.Add(new PlacedText(text.ToString(), xs[start..i], baseline, size, line.Glyphs[start].Bold, tone));
        }
        return parts;
    }

    private static float[] Positions(TextLine line, float size, Align align, float left)
    {
        var (glyphs, spare) = (line.Glyphs, line.Room - line.Natural);
        var stretch = align == Align.Justify && !line.Ended && spare > 0 ? Stretch(glyphs, spare, size) : 0;
        var close = spare < 0 ? ClosingUp(glyphs, -spare) : 0;
        var x = left + (align switch { Align.Right => Math.Max(spare, 0), Align.Center => Math.Max(spare, 0) / 2, _ => 0 });
        var xs = new float[glyphs.Count];
        for (var i = 0; i < glyphs.Count; i++)
        {
            var character = glyphs[i].Character;
            if (Kinsoku.ClosesUpLeft(character)) x -= close;
            xs[i] = x;
            x += glyphs[i].Advance - (Kinsoku.ClosesUpRight(character) ? close : 0);
            if (i + 1 < glyphs.Count && Kinsoku.MayStretch(character, glyphs[i + 1].Character)) x += stretch;
        }
        return xs;
    }

    private static float Stretch(IReadOnlyList<Glyph> glyphs, float spare, float size)
    {
        var gaps = 0;
        for (var i = 0; i + 1 < glyphs.Count; i++)
            if (Kinsoku.MayStretch(glyphs[i].Character, glyphs[i + 1].Character)) gaps++;
        return gaps == 0 || spare / gaps > MostStretch * size ? 0 : spare / gaps;
    }

    private static float ClosingUp(IReadOnlyList<Glyph> glyphs, float excess)
    {
        var marks = glyphs.Count(g => Kinsoku.ClosesUpRight(g.Character) || Kinsoku.ClosesUpLeft(g.Character));
        return marks == 0 ? 0 : excess / marks;
    }
}
