using System.Text.RegularExpressions;

namespace CivilAffairs.Web.Platform.Mail;

/// <summary>Servers repeat in their answers whom a letter was for; what is kept and logged says it no more.</summary>
internal static partial class ServerWords
{
    private const int Longest = 200;

    /// <summary>One line without addresses and without the names before their at-signs.</summary>
    /// <param name="words">What the server, or the library that spoke to it, said.</param>
    /// <param name="recipients">Whose letter it was.</param>
    internal static string Clean(string words, IEnumerable<string> recipients)
    {
        foreach (var address in recipients)
        {
            words = words.Replace(address, "<address>", StringComparison.OrdinalIgnoreCase);
            // "user zhangsan unknown" names a person just as well.
            if (address.LastIndexOf('@') is > 2 and var at) words = words.Replace(address[..at], "<name>", StringComparison.OrdinalIgnoreCase);
        }
        words = Breaks().Replace(Address().Replace(words, "<address>"), " ").Trim();
        return words.Length <= Longest ? words : words[..Longest];
    }

    [GeneratedRegex(@"[^\s<>""'()\[\],;:]+@[^\s<>""'()\[\],;:]+")]
    private static partial Regex Address();

    [GeneratedRegex(@"[\s\p{C}]+")]
    private static partial Regex Breaks();
}
