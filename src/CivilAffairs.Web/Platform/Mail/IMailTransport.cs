using MimeKit;

namespace CivilAffairs.Web.Platform.Mail;

/// <summary>Hands letters over to whoever delivers them. One at a time; safe to call from several threads.</summary>
public interface IMailTransport
{
    /// <summary>Why nothing can be sent at all; null: it can.</summary>
    string? Unavailable { get; }

    /// <summary>
    /// Hands one letter over. An answer <see cref="MailVerdict.Accepted"/> was read from the server: it has the letter.
    /// Any other may mean that it has it all the same (the line broke before its answer came), so a repeat carries the same Message-ID.
    /// </summary>
    /// <exception cref="OperationCanceledException"><paramref name="cancel"/>; the letter may have been taken.</exception>
    Task<MailAnswer> SendAsync(MimeMessage message, CancellationToken cancel);
}

/// <param name="Verdict">What to do with the letter.</param>
/// <param name="Text">The server's words without addresses, at most 200 characters; empty when accepted.</param>
public sealed record MailAnswer(MailVerdict Verdict, string Text)
{
    public static MailAnswer Accepted { get; } = new(MailVerdict.Accepted, "");
}

/// <summary>
/// Accepted: the server has it (2xx). Later: not this letter, not now (4xx). Refused: never (5xx). Unreachable: no
/// conversation, which says nothing about this letter and is true of every other one too. Broken: the conversation about this
/// letter ended without an answer, which may be the letter's fault or not.
/// </summary>
public enum MailVerdict { Accepted, Later, Refused, Unreachable, Broken }
