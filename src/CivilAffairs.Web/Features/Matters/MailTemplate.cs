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
    private readonly Part subject, text, html;

    private MailTemplate(Part subject, Part text, Part html) => (this.subject, this.text, this.html) = (subject, text, html);

    /// <returns>Null where the text has not this shape, or a part is empty.</returns>
    /// <exception cref="DocumentTemplateException">The Liquid of a part is wrong; names the line of the whole text.</exception>
    public static MailTemplate? Read(string template)
    {
        ArgumentNullException.ThrowIfNull(template);
        var (text, html) = (template.IndexOf(TextMark, StringComparison.Ordinal), template.IndexOf(HtmlMark, StringComparison.Ordinal));
        if (text < 1 || html < text) return null;
        (int From, string Text)[] parts = [Cut(0, text), Cut(text + TextMark.Length, html), Cut(html + HtmlMark.Length, template.Length)];
        return template.AsSpan(0, text).Contains('\n') || parts.Any(p => p.Text.Length == 0) ? null
            : new MailTemplate(Parsed(parts[0]), Parsed(parts[1]), Parsed(parts[2]));

        (int From, string Text) Cut(int from, int to) => (from + (to - from - template.AsSpan(from, to - from).TrimStart().Length), template[from..to].Trim());

        Part Parsed((int From, string Text) part)
        {
            var above = template.AsSpan(0, part.From).Count('\n');
            return Part.Placed(above, () => new Part(TextTemplate.Parse(part.Text), above));
        }
    }

    /// <summary>The file with the same letter in English: <c>granted.mail</c> → <c>granted.en.mail</c>.</summary>
    public static string EnglishOf(string file) => Path.ChangeExtension(file, ".en.mail");

    /// <summary>The message for one recipient; values are encoded in the HTML part only.</summary>
    /// <exception cref="DocumentTemplateException">The data lacks a name that the template uses; names the line of the whole text.</exception>
    public MailText Render(DocumentRenderer renderer, JsonNode data, CultureInfo culture)
    {
        ArgumentNullException.ThrowIfNull(renderer);
        // A line break in a subject would start another header.
        var title = Fill(subject, asHtml: false).ReplaceLineEndings(" ").Trim();
        return new MailText(title, Fill(text, asHtml: false), Fill(html, asHtml: true));

        string Fill(Part part, bool asHtml) => Part.Placed(part.Above, () => renderer.RenderText(part.Template, data, culture, asHtml));
    }

    /// <param name="Above">Lines of the whole text that stand above it.</param>
    private sealed record Part(TextTemplate Template, int Above)
    {
        /// <summary>Tells of a fault by the line of the whole text, which is what its writer sees.</summary>
        public static T Placed<T>(int above, Func<T> work)
        {
            try
            {
                return work();
            }
            catch (DocumentTemplateException fault) when (above > 0)
            {
                throw fault.Below(above);
            }
        }
    }
}
