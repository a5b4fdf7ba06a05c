using System.Text;
using CivilAffairs.Web.Platform.Mail;
using CivilAffairs.Web.Platform.Security;
using MimeKit;

namespace CivilAffairs.Web.Features.Mail.Mailbox;

/// <summary>A letter as the mailbox page shows it, read back from the bytes that would have gone out.</summary>
/// <param name="Text">The plain part.</param>
/// <param name="Html">The HTML part, taken apart into harmless pieces.</param>
public sealed record ShownLetter(DateTimeOffset At, string To, string Subject, IReadOnlyList<LetterPiece> Text, IReadOnlyList<LetterPiece> Html)
{
    internal static ShownLetter Read(MailboxLetter row, FieldCipher cipher)
    {
        using var bytes = new MemoryStream(Encoding.ASCII.GetBytes(cipher.Decrypt(row.ContentCipher, MailboxLetter.ContentPurpose)));
        using var letter = MimeMessage.Load(bytes);
        return new(row.At, cipher.Decrypt(row.ToCipher, MailboxLetter.ToPurpose), letter.Subject ?? "",
            LetterPiece.OfText(letter.TextBody ?? ""), LetterPiece.OfHtml(letter.HtmlBody ?? ""));
    }
}
