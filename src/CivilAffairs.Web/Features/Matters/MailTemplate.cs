using System.Globalization;
using System.Text.Json.Nodes;
using CivilAffairs.Web.Platform.Documents;
using CivilAffairs.Web.Platform.Mail;

namespace CivilAffairs.Web.Features.Matters;

/// <summary>
/// A mail template <c>templates/*.mail</c>: the subject in the first line, then <c>--- text</c> and <c>--- html</c>, each
/// Liquid. Parsed once, rendered often; safe for concurrent use.
/// </summary>
public sealed class MailTemplate
{
    private const string TextMark = "\n--- text\n";
    private const string HtmlMark = "\n--- html\n";
    private readonly TextTemplate subject, text, html;

    private MailTemplate(TextTemplate subject, TextTemplate text, TextTemplate html) => (this.subject, this.text, this.html) = (subject, text, html);

    /// <returns>Null where the text has not this shape, or a part is empty.</returns>
    /// <exception cref="DocumentTemplateException">The Liquid of a part is wrong; names the line within its part.</exception>
    public static MailTemplate? Read(string template)
    {
        ArgumentNullException.ThrowIfNull(template);
        var (text, html) = (template.IndexOf(TextMark, StringComparison.Ordinal), template.IndexOf(HtmlMark, StringComparison.Ordinal));
        if (text < 1 || html < text) return null;
        string[] parts = [template[..text], template[(text + TextMark.Length)..html].Trim(), template[(html + HtmlMark.Length)..].Trim()];
        return parts[0].Contains('\n', StringComparison.Ordinal) || parts.Any(string.IsNullOrWhiteSpace) ? null
            : new MailTemplate(TextTemplate.Parse(parts[0]), TextTemplate.Parse(parts[1]), TextTemplate.Parse(parts[2]));
    }

    /// <summary>The file with the same letter in English: <c>granted.mail</c> → <c>granted.en.mail</c>.</summary>
    public static string EnglishOf(string file) => Path.ChangeExtension(file, ".en.mail");

    /// <summary>The message for one recipient; values are encoded in the HTML part only.</summary>
    /// <exception cref="DocumentTemplateException">The data lacks a name that the template uses.</exception>
    public MailText Render(DocumentRenderer renderer, JsonNode data, CultureInfo culture)
    {
        ArgumentNullException.ThrowIfNull(renderer);
        // A line break in a subject would start another header.
        var title = renderer.RenderText(subject, data, culture, asHtml: false).ReplaceLineEndings(" ").Trim();
        return new MailText(title, renderer.RenderText(text, data, culture, asHtml: false), renderer.RenderText(html, data, culture, asHtml: true));
    }
}
