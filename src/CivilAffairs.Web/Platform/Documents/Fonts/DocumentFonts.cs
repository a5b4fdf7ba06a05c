using System.Collections.Concurrent;
using HarfBuzzSharp;
using SkiaSharp;

namespace CivilAffairs.Web.Platform.Documents.Fonts;

/// <summary>
/// The two weights documents are set in, read from the <c>fonts</c> folder beside the program. Never a font of the
/// machine: the same document must come out with the same bytes everywhere. One instance for the process.
/// </summary>
public sealed class DocumentFonts : IDisposable
{
    private readonly Lazy<FontFace> _regular;
    private readonly Lazy<FontFace> _bold;

    /// <summary>Finds the fonts; each is opened when the first line is set in it, since that takes longer than a start may.</summary>
    /// <param name="folder">Holds <c>NotoSerifSC_400Regular.ttf</c> and <c>NotoSerifSC_700Bold.ttf</c>; null: <c>fonts</c> beside the program.</param>
    /// <exception cref="FileNotFoundException">A font file is missing: the build did not bring it.</exception>
    public DocumentFonts(string? folder = null)
    {
        folder ??= Path.Combine(AppContext.BaseDirectory, "fonts");
        _regular = Found(Path.Combine(folder, "NotoSerifSC_400Regular.ttf"));
        _bold = Found(Path.Combine(folder, "NotoSerifSC_700Bold.ttf"));
    }

    private static Lazy<FontFace> Found(string file) => File.Exists(file) ? new(() => new FontFace(file))
        : throw new FileNotFoundException("A document font is missing; build CivilAffairs.Web once with npm at hand.", file);

    /// <summary>Whether the fonts can draw the character; else the layouter puts a box of the same size.</summary>
    internal bool Has(int character) => _regular.Value.Advance(character) is not null;

    /// <summary>Width of a character in ems; 1 for one that the font lacks.</summary>
    internal float Advance(int character, bool bold) => (bold ? _bold : _regular).Value.Advance(character) ?? 1f;

    /// <summary>The font reduced to these characters; the caller disposes it. Null for no characters.</summary>
    internal SKTypeface? Reduced(bool bold, IReadOnlyCollection<int> characters)
    {
        if (characters.Count == 0) return null;
        using var data = SKData.CreateCopy((bold ? _bold : _regular).Value.Reduce(characters));
        return SKTypeface.FromData(data) ?? throw new InvalidOperationException("Skia refused the reduced font.");
    }

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (var opened in new[] { _regular, _bold }.Where(f => f.IsValueCreated)) opened.Value.Dispose();
    }

    /// <summary>
    /// One at a time: HarfBuzz caches inside the face while it reads. Where the program ends while a paper is still laid out,
    /// that work fails with an exception; a font used after it was freed would end the whole process without a word.
    /// </summary>
    private sealed class FontFace : IDisposable
    {
        private bool _isDisposed;
        private readonly Blob _blob;
        private readonly Face _face;
        private readonly Font _font;
        private readonly ConcurrentDictionary<int, float?> _advances = new();

        public FontFace(string file)
        {
            _blob = Blob.FromFile(file);
            _face = new Face(_blob, 0);
            _face.MakeImmutable();
            _font = new Font(_face);
            _font.SetFunctionsOpenType();
        }

        public float? Advance(int character) => _advances.GetOrAdd(character, Measure);

        public byte[] Reduce(IEnumerable<int> characters)
        {
            lock (_face)
            {
                ObjectDisposedException.ThrowIf(_isDisposed, this);
                return FontSubset.Reduce(_face, characters);
            }
        }

        private float? Measure(int character)
        {
            lock (_face)
            {
                ObjectDisposedException.ThrowIf(_isDisposed, this);
                return _font.TryGetNominalGlyph((uint)character, out var glyph)
                    ? _font.GetHorizontalGlyphAdvance(glyph) / (float)_face.UnitsPerEm
                    : null;
            }
        }

        public void Dispose()
        {
            lock (_face)
            {
                _isDisposed = true;
                _font.Dispose();
                _face.Dispose();
                _blob.Dispose();
            }
        }
    }
}
