using System.Text;
using CivilAffairs.Web.Platform.Documents.Fonts;
using CivilAffairs.Web.Platform.Documents.Markup;

namespace CivilAffairs.Web.Platform.Documents.Layout;

/// <summary>One character of a line with its width in points.</summary>
internal readonly record struct Glyph(int Character, bool Bold, float Advance);

/// <param name="Ended">The text ended here (end of paragraph or a forced line end): not stretched to the edge.</param>
internal sealed record TextLine(IReadOnlyList<Glyph> Glyphs, float Indent, float Room, bool Ended)
{
    public float Natural => Glyphs.Sum(g => g.Advance);
}

/// <summary>Breaks text into lines: fills each line, keeps Latin words and numbers whole, obeys <see cref="Kinsoku"/>.</summary>
internal sealed class LineBreaker(DocumentFonts fonts)
{
    private const float Tolerance = 0.01f;

    /// <param name="width">Points from edge to edge.</param>
    /// <param name="firstIndent">Points that the first line starts later (or earlier, negative).</param>
    public List<TextLine> Break(IReadOnlyList<Run> runs, float size, bool bold, float width, float firstIndent = 0)
    {
        var lines = new List<TextLine>();
        foreach (var glyphs in Segments(runs, size, bold))
        {
            var start = 0;
            do
            {
                var indent = lines.Count == 0 ? firstIndent : 0;
                var end = End(glyphs, start, width - indent, size);
                lines.Add(new TextLine(Trimmed(glyphs, start, end), indent, width - indent, end >= glyphs.Count));
                start = end;
                while (start < glyphs.Count && glyphs[start].Character == ' ') start++;
            }
            while (start < glyphs.Count);
        }
        return lines;
    }

    private IEnumerable<List<Glyph>> Segments(IReadOnlyList<Run> runs, float size, bool bold)
    {
        var glyphs = new List<Glyph>();
        foreach (var run in runs)
        {
            var heavy = bold || run.Bold;
            foreach (var rune in run.Text.EnumerateRunes())
            {
                if (rune.Value == '\n') { yield return glyphs; glyphs = []; }
                else if (!Kinsoku.IsInvisible(rune.Value)) glyphs.Add(new Glyph(rune.Value, heavy, fonts.Advance(rune.Value, heavy) * size));
            }
        }
        yield return glyphs;
    }

    /// <summary>Where the line that starts here ends (exclusive).</summary>
    private static int End(List<Glyph> glyphs, int start, float room, float size)
    {
        float used = 0, slack = 0;
        var lastBreak = start;
        for (var i = start; i < glyphs.Count; i++)
        {
            var character = glyphs[i].Character;
            if (i > start && Kinsoku.MayBreak(glyphs[i - 1].Character, character)) lastBreak = i;
            used += glyphs[i].Advance;
            if (Kinsoku.ClosesUpRight(character) || Kinsoku.ClosesUpLeft(character)) slack += size / 2;
            if (used <= room + Tolerance || character == ' ') continue;
            // A closing mark may squeeze in where the marks of the line can close up enough; else it takes its character along.
            if (Kinsoku.ClosesUpRight(character) && used - room <= slack + Tolerance) continue;
            return lastBreak > start ? lastBreak : Math.Max(i, start + 1);
        }
        return glyphs.Count;
    }

    private static List<Glyph> Trimmed(List<Glyph> glyphs, int start, int end)
    {
        while (end > start && glyphs[end - 1].Character == ' ') end--;
        return glyphs.GetRange(start, end - start);
    }

    /// <summary>Text without a line end, as the plain string its glyphs spell.</summary>
    public static string Spell(IEnumerable<Glyph> glyphs)
    {
        var text = new StringBuilder();
        foreach (var glyph in glyphs) text.Append(new Rune(glyph.Character).ToString());
        return text.ToString();
    }
}
