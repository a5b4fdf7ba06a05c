using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace CivilAffairs.Web.Platform.Audit;

/// <summary>One line of the append-only audit, chained by hash within its chain.</summary>
public sealed class AuditEntry
{
    /// <summary>A case's id, or <c>accounts</c>, <c>settings</c>, <c>matters</c>, <c>heads</c>.</summary>
    public required string Chain { get; set; }

    /// <summary>From 1 without gaps.</summary>
    public int Sequence { get; set; }
    public DateTimeOffset At { get; set; }

    /// <summary>Empty for the product itself.</summary>
    public Guid ActorId { get; set; }

    /// <summary>For example <c>task.completed</c>.</summary>
    public required string Action { get; set; }

    /// <summary>JSON of references; no personal data.</summary>
    public required string Details { get; set; }

    /// <summary>SHA-256, lower-case hex, over the previous line's hash and this line; see <see cref="AuditTrail"/>.</summary>
    public required string Hash { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<AuditEntry>
    {
        public void Configure(EntityTypeBuilder<AuditEntry> builder)
        {
            builder.ToTable("audit");
            builder.HasKey(a => new { a.Chain, a.Sequence });
            builder.Property(a => a.Chain).HasMaxLength(40);
            builder.Property(a => a.Action).HasMaxLength(60);
            builder.Property(a => a.Hash).HasMaxLength(64);
            builder.HasIndex(a => a.At);
        }
    }
}

/// <summary>The head of a day over all chains: what a printed or off-site copy of this one line proves; see <see cref="AuditHeads"/>.</summary>
public sealed class AuditHead
{
    /// <summary>The bureau's day that it closes.</summary>
    public DateOnly Day { get; set; }

    /// <summary>The day's last instant: lines until then are covered, here or by an earlier head.</summary>
    public DateTimeOffset At { get; set; }

    /// <summary>Lines covered by this head and all before it.</summary>
    public long Entries { get; set; }

    /// <summary>SHA-256, lower-case hex.</summary>
    public required string Hash { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<AuditHead>
    {
        public void Configure(EntityTypeBuilder<AuditHead> builder)
        {
            builder.ToTable("audit_heads");
            builder.HasKey(h => h.Day);
            builder.Property(h => h.Hash).HasMaxLength(64);
        }
    }
}
