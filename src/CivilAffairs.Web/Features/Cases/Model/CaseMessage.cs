using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace CivilAffairs.Web.Features.Cases.Model;

/// <summary>One message 留言 about a filed case, between its parties and the offices that handle it. Never edited; its words lie encrypted under the case's key, its attachments are <see cref="CaseFile"/>s that name it.</summary>
public sealed class CaseMessage
{
    public Guid Id { get; set; } = Guid.CreateVersion7();
    public Guid CaseId { get; set; }
    public MessageSide Side { get; set; }

    /// <summary>The text, encrypted (<see cref="CaseVault"/>) for <see cref="Purpose"/>.</summary>
    public required byte[] Cipher { get; set; }
    public Guid RecordedById { get; set; }

    /// <summary>The day of <see cref="RecordedAt"/>.</summary>
    public DateOnly OccurredOn { get; set; }
    public DateTimeOffset RecordedAt { get; set; }

    /// <summary>When somebody of the other side first had it before them; null: nobody yet.</summary>
    public DateTimeOffset? ReadAt { get; set; }
    public Guid? ReadById { get; set; }

    /// <summary>What its text is encrypted for.</summary>
    internal string Purpose => $"message.{Id:N}";

    internal sealed class Mapping : IEntityTypeConfiguration<CaseMessage>
    {
        public void Configure(EntityTypeBuilder<CaseMessage> builder)
        {
            builder.ToTable("case_messages");
            builder.HasIndex(m => new { m.CaseId, m.RecordedAt });
            // What waits to be read stays small, however much was written: a case's, and what the offices have before them, oldest first.
            builder.HasIndex(m => new { m.CaseId, m.Side }).HasFilter("\"ReadAt\" IS NULL").HasDatabaseName("ix_case_messages_unread");
            builder.HasIndex(m => new { m.RecordedAt, m.Id, m.CaseId }).HasFilter("\"ReadAt\" IS NULL AND \"Side\" = 'Applicant'").HasDatabaseName("ix_case_messages_waiting");
            builder.HasOne<Case>().WithMany().HasForeignKey(m => m.CaseId);
        }
    }
}

/// <summary>Who wrote. Applicant: a party of the case, or who acts for one. Office: an officer who sees the case.</summary>
public enum MessageSide { Applicant, Office }
