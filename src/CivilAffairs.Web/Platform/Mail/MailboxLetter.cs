using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace CivilAffairs.Web.Platform.Mail;

/// <summary>A letter that in Development reached the mailbox page instead of a server. Addresses and text are encrypted as in the product.</summary>
public sealed class MailboxLetter
{
    internal const string ToPurpose = "mailbox.to", ContentPurpose = "mailbox.content";

    public Guid Id { get; set; } = Guid.CreateVersion7();

    /// <summary>As in the letter: a letter sent twice is shown once, as a reader's program would.</summary>
    public required string MessageId { get; set; }

    /// <summary>The recipients, separated by comma.</summary>
    public required string ToCipher { get; set; }

    /// <summary>The whole letter, MIME.</summary>
    public required string ContentCipher { get; set; }
    public DateTimeOffset At { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<MailboxLetter>
    {
        public void Configure(EntityTypeBuilder<MailboxLetter> builder)
        {
            builder.ToTable("mailbox");
            builder.HasIndex(l => l.MessageId).IsUnique();
            builder.HasIndex(l => l.At);
        }
    }
}
