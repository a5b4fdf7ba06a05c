using System.Globalization;
using System.Text.Json.Nodes;
using CivilAffairs.Web.Platform.Documents;

namespace CivilAffairs.Web.Features.Matters;

/// <summary>A mail template <c>templates/*.mail</c>: the subject in the first line, then <c>--- text</c> and <c>--- html</c>, each Liquid.</summary>
public sealed record MailTemplate(string Subject, string Text, string Html)
{
    private const string TextMark = "\n--- text\n";
    private const string HtmlMark = "\n--- html\n";

    /// <returns>Null where the text has not this shape, or a part is empty.</returns>
    public static MailTemplate? Read(string template)
    {
        ArgumentNullException.ThrowIfNull(template);
        var (text, html) = (template.IndexOf(TextMark, StringComparison.Ordinal), template.IndexOf(HtmlMark, StringComparison.Ordinal));
        if (text < 1 || html < text) return null;
        var mail = new MailTemplate(template[..text], template[(text + TextMark.Length)..html].Trim(), template[(html + HtmlMark.Length)..].Trim());
        return mail.Subject.Contains('\n', StringComparison.Ordinal) || mail.Subject.Trim().Length == 0 || mail.Text.Length == 0 || mail.Html.Length == 0 ? null : mail;
    }

    /// <summary>Checks the Liquid of all three parts, without data.</summary>
    /// <exception cref="DocumentTemplateException">Names the line within its part.</exception>
    public void Check()
    {
        foreach (var part in new[] { Subject, Text, Html }) DocumentRenderer.CheckText(part);
    }

    /// <summary>The message for one recipient; values are encoded in the HTML part only.</summary>
    /// <exception cref="DocumentTemplateException">The data lacks a name that the template uses.</exception>
    public MailTemplate Render(DocumentRenderer renderer, JsonNode data, CultureInfo culture)
    {
        ArgumentNullException.ThrowIfNull(renderer);
        // A line break in a subject would start another header.
        var subject = renderer.RenderText(Subject, data, culture, asHtml: false).ReplaceLineEndings(" ").Trim();
        return new MailTemplate(subject, renderer.RenderText(Text, data, culture, asHtml: false), renderer.RenderText(Html, data, culture, asHtml: true));
    }
}
