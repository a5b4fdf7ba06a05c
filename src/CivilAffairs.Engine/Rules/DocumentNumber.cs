using System.Globalization;

namespace CivilAffairs.Engine.Rules;

/// <summary>The number of an official document 文号: <c>低保受〔2026〕00012</c>, gap-free per kind, office and year.</summary>
public static class DocumentNumber
{
    /// <param name="kind">The document's short name, as <c>低保受</c>.</param>
    /// <param name="division">Six-digit division where the county prints it, else empty.</param>
    /// <param name="year">Year of the series.</param>
    /// <param name="sequence">From 1; more than five digits are printed in full.</param>
    public static string Format(string kind, string division, int year, int sequence)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(sequence, 1);
        return string.Create(CultureInfo.InvariantCulture, $"{kind}{division}〔{year:0000}〕{sequence:00000}");
    }
}
