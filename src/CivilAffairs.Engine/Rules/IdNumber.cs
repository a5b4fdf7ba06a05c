using System.Globalization;

namespace CivilAffairs.Engine.Rules;

/// <summary>A citizen's identity number 公民身份号码 (GB 11643), 18 characters, a date of birth and a check digit inside.</summary>
/// <param name="Text">Normalized: the last character may be an upper-case X.</param>
/// <param name="IsMale">Digit 17 is odd.</param>
public sealed record IdNumber(string Text, DateOnly Born, bool IsMale)
{
    private static readonly int[] Weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

    // Province-level divisions, with 港澳台 residents' own codes 81–83.
    private static readonly HashSet<string> Provinces =
    [
        "11", "12", "13", "14", "15", "21", "22", "23", "31", "32", "33", "34", "35", "36", "37", "41", "42", "43",
        "44", "45", "46", "50", "51", "52", "53", "54", "61", "62", "63", "64", "65", "71", "81", "82", "83",
    ];

    /// <summary>Reads a number as typed. Exactly one of the two results is null.</summary>
    /// <param name="typed">As typed, see <see cref="Typed.Number"/>.</param>
    /// <param name="today">The bureau's day: nobody is born later.</param>
    public static (IdNumber? Number, RuleFault? Fault) Read(string? typed, DateOnly today)
    {
        var text = Typed.Number(typed);
        if (text.Length != 18 || !Typed.AllDigits(text.AsSpan(0, 17)) || !(char.IsAsciiDigit(text[17]) || text[17] == 'X'))
            return (null, new RuleFault("idNumber.shape"));
        if (!Provinces.Contains(text[..2])) return (null, new RuleFault("idNumber.province"));
        if (!DateOnly.TryParseExact(text.AsSpan(6, 8), "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var born) || born > today)
            return (null, new RuleFault("idNumber.date"));
        if (CheckDigit(text) is var expected && expected != text[17])
            return (null, new RuleFault("idNumber.checkDigit", expected.ToString()));
        return (new IdNumber(text, born, (text[16] - '0') % 2 == 1), null);
    }

    /// <summary>The 18 characters of a number of 15 digits (before 1999: no century, no check digit); anything else as it is.</summary>
    /// <param name="text">Normalized, see <see cref="Typed.Number"/>.</param>
    public static string Lengthen(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length != 15 || !Typed.AllDigits(text)) return text;
        var first17 = $"{text[..6]}19{text[6..]}";
        return first17 + CheckDigit(first17);
    }

    /// <summary>The check digit that the first 17 digits ask for.</summary>
    public static char CheckDigit(string first17)
    {
        ArgumentNullException.ThrowIfNull(first17);
        var sum = Weights.Select((weight, i) => weight * (first17[i] - '0')).Sum();
        return "10X98765432"[sum % 11];
    }
}
