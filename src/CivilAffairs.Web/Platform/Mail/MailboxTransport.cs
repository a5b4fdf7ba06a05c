using System.Text;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;
using MimeKit;

namespace CivilAffairs.Web.Platform.Mail;

/// <summary>Development without a server: letters are put into a table and read on the mailbox page.</summary>
internal sealed class MailboxTransport(IWriter writer, FieldCipher cipher, TimeProvider time) : IMailTransport
{
    public string? Unavailable => null;

    public async Task<MailAnswer> SendAsync(MimeMessage message, CancellationToken cancel)
    {
        using var bytes = new MemoryStream();
        message.Prepare(EncodingConstraint.SevenBit);
        await message.WriteToAsync(bytes, cancel).ConfigureAwait(false);
        var letter = new MailboxLetter
        {
            MessageId = message.MessageId ?? throw new ArgumentException("A letter has a Message-ID.", nameof(message)),
            ToCipher = cipher.Encrypt(string.Join(", ", message.To.Mailboxes.Select(m => m.Address)), MailboxLetter.ToPurpose),
            ContentCipher = cipher.Encrypt(Encoding.ASCII.GetString(bytes.ToArray()), MailboxLetter.ContentPurpose),
            At = time.GetUtcNow(),
        };
        await writer.WriteAsync(async (db, token) =>
        {
            if (!await db.Set<MailboxLetter>().AnyAsync(l => l.MessageId == letter.MessageId, token).ConfigureAwait(false)) db.Add(letter);
            return 0;
        }, cancel).ConfigureAwait(false);
        return MailAnswer.Accepted;
    }
}

/// <summary>No server is set: letters wait in the outbox until one is.</summary>
internal sealed class NoTransport : IMailTransport
{
    public string? Unavailable => "Mail:Host is not set; letters wait in the outbox.";

    public Task<MailAnswer> SendAsync(MimeMessage message, CancellationToken cancel) => Task.FromResult(new MailAnswer(MailVerdict.Unreachable, Unavailable!));
}
