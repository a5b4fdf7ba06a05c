using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace CivilAffairs.Web.Features.Cases.Model;

/// <summary>A proposal to destroy a case's contents 销毁 once its retention has ended, and what became of it. Kept for good.</summary>
public sealed class CaseErasure
{
    public Guid Id { get; set; } = Guid.CreateVersion7();
    public Guid CaseId { get; set; }

    /// <summary>The rule of the matter's revision it rests on: <c>10y</c> from <c>decision</c>, with its source.</summary>
    public required string Keep { get; set; }
    public required string From { get; set; }
    public required string Source { get; set; }

    /// <summary>Last day it had to be kept.</summary>
    public DateOnly KeptUntil { get; set; }
    public Guid ProposedById { get; set; }
    public DateTimeOffset ProposedAt { get; set; }
    public ErasureState State { get; set; }

    /// <summary>Never the one who proposed it.</summary>
    public Guid? DecidedById { get; set; }
    public DateTimeOffset? DecidedAt { get; set; }

    /// <summary>A code of <c>Retention.Reasons</c>; never text, which might be personal.</summary>
    public string? Reason { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<CaseErasure>
    {
        public void Configure(EntityTypeBuilder<CaseErasure> builder)
        {
            builder.ToTable("case_erasures");
            builder.Property(e => e.Keep).HasMaxLength(20);
            builder.Property(e => e.From).HasMaxLength(20);
            builder.Property(e => e.Source).HasMaxLength(200);
            builder.Property(e => e.Reason).HasMaxLength(40);
            builder.HasIndex(e => e.CaseId).HasFilter("\"State\" = 'Proposed'").IsUnique().HasDatabaseName("ix_case_erasures_open");
            builder.HasIndex(e => new { e.State, e.ProposedAt });
            builder.HasOne<Case>().WithMany().HasForeignKey(e => e.CaseId);
        }
    }
}

public enum ErasureState { Proposed, Erased, Kept }
