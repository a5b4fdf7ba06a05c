using System.Globalization;
using System.Text.RegularExpressions;

namespace CivilAffairs.Engine.Rules;

/// <summary>
/// The number of a marriage certificate 婚姻登记证字号: <c>J341299-2026-000005</c>. J marriage, L divorce, BJ and BL their
/// reissues; the sequence runs per registry, prefix and year, and both copies carry one number.
/// </summary>
public sealed partial record CertificateNumber(string Prefix, string Division, int Year, int Sequence)
{
    /// <summary>Null where the text is not such a number.</summary>
    public static CertificateNumber? Parse(string? typed)
    {
        var match = Shape().Match((typed ?? "").Trim().ToUpperInvariant());
        if (!match.Success) return null;
        int Number(string group) => int.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture);
        var number = new CertificateNumber(match.Groups["prefix"].Value, match.Groups["division"].Value, Number("year"), Number("sequence"));
        return number.Sequence == 0 ? null : number;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{Division}-{Year:0000}-{Sequence:000000}");

    [GeneratedRegex("^(?<prefix>J|L|BJ|BL)(?<division>[0-9]{6})-(?<year>[0-9]{4})-(?<sequence>[0-9]{6})$")]
    private static partial Regex Shape();
}
