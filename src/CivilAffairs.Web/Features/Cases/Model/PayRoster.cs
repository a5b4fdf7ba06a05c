using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace CivilAffairs.Web.Features.Cases.Model;

/// <summary>
/// A payment batch 发放批次: what one benefit pays in a county in one month. One officer makes it, another checks it; from then on
/// it is frozen. Its lines are <see cref="PayLine"/>s.
/// </summary>
public sealed class PayRoster
{
    /// <summary>Of its numbers.</summary>
    public const string Series = "payments";

    public Guid Id { get; set; } = Guid.CreateVersion7();

    /// <summary>With <see cref="Serial"/>, without a gap in a county's year: <c>发放〔2026〕7号</c>.</summary>
    public int Year { get; set; }
    public int Serial { get; set; }
    public required string Matter { get; set; }
    public required string Benefit { get; set; }

    /// <summary>6 digits.</summary>
    public required string County { get; set; }

    /// <summary>First day of the month that is paid.</summary>
    public DateOnly Month { get; set; }

    /// <summary>First day of the first month that the product pays: what was due before was paid elsewhere. The first batch says it, later ones keep it.</summary>
    public DateOnly Since { get; set; }
    public RosterState State { get; set; }

    /// <summary>One more with each change: what a command about it must have seen.</summary>
    public long Version { get; set; } = 1;

    /// <summary>Hash of its lines as they were computed (<c>PayRules.Digest</c>): while computing gives the same, nothing moved.</summary>
    public required string Digest { get; set; }

    /// <summary>Who computed its lines last.</summary>
    public Guid MadeById { get; set; }
    public required string MadeBy { get; set; }
    public DateTimeOffset MadeAt { get; set; }
    public Guid? SubmittedById { get; set; }
    public string? SubmittedBy { get; set; }
    public DateTimeOffset? SubmittedAt { get; set; }
    public Guid? CheckedById { get; set; }
    public string? CheckedBy { get; set; }
    public DateTimeOffset? CheckedAt { get; set; }

    /// <summary>Why the checker gave it back, encrypted; null: not given back since it was submitted last.</summary>
    public string? ReturnedCipher { get; set; }
    public DateTimeOffset? SentAt { get; set; }

    /// <summary>Id of the bank's layout in which it was sent.</summary>
    public string? Layout { get; set; }
    public DateTimeOffset? ClosedAt { get; set; }
    public Guid ChangedById { get; set; }
    public required string ChangedBy { get; set; }
    public DateTimeOffset ChangedAt { get; set; }

    public string Number => FormattableString.Invariant($"发放〔{Year}〕{Serial}号");

    /// <summary>What the reason of a return is encrypted for.</summary>
    internal string Purpose => $"pay.returned.{Id:N}";

    internal sealed class Mapping : IEntityTypeConfiguration<PayRoster>
    {
        public void Configure(EntityTypeBuilder<PayRoster> builder)
        {
            builder.ToTable("pay_rosters");
            builder.Ignore(r => r.Number);
            builder.Property(r => r.Matter).HasMaxLength(60);
            builder.Property(r => r.Benefit).HasMaxLength(60);
            builder.Property(r => r.County).HasMaxLength(12);
            builder.Property(r => r.Digest).HasMaxLength(64);
            builder.Property(r => r.Layout).HasMaxLength(60);
            builder.Property(r => r.Version).IsConcurrencyToken();
            // Two who make it at the same time, on whatever nodes: one of them is told that it is there.
            builder.HasIndex(r => new { r.Matter, r.Benefit, r.County, r.Month }).HasFilter("\"State\" <> 'Discarded'").IsUnique().HasDatabaseName("ix_pay_rosters_month");
            builder.HasIndex(r => new { r.County, r.Year, r.Serial }).IsUnique();
            builder.HasIndex(r => new { r.County, r.Month, r.Id });
        }
    }
}

/// <summary>
/// Draft 草稿; Submitted 待复核; Approved 已复核, frozen; Sent 已送银行; Settled 已对账: the bank's result is complete and agrees to the
/// cent; Closed 已办结; Discarded 已作废: its lines never were.
/// </summary>
public enum RosterState { Draft, Submitted, Approved, Sent, Settled, Closed, Discarded }
