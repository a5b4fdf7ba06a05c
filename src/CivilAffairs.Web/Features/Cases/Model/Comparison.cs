using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace CivilAffairs.Web.Features.Cases.Model;

/// <summary>That a case names an account to be paid on, by a keyed hash of its number: so that one account of many people is found, and no number can be read.</summary>
public sealed class AccountUse
{
    public Guid Id { get; set; } = Guid.CreateVersion7();
    public Guid CaseId { get; set; }

    /// <summary>HMAC-SHA-256 of the normalised number, hex.</summary>
    public required string Hash { get; set; }

    /// <summary>False once a later filing named another one.</summary>
    public bool Current { get; set; } = true;
    public DateTimeOffset RecordedAt { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<AccountUse>
    {
        public void Configure(EntityTypeBuilder<AccountUse> builder)
        {
            builder.ToTable("account_uses");
            builder.Property(a => a.Hash).HasMaxLength(64);
            builder.HasIndex(a => a.CaseId);
            builder.HasIndex(a => new { a.Hash, a.Current });
            builder.HasOne<Case>().WithMany().HasForeignKey(a => a.CaseId);
        }
    }
}

/// <summary>Why something is granted although a rule of comparison stands against it 例外: by whom, for this one find, before the decision.</summary>
public sealed class ComparisonOverride
{
    public Guid Id { get; set; } = Guid.CreateVersion7();
    public Guid CaseId { get; set; }

    /// <summary>Of the matter's <c>comparisons</c>.</summary>
    public required string Rule { get; set; }

    /// <summary>The case, grant or entry that was found; empty for an account, whose other users come and go.</summary>
    public Guid Other { get; set; }

    /// <summary>The reason as written, encrypted under the case's key.</summary>
    public required byte[] Cipher { get; set; }
    public Guid RecordedById { get; set; }
    public required string RecordedBy { get; set; }

    /// <summary>The day on which it was recorded: it holds for decisions from then on.</summary>
    public DateOnly OccurredOn { get; set; }
    public DateTimeOffset RecordedAt { get; set; }

    internal string Purpose => $"comparison.{Id:N}";

    internal sealed class Mapping : IEntityTypeConfiguration<ComparisonOverride>
    {
        public void Configure(EntityTypeBuilder<ComparisonOverride> builder)
        {
            builder.ToTable("comparison_overrides");
            builder.Property(o => o.Rule).HasMaxLength(60);
            builder.Property(o => o.RecordedBy).HasMaxLength(200);
            builder.HasIndex(o => new { o.CaseId, o.Rule, o.Other }).IsUnique();
            builder.HasOne<Case>().WithMany().HasForeignKey(o => o.CaseId);
        }
    }
}
