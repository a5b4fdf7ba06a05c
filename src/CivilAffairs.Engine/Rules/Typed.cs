using System.Text;

namespace CivilAffairs.Engine.Rules;

/// <summary>Numbers as people type them: full-width digits, spaces and hyphens between groups, a small x.</summary>
public static class Typed
{
    /// <summary>The same number as the rules know it: half-width, upper-case, without blanks and hyphens.</summary>
    public static string Number(string? text)
    {
        if (string.IsNullOrWhiteSpace(text)) return "";
        var plain = new StringBuilder(text.Length);
        foreach (var c in text.Normalize(NormalizationForm.FormKC))
            if (!char.IsWhiteSpace(c) && c != '-') plain.Append(char.ToUpperInvariant(c));
        return plain.ToString();
    }

    internal static bool AllDigits(ReadOnlySpan<char> text) => !text.IsEmpty && !text.ContainsAnyExceptInRange('0', '9');
}
