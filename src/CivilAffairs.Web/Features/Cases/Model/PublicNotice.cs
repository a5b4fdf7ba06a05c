using CivilAffairs.Web.Platform.Data;
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

    /// <summary>The benefit whose result it publishes 公布: it comes down with its end, or when a later result takes its place. Null for a notice.</summary>
    public Guid? GrantId { get; set; }

    /// <summary>The line of a register 名录 that it publishes 公布: it comes down with the line's end. Null for any other.</summary>
    public Guid? EntryId { get; set; }
    public Guid InstanceId { get; set; }
    public required string Kind { get; set; }
    public required string TitleZh { get; set; }
    public required string TitleEn { get; set; }

    /// <summary>The village or township whose board it is on.</summary>
    public required string Division { get; set; }
    public DateOnly FirstDay { get; set; }

    /// <summary>Last day up, plain; null: as long as the benefit or the line of the register lasts.</summary>
    public DateOnly? LastDay { get; set; }

    /// <summary>The earliest last day of a result, whatever becomes of its benefit or line; null: any.</summary>
    public DateOnly? LeastUntil { get; set; }

    /// <summary>The day of what it tells; it hangs from <see cref="FirstDay"/>, which is never before the day it was recorded.</summary>
    public DateOnly OccurredOn { get; set; }
    public DateTimeOffset RecordedAt { get; set; }

    /// <summary>Safe HTML, made once; names what domain §13 allows and nothing else.</summary>
    public required string Html { get; set; }

    /// <summary>Set by the job of the day after <see cref="LastDay"/>, so that indexes hold what hangs only; the days alone decide what is shown.</summary>
    public DateTimeOffset? TakenDownAt { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<PublicNotice>
    {
        private const string Up = "\"TakenDownAt\" IS NULL";

        public void Configure(EntityTypeBuilder<PublicNotice> builder)
        {
            builder.ToTable("notices");
            builder.Property(n => n.Kind).HasMaxLength(10);
            builder.Property(n => n.Division).HasMaxLength(12);
            builder.HasIndex(n => n.CaseId);
            builder.HasIndex(n => n.GrantId).HasFilter("\"GrantId\" IS NOT NULL AND \"LastDay\" IS NULL").HasDatabaseName("ix_notices_of_grant");
            builder.HasIndex(n => n.EntryId).HasFilter("\"EntryId\" IS NOT NULL AND \"LastDay\" IS NULL").HasDatabaseName("ix_notices_of_entry");
            builder.Property(n => n.Division).OrderedByBytes();
            // Only what hangs: the day's job takes the rest out, so these stay as small as the board.
            builder.HasIndex(n => new { n.Division, n.FirstDay, n.Id }).HasFilter(Up).HasDatabaseName("ix_notices_up_place");
            builder.HasIndex(n => new { n.FirstDay, n.Id }).HasFilter(Up).HasDatabaseName("ix_notices_up");
            builder.HasIndex(n => new { n.LastDay, n.FirstDay, n.Id }).HasFilter(Up).HasDatabaseName("ix_notices_up_until");
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
