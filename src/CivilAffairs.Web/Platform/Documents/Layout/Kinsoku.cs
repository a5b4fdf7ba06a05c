using System.Text;

namespace CivilAffairs.Web.Platform.Documents.Layout;

/// <summary>Where Chinese text may break 禁则: which characters cannot start a line, which cannot end one, which stay together.</summary>
internal static class Kinsoku
{
    private const string NotAtStart = "、，。．：；？！）］｝】〉》」』〕〗”’％‰℃·・…—～々ー,.:;?!)]}%°";
    private const string NotAtEnd = "（［｛【〈《「『〔〖“‘￥＄¥$([{#";
    // These fill only half of their square, so a full line may take one more by closing up.
    private const string HalfEmptyRight = "、，。．：；）］｝】〉》」』〕〗”’";
    private const string HalfEmptyLeft = "（［｛【〈《「『〔〖“‘";

    public static bool ClosesUpRight(int character) => HalfEmptyRight.Contains((char)Math.Min(character, 0xFFFF));
    public static bool ClosesUpLeft(int character) => HalfEmptyLeft.Contains((char)Math.Min(character, 0xFFFF));
    public static bool IsNotAtStart(int character) => NotAtStart.Contains((char)Math.Min(character, 0xFFFF));

    /// <summary>Whether a line may end between two neighbours.</summary>
    public static bool MayBreak(int before, int after)
    {
        if (after == ' ' || NotAtEnd.Contains((char)Math.Min(before, 0xFFFF)) || IsNotAtStart(after) || IsMark(after)) return false;
        if (before == ' ') return true;
        return IsWide(before) || IsWide(after);
    }

    /// <summary>Whether the space between two neighbours may grow to fill a line: never inside a Latin word or a dash.</summary>
    public static bool MayStretch(int before, int after)
    {
        if (before == after && before is '—' or '…') return false;
        return before == ' ' || ((IsWide(before) || IsWide(after)) && after != ' ');
    }

    /// <summary>Characters that stand in a square of their own: Chinese, full-width forms, Chinese punctuation.</summary>
    public static bool IsWide(int character) => character >= 0x2E80 && character is not (>= 0xFB00 and <= 0xFDFF) || character is '“' or '”' or '‘' or '’' or '—' or '…' or '·' or '〇'
        || character is >= 0x2460 and <= 0x27BF;

    /// <summary>Characters that take no place of their own on paper: variation selectors, joiners, direction marks, tags.</summary>
    public static bool IsInvisible(int character) =>
        character is >= 0xFE00 and <= 0xFE0F or >= 0xE0000 and <= 0xE01EF or >= 0x200B and <= 0x200F or >= 0x202A and <= 0x202E or 0xFEFF or 0x00AD or >= 0x2060 and <= 0x2069;

    private static bool IsMark(int character) => Rune.GetUnicodeCategory(new Rune(character))
        is System.Globalization.UnicodeCategory.NonSpacingMark or System.Globalization.UnicodeCategory.SpacingCombiningMark or System.Globalization.UnicodeCategory.EnclosingMark;
}
