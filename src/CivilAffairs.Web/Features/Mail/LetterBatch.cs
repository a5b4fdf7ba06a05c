using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using AngleSharp.Html.Parser;
using CivilAffairs.Web.Features.Cases;
using CivilAffairs.Web.Platform.Documents;
using CivilAffairs.Web.Platform.Mail;
using CivilAffairs.Web.Platform.Outbox;
using MimeKit;

namespace CivilAffairs.Web.Features.Mail;

/// <summary>Messages taken together, with everything that their letters need; making one touches no database.</summary>
internal sealed class LetterBatch(IReadOnlyList<OutboxMessage> messages, Addressees addressees, IReadOnlyDictionary<Guid, LetterContent> contents,
    IReadOnlyDictionary<Guid, MailFacts> facts, ReminderFacts reminders, DocumentRenderer renderer, MailboxAddress from, TimeProvider time, Func<Guid, string> offLink)
{
    private static readonly CultureInfo Chinese = CultureInfo.GetCultureInfo("zh-CN"), English = CultureInfo.GetCultureInfo("en");
    private static readonly JsonObject Nothing = [];

    /// <summary>The reader wants no such letters.</summary>
    internal const string Unwanted = "unsubscribed";

    internal IReadOnlyList<OutboxMessage> Messages => messages;

    /// <returns>The letter, or a code of why there can be none: <c>no-address</c>, <c>no-template</c>, <c>template</c>, <c>case-erased</c> …</returns>
    internal (MimeMessage? Letter, string? Fault) Make(OutboxMessage message)
    {
        var (to, fault) = addressees.Find(message);
        if (to is null) return (null, fault);
        var english = addressees.IsEnglish(message);
        var optional = message.PersonId is not null && contents.GetValueOrDefault(message.Id) is { Optional: true };
        if (optional && addressees.WantsNone(message.PersonId!.Value)) return (null, Unwanted);
        var (text, reason) = Words(message, english);
        if (text is null) return (null, reason);
        return (Compose(message, to, optional ? WithLink(text, offLink(message.PersonId!.Value), english) : text, english, optional ? offLink(message.PersonId!.Value) : null), null);
    }

    /// <summary>What the letter says, for somebody who reads it out; null where it cannot be made.</summary>
    internal string? TextOf(OutboxMessage message) => Words(message, addressees.IsEnglish(message)).Text?.Text;

    private static MailText WithLink(MailText text, string link, bool english)
    {
        var (words, stop) = english ? ("No more reminders? ", "Stop them here") : ("不想再收到提醒？", "在这里设置");
        return text with { Text = $"{text.Text}\n\n{words}{link}\n", Html = $"{text.Html}\n<p><small>{words}<a href=\"{WebUtility.HtmlEncode(link)}\">{stop}</a></small></p>" };
    }

    private (MailText? Text, string? Fault) Words(OutboxMessage message, bool english)
    {
        if (message.Template is null) return Own(message) is { } own ? (own, null) : (null, "no-template");
        if (contents.GetValueOrDefault(message.Id) is not { } content) return (null, "no-template");
        if (content.Template is not { } template) return (content.Text, content.Fault);
        JsonNode data = Nothing;
        if (message.CaseId is { } id)
        {
            if (!facts.TryGetValue(id, out var known)) return (null, "case-erased");
            data = known.In(english);
        }
        if (message.Data is { } about) data = reminders.Tell(data, about, english);
        try
        {
            return (template.Render(renderer, data, english ? English : Chinese), null);
        }
        catch (DocumentTemplateException)
        {
            return (null, "template");
        }
    }

    // Elsa's SendEmail: HTML, as Elsa sends it, or plain words.
    private static MailText? Own(OutboxMessage message)
    {
        if (message.Body is not { Length: > 0 } body) return null;
        var subject = (message.Subject ?? "").ReplaceLineEndings(" ").Trim();
        if (!body.Contains('<', StringComparison.Ordinal)) return new MailText(subject, body, $"<p>{WebUtility.HtmlEncode(body).ReplaceLineEndings("<br>")}</p>");
        return new MailText(subject, new HtmlParser().ParseDocument(body).Body?.TextContent.Trim() ?? "", body);
    }

    private MimeMessage Compose(OutboxMessage message, MailboxAddress to, MailText content, bool english, string? off)
    {
        var language = english ? "en" : "zh-CN";
        var letter = new MimeMessage { Subject = content.Subject, MessageId = message.MessageId, Date = time.GetUtcNow() };
        letter.From.Add(from);
        letter.To.Add(to);
        // RFC 3834: no holiday answer comes back.
        letter.Headers.Add(HeaderId.AutoSubmitted, "auto-generated");
        letter.Headers.Add(HeaderId.ContentLanguage, language);
        if (off is not null)
        {
            // RFC 8058: mail programs offer a button of their own.
            letter.Headers.Add(HeaderId.ListUnsubscribe, $"<{off}/one-click>");
            letter.Headers.Add("List-Unsubscribe-Post", "List-Unsubscribe=One-Click");
        }
        letter.Body = new MultipartAlternative
        {
            new TextPart("plain") { Text = content.Text },
            new TextPart("html") { Text = $"<!DOCTYPE html>\n<html lang=\"{language}\"><head><meta charset=\"utf-8\"></head><body style=\"font-size:16px;line-height:1.7\">\n{content.Html}\n</body></html>\n" },
        };
        // Encoded here, for any server, and not while the line to the server waits.
        letter.Prepare(EncodingConstraint.SevenBit);
        return letter;
    }
}
