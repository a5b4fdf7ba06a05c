using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace CivilAffairs.Web.Platform.Outbox;

/// <summary>
/// Something to send, written in the transaction that decided it and sent later. Holds references only; address and
/// text are made when it is sent, so no personal data lies here.
/// </summary>
public sealed class OutboxMessage
{
    /// <summary>In <see cref="Revision"/>: a template that the product brings, of no matter.</summary>
    public const string Product = "product";

    public Guid Id { get; set; } = Guid.CreateVersion7();
    public Guid? CaseId { get; set; }

    /// <summary>The person to write to; else <see cref="AccountId"/>, else <see cref="Address"/> (an office's own).</summary>
    public Guid? PersonId { get; set; }
    public Guid? AccountId { get; set; }
    public string? Address { get; set; }

    /// <summary>The subject of a register whose <see cref="Contact"/> is written to, where neither person nor account is.</summary>
    public Guid? SubjectId { get; set; }

    /// <summary>Which of the register's contacts: <c>holder</c> the subject itself, <c>supervisor</c> 业务主管单位.</summary>
    public string? Contact { get; set; }

    /// <summary>A file of the matter's revision; without a revision an <see cref="IAccountLetter"/>; null for a text of the manager's own (Elsa's SendEmail).</summary>
    public string? Template { get; set; }

    /// <summary>The revision of the matter whose template it is.</summary>
    public string? Revision { get; set; }

    /// <summary>JSON for the template's <c>reminder</c>: days, figures, titles, numbers; nothing personal. Null: the case says it all.</summary>
    public string? Data { get; set; }
    public string? Subject { get; set; }
    public string? Body { get; set; }

    /// <summary>Same on every retry, so that servers and readers see one message.</summary>
    public required string MessageId { get; set; }
    public DateTimeOffset CreatedAt { get; set; }
    public OutboxState State { get; set; }

    /// <summary>Not before this instant (back-off).</summary>
    public DateTimeOffset DueAt { get; set; }

    /// <summary>A node that sends it holds it until then; a killed node's hold runs out.</summary>
    public DateTimeOffset? HeldUntil { get; set; }
    public int Attempts { get; set; }

    /// <summary>The server's answer without addresses.</summary>
    public string? LastError { get; set; }
    public DateTimeOffset? SentAt { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<OutboxMessage>
    {
        public void Configure(EntityTypeBuilder<OutboxMessage> builder)
        {
            builder.ToTable("outbox");
            builder.Property(m => m.Contact).HasMaxLength(20);
            // Those of a revision are made from the row's own key; a night's thousands of reminders need no second one.
            builder.HasIndex(m => m.MessageId).IsUnique().HasFilter("\"Revision\" IS NULL");
            builder.HasIndex(m => new { m.State, m.DueAt });
            // Reminders of certificates are about none.
            builder.HasIndex(m => m.CaseId).HasFilter("\"CaseId\" IS NOT NULL");
            // What needs somebody: few, however many were sent.
            builder.HasIndex(m => new { m.DueAt, m.Id }).HasFilter("\"State\" = 'Parked'").HasDatabaseName("ix_outbox_parked");
        }
    }
}

/// <summary>
/// Parked: waits for somebody to look at. Dropped: given up, by an administrator or because the reader wants no such letters.
/// Told: said by telephone, to somebody whom no letter reaches. Projection: no letter, but an instance to copy for another
/// program (<see cref="CivilAffairs.Engine.Port.IProjection"/>); it is deleted when that is done.
/// </summary>
public enum OutboxState { Pending, Sent, Parked, Dropped, Told, Projection }
