using System.Globalization;
using System.Text.RegularExpressions;

namespace CivilAffairs.Engine.Rules;

/// <summary>
/// How the numbers of a series 文号、字号 are printed: <c>低保受341299〔2026〕00012</c>, <c>J341299-2026-000005</c>. A text with the
/// places <c>{prefix}</c>, <c>{division}</c>, <c>{year}</c> and <c>{sequence:5}</c>, each once: together they make a number that
/// no other series, office or year has.
/// </summary>
public sealed partial class NumberFormat
{
    /// <summary>Of documents that say nothing else: 文种、区划、年份、流水号 five digits.</summary>
    public const string Usual = "{prefix}{division}〔{year}〕{sequence:5}";

    /// <summary>More than any number on paper has; what a series is kept under is no longer.</summary>
    public const int Longest = 40;

    private readonly string text;

    private NumberFormat(string text) => this.text = text;

    /// <param name="text">Null or empty: <see cref="Usual"/>.</param>
    /// <returns>Null where a place is missing, stands twice, is unknown, or all of it is too long.</returns>
    public static NumberFormat? Read(string? text)
    {
        var format = string.IsNullOrEmpty(text) ? Usual : text;
        var places = Place().Matches(format).Select(m => m.Groups["name"].Value).Order(StringComparer.Ordinal);
        return format.Length <= Longest && places.SequenceEqual(["division", "prefix", "sequence", "year"]) && !Place().Replace(format, "").AsSpan().ContainsAny('{', '}') ? new NumberFormat(format) : null;
    }

    /// <summary>
    /// The series of a prefix in this format, as its counter is kept: the prefix alone where the format is the usual one. A
    /// format that is changed begins a series of its own.
    /// </summary>
    public string SeriesOf(string prefix) => text == Usual ? prefix : text.Replace("{prefix}", prefix, StringComparison.Ordinal);

    /// <summary>One number of a series as <see cref="SeriesOf"/> named it.</summary>
    /// <param name="division">Digits of the office.</param>
    /// <param name="sequence">From 1; one that has more digits than the format is printed in full.</param>
    public static string Print(string series, string division, int year, int sequence)
    {
        ArgumentNullException.ThrowIfNull(series);
        ArgumentOutOfRangeException.ThrowIfLessThan(sequence, 1);
        var format = series.Contains('{', StringComparison.Ordinal) ? series : Usual.Replace("{prefix}", series, StringComparison.Ordinal);
        return Place().Replace(format, place => place.Groups["name"].Value switch
        {
            "division" => division,
            "year" => year.ToString("0000", CultureInfo.InvariantCulture),
            _ => sequence.ToString(new string('0', int.Parse(place.Groups["digits"].ValueSpan, CultureInfo.InvariantCulture)), CultureInfo.InvariantCulture),
        });
    }

    [GeneratedRegex(@"\{(?:(?<name>prefix|division|year)|(?<name>sequence):(?<digits>[1-9]))\}")]
    private static partial Regex Place();
}
