using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using AngleSharp.Html.Parser;
using CivilAffairs.Web.Features.Cases;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Documents;
using CivilAffairs.Web.Platform.Mail;
using CivilAffairs.Web.Platform.Outbox;
using Microsoft.Extensions.Options;
using MimeKit;

namespace CivilAffairs.Web.Features.Mail;

/// <summary>Makes the letter of a message at the moment it is sent: the outbox holds references only.</summary>
internal sealed class LetterMaker(DocumentRenderer renderer, MatterLibrary matters, IMailData data, IOptions<MailOptions> options, TimeProvider time)
{
    private readonly MailboxAddress from = new(options.Value.FromName ?? "", options.Value.From);

    /// <returns>The letter, or a code of why there can be none: <c>no-address</c>, <c>no-template</c>, <c>template</c>, <c>case-erased</c> …</returns>
    /// <exception cref="Exception">The database did not answer: to be tried again.</exception>
    internal async Task<(MimeMessage? Letter, string? Fault)> MakeAsync(CivilAffairsDb db, OutboxMessage message, Addressees addressees, CancellationToken cancel)
    {
        var (to, fault) = addressees.Find(message);
        if (to is null) return (null, fault);
        var language = addressees.Language(message);
        MailTemplate? content;
        try
        {
            content = message.Template is null ? Own(message) : await RenderedAsync(db, message, language, cancel).ConfigureAwait(false);
        }
        catch (DocumentTemplateException)
        {
            return (null, "template");
        }
        catch (CaseErasedException)
        {
            return (null, "case-erased");
        }
        return content is null ? (null, "no-template") : (Compose(message, to, content, language), null);
    }

    private async Task<MailTemplate?> RenderedAsync(CivilAffairsDb db, OutboxMessage message, string language, CancellationToken cancel)
    {
        if (message.Revision is null || await TemplateAsync(message.Revision, message.Template!, language, cancel).ConfigureAwait(false) is not { } template) return null;
        var values = message.CaseId is { } id ? await data.DataAsync(db, id, language, cancel).ConfigureAwait(false) : new JsonObject();
        return template.Render(renderer, values, CultureInfo.GetCultureInfo(language));
    }

    // The one for the language (granted.en.mail) where the matter has it, else the Chinese one.
    private async Task<MailTemplate?> TemplateAsync(string hash, string file, string language, CancellationToken cancel)
    {
        try
        {
            var texts = (await matters.RevisionAsync(hash, cancel).ConfigureAwait(false)).Templates;
            var translated = language == "en" ? texts.GetValueOrDefault(Path.ChangeExtension(file, ".en.mail")) : null;
            return (translated ?? texts.GetValueOrDefault(file)) is { } text ? MailTemplate.Read(text) : null;
        }
        catch (KeyNotFoundException)
        {
            return null;
        }
    }

    // Elsa's SendEmail: HTML, as Elsa sends it, or plain words.
    private static MailTemplate? Own(OutboxMessage message)
    {
        if (message.Body is not { Length: > 0 } body) return null;
        var subject = (message.Subject ?? "").ReplaceLineEndings(" ").Trim();
        if (!body.Contains('<', StringComparison.Ordinal)) return new MailTemplate(subject, body, $"<p>{WebUtility.HtmlEncode(body).ReplaceLineEndings("<br>")}</p>");
        return new MailTemplate(subject, new HtmlParser().ParseDocument(body).Body?.TextContent.Trim() ?? "", body);
    }

    private MimeMessage Compose(OutboxMessage message, MailboxAddress to, MailTemplate content, string language)
    {
        var letter = new MimeMessage { Subject = content.Subject, MessageId = message.MessageId, Date = time.GetUtcNow() };
        letter.From.Add(from);
        letter.To.Add(to);
        // RFC 3834: no holiday answer comes back.
        letter.Headers.Add(HeaderId.AutoSubmitted, "auto-generated");
        letter.Headers.Add(HeaderId.ContentLanguage, language);
        letter.Body = new MultipartAlternative
        {
            new TextPart("plain") { Text = content.Text },
            new TextPart("html") { Text = $"<!DOCTYPE html>\n<html lang=\"{language}\"><head><meta charset=\"utf-8\"></head><body style=\"font-size:16px;line-height:1.7\">\n{content.Html}\n</body></html>\n" },
        };
        return letter;
    }
}
