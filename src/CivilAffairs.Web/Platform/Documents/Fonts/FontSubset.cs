using System.Runtime.InteropServices;
using HarfBuzzSharp;

namespace CivilAffairs.Web.Platform.Documents.Fonts;

/// <summary>
/// Reduces a TrueType font to the characters of one document, with HarfBuzz's own subsetter.
/// HarfBuzzSharp's native library carries it, its managed half does not declare it (docs/adr/0003).
/// Same font and characters give the same bytes.
/// </summary>
internal static class FontSubset
{
    private const string Library = "libHarfBuzzSharp";
    private const int DropTables = 3;
    private const uint NoHinting = 1;

    // Every glyph is placed by the layouter, so shaping tables and the second alphabet of variants have no reader.
    private static readonly string[] Unneeded = ["GSUB", "GPOS", "GDEF", "BASE", "JSTF", "vhea", "vmtx", "VORG", "DSIG", "fvar", "gvar", "avar", "STAT", "HVAR", "VVAR", "MVAR"];

    /// <summary>The reduced font as a TrueType file.</summary>
    /// <exception cref="InvalidOperationException">The font file is damaged.</exception>
    public static byte[] Reduce(Face face, IEnumerable<int> characters)
    {
        var input = hb_subset_input_create_or_fail();
        if (input == 0) throw new InvalidOperationException("HarfBuzz gave no subset input.");
        try
        {
            var wanted = hb_subset_input_unicode_set(input);
            foreach (var character in characters) hb_set_add(wanted, (uint)character);
            var dropped = hb_subset_input_set(input, DropTables);
            foreach (var table in Unneeded) hb_set_add(dropped, Tag.Parse(table));
            hb_subset_input_set_flags(input, NoHinting);
            return Bytes(hb_subset_or_fail(face.Handle, input));
        }
        finally
        {
            hb_subset_input_destroy(input);
        }
    }

    private static byte[] Bytes(nint face)
    {
        if (face == 0) throw new InvalidOperationException("HarfBuzz could not reduce the font.");
        var blob = hb_face_reference_blob(face);
        try
        {
            var data = hb_blob_get_data(blob, out var length);
            var bytes = new byte[length];
            Marshal.Copy(data, bytes, 0, bytes.Length);
            return bytes;
        }
        finally
        {
            hb_blob_destroy(blob);
            hb_face_destroy(face);
        }
    }

    [DllImport(Library)] private static extern nint hb_subset_input_create_or_fail();
    [DllImport(Library)] private static extern void hb_subset_input_destroy(nint input);
    [DllImport(Library)] private static extern nint hb_subset_input_unicode_set(nint input);
    [DllImport(Library)] private static extern nint hb_subset_input_set(nint input, int set);
    [DllImport(Library)] private static extern void hb_subset_input_set_flags(nint input, uint flags);
    [DllImport(Library)] private static extern void hb_set_add(nint set, uint value);
    [DllImport(Library)] private static extern nint hb_subset_or_fail(nint face, nint input);
    [DllImport(Library)] private static extern nint hb_face_reference_blob(nint face);
    [DllImport(Library)] private static extern void hb_face_destroy(nint face);
    [DllImport(Library)] private static extern nint hb_blob_get_data(nint blob, out uint length);
    [DllImport(Library)] private static extern void hb_blob_destroy(nint blob);
}
