using System.Globalization;
using System.Resources;

namespace CivilAffairs.Web.Platform.Documents;

/// <summary>The renderer's own words. A document's language is an argument, so this asks for a culture instead of using the request's.</summary>
internal static class DocumentTexts
{
    private static readonly ResourceManager Resources = new(typeof(DocumentTexts));

    public static string Get(string key, CultureInfo culture) => Resources.GetString(key, culture)
        ?? throw new InvalidOperationException($"DocumentTexts.resx has no text {key}.");

    /// <summary>A fault as a sentence in the reader's language, with its line in front where it has one.</summary>
    public static string Sentence(int? line, string key, object[] arguments, CultureInfo culture)
    {
        var text = string.Format(culture, Get(key, culture), arguments);
        return line is { } number ? string.Format(culture, Get("AtLine", culture), number, text) : text;
    }
}
