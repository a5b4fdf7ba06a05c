using MimeKit;

namespace CivilAffairs.Tests.Support;

/// <summary>A message as an <see cref="SmtpServer"/> got it.</summary>
/// <param name="Connection">Which connection brought it, counted from 1.</param>
/// <param name="Sender">The envelope's sender; empty for a bounce.</param>
/// <param name="Recipients">The envelope's recipients that were accepted.</param>
/// <param name="Raw">The bytes after dot-unstuffing, with the last line break.</param>
/// <param name="Encrypted">Whether the conversation ran over TLS.</param>
public sealed record ReceivedMail(int Connection, string Sender, IReadOnlyList<string> Recipients, ReadOnlyMemory<byte> Raw, bool Encrypted = false)
{
    private readonly Lazy<MimeMessage> message = new(() => MimeMessage.Load(new MemoryStream(Raw.ToArray())));

    /// <summary>The message parsed, at first use.</summary>
    public MimeMessage Message => message.Value;
}
