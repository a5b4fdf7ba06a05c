using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace CivilAffairs.Web.Features.Matters;

/// <summary>
/// One publication of a matter, with the whole revision; cases point at the revision by its hash. A revision that is published
/// again (rolled back to, or opened again after it was retired) has one row for each time, so a hash may stand in several.
/// </summary>
public sealed class PublishedRevision
{
    /// <summary>SHA-256 of the revision, lower-case hex.</summary>
    public required string Hash { get; set; }
    public required string Matter { get; set; }

    /// <summary>1, 2, 3 … within the matter, in the order of publishing.</summary>
    public int Number { get; set; }

    /// <summary>JSON object: path → text.</summary>
    public required string Bundle { get; set; }
    public DateTimeOffset PublishedAt { get; set; }

    /// <summary>The newest of its matter. New cases are filed under it unless it was retired.</summary>
    public bool Current { get; set; }

    /// <summary>Who published it; null: it came with the product, from a folder.</summary>
    public Guid? PublishedById { get; set; }

    /// <summary>Who submitted the draft, where a second person had to publish it.</summary>
    public Guid? SecondById { get; set; }

    /// <summary>Why, as the manager wrote it, at most 500 characters; null: from a folder.</summary>
    public string? Comment { get; set; }

    /// <summary>Hash of the revision that its draft began from; null: the first of its matter.</summary>
    public string? BasedOn { get; set; }
    public RevisionOrigin Origin { get; set; }

    /// <summary>The folder's revision that was taken into its draft: that folder is no newer than this; null: none was.</summary>
    public string? FolderHash { get; set; }

    /// <summary>From then on no new cases; those that run go on. Null: not retired.</summary>
    public DateTimeOffset? RetiredAt { get; set; }
    public Guid? RetiredById { get; set; }

    /// <summary>Why it was retired, at most 500 characters.</summary>
    public string? RetireComment { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<PublishedRevision>
    {
        public void Configure(EntityTypeBuilder<PublishedRevision> builder)
        {
            builder.ToTable("matter_revisions");
            builder.HasKey(r => new { r.Matter, r.Number });
            builder.Property(r => r.Number).ValueGeneratedNever();
            builder.Property(r => r.Hash).HasMaxLength(64);
            builder.Property(r => r.Matter).HasMaxLength(60);
            builder.Property(r => r.Comment).HasMaxLength(500);
            builder.Property(r => r.RetireComment).HasMaxLength(500);
            builder.Property(r => r.BasedOn).HasMaxLength(64);
            builder.Property(r => r.FolderHash).HasMaxLength(64);
            builder.HasIndex(r => r.Hash);
            builder.HasIndex(r => new { r.Matter, r.Current });
        }
    }
}

/// <summary>Where a publication came from.</summary>
public enum RevisionOrigin
{
    /// <summary>A folder of <c>workflows/</c>, at a start.</summary>
    Folder,

    /// <summary>What managers changed in the designer.</summary>
    Draft,

    /// <summary>An earlier publication, once more.</summary>
    Rollback,

    /// <summary>A draft that began with an imported folder.</summary>
    Import,
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
