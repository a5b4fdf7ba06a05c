using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace CivilAffairs.Web.Features.Cases.Model;

/// <summary>
/// That a person was reminded 提醒 of one stage of something, or that the stage passed without a letter since a later one had
/// come. Written with its letter in one transaction and never again: the unique key holds on several nodes too.
/// </summary>
public sealed class Reminder
{
    public Guid Id { get; set; } = Guid.CreateVersion7();
    public ReminderSubject Subject { get; set; }

    /// <summary>The task, case, certificate, plan, supervision order, or for a digest the officer's account.</summary>
    public Guid SubjectId { get; set; }

    /// <summary><c>amber:2026-10-09</c> (the last day it warns of), <c>90d</c> before an expiry, <c>2026-11-23</c> of a digest.</summary>
    public required string Stage { get; set; }

    /// <summary>An account, a person, or a subject of a register whose contact is written to.</summary>
    public Guid RecipientId { get; set; }
    public RecipientKind RecipientKind { get; set; }

    /// <summary>Which contact of a register's subject: <c>holder</c>, <c>supervisor</c>; empty for accounts and persons.</summary>
    public string Contact { get; set; } = "";

    /// <summary>The case it is about, with which it goes; null: none.</summary>
    public Guid? CaseId { get; set; }

    /// <summary>The letter in the outbox: the channel is e-mail; null: nothing was sent, the stage had passed.</summary>
    public Guid? MessageId { get; set; }

    /// <summary>The day from which the stage counts.</summary>
    public DateOnly OccurredOn { get; set; }
    public DateTimeOffset RecordedAt { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<Reminder>
    {
        public void Configure(EntityTypeBuilder<Reminder> builder)
        {
            builder.ToTable("reminders");
            builder.Property(r => r.Stage).HasMaxLength(40);
            builder.Property(r => r.Contact).HasMaxLength(20);
            builder.HasIndex(r => new { r.SubjectId, r.Stage, r.RecipientId, r.Contact }).IsUnique();
            builder.HasIndex(r => r.CaseId).HasFilter("\"CaseId\" IS NOT NULL");
        }
    }
}

public enum RecipientKind { Account, Person, Subject }

public enum ReminderSubject { Task, Case, Certificate, Reverification, Digest, Supervision }
