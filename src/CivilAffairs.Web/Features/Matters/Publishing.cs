using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace CivilAffairs.Web.Features.Matters;

/// <summary>A published revision of a matter, whole; cases point at it by hash.</summary>
public sealed class PublishedRevision
{
    public required string Hash { get; set; }
    public required string Matter { get; set; }

    /// <summary>JSON object: path → text.</summary>
    public required string Bundle { get; set; }
    public DateTimeOffset PublishedAt { get; set; }

    /// <summary>New cases are filed under the newest.</summary>
    public bool Current { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<PublishedRevision>
    {
        public void Configure(EntityTypeBuilder<PublishedRevision> builder)
        {
            builder.ToTable("matter_revisions");
            builder.HasKey(r => r.Hash);
            builder.Property(r => r.Hash).HasMaxLength(64);
            builder.Property(r => r.Matter).HasMaxLength(60);
            builder.HasIndex(r => new { r.Matter, r.Current });
        }
    }
}

/// <summary>A figure of law or local policy for a time and a place; the matter's first value counts where there is none.</summary>
public sealed class ParameterValue
{
    public Guid Id { get; set; } = Guid.CreateVersion7();
    public required string Key { get; set; }

    /// <summary>Division it is for; empty: the whole county. The narrowest wins.</summary>
    public string Scope { get; set; } = "";

    /// <summary>JSON value; money in fen.</summary>
    public required string Value { get; set; }
    public DateOnly ValidFrom { get; set; }
    public DateOnly? ValidTo { get; set; }
    public required string Source { get; set; }

    /// <summary>Why it was changed, as the officer wrote it; null for values that came with the installation.</summary>
    public string? Reason { get; set; }
    public DateTimeOffset RecordedAt { get; set; }
    public Guid RecordedById { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<ParameterValue>
    {
        public void Configure(EntityTypeBuilder<ParameterValue> builder)
        {
            builder.ToTable("parameters");
            builder.Property(p => p.Key).HasMaxLength(100);
            builder.Property(p => p.Scope).HasMaxLength(12);
            builder.Property(p => p.Reason).HasMaxLength(500);
            builder.HasIndex(p => new { p.Key, p.Scope, p.ValidFrom }).IsUnique();
        }
    }
}
