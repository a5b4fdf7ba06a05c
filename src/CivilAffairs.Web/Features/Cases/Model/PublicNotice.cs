using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace CivilAffairs.Web.Features.Cases.Model;

/// <summary>A public notice 公示 or published result 公布: a snapshot that comes down by itself.</summary>
public sealed class PublicNotice
{
    public Guid Id { get; set; } = Guid.CreateVersion7();
    public Guid CaseId { get; set; }

    /// <summary>Objections answer it; null for a published result, which takes none.</summary>
    public string? BookmarkId { get; set; }
    public Guid InstanceId { get; set; }
    public required string Kind { get; set; }
    public required string TitleZh { get; set; }
    public required string TitleEn { get; set; }

    /// <summary>The village or township whose board it is on.</summary>
    public required string Division { get; set; }
    public DateOnly FirstDay { get; set; }

    /// <summary>Last day up, plain; null: as long as the benefit lasts.</summary>
    public DateOnly? LastDay { get; set; }

    /// <summary>Safe HTML, made once; names what domain §13 allows and nothing else.</summary>
    public required string Html { get; set; }
    public DateTimeOffset? TakenDownAt { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<PublicNotice>
    {
        public void Configure(EntityTypeBuilder<PublicNotice> builder)
        {
            builder.ToTable("notices");
            builder.Property(n => n.Kind).HasMaxLength(10);
            builder.Property(n => n.Division).HasMaxLength(12);
            builder.HasIndex(n => n.CaseId);
            builder.HasIndex(n => new { n.Division, n.FirstDay });
            builder.HasOne<Case>().WithMany().HasForeignKey(n => n.CaseId);
        }
    }
}

/// <summary>An objection 异议 to a notice, as recorded; text and sender encrypted under the case's key.</summary>
public sealed class Objection
{
    public Guid Id { get; set; } = Guid.CreateVersion7();
    public Guid NoticeId { get; set; }
    public Guid CaseId { get; set; }
    public required byte[] Cipher { get; set; }
    public DateOnly OccurredOn { get; set; }
    public DateTimeOffset RecordedAt { get; set; }

    /// <summary>The officer who wrote it down; empty when it came in by the public page.</summary>
    public Guid RecordedById { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<Objection>
    {
        public void Configure(EntityTypeBuilder<Objection> builder)
        {
            builder.ToTable("objections");
            builder.HasIndex(o => o.NoticeId);
            builder.HasIndex(o => o.CaseId);
        }
    }
}
