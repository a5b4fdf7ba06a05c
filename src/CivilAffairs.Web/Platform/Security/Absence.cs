using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace CivilAffairs.Web.Platform.Security;

/// <summary>
/// Days on which an officer is away 请假、外出 and a deputy 代理人 does their work. In force from the first day to the last,
/// both included, as days of the bureau, unless it was ended before. See docs/adr/0054.
/// </summary>
public sealed class Absence
{
    /// <summary>Days that one absence may take: longer ones are a matter of postings.</summary>
    public const int MostDays = 366;

    public Guid Id { get; set; } = Guid.CreateVersion7();

    /// <summary>Who is away.</summary>
    public Guid AccountId { get; set; }

    /// <summary>Who stands in. Nobody stands in for a deputy: there are no chains.</summary>
    public Guid DeputyId { get; set; }
    public DateOnly From { get; set; }

    /// <summary>Last day.</summary>
    public DateOnly To { get; set; }

    /// <summary>The leader named a deputy whose own posts do not cover the absent officer's.</summary>
    public bool BeyondPosts { get; set; }

    /// <summary>The officer, or their leader.</summary>
    public Guid RecordedById { get; set; }
    public DateTimeOffset RecordedAt { get; set; }

    /// <summary>When it was ended before its last day, and by whom; null: it runs out by itself.</summary>
    public DateTimeOffset? EndedAt { get; set; }
    public Guid? EndedById { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<Absence>
    {
        public void Configure(EntityTypeBuilder<Absence> builder)
        {
            builder.ToTable("absences");
            // Asked at every sign-in and every few seconds of an open desk: what is over is not in it, but for the days of its end.
            builder.HasIndex(a => new { a.DeputyId, a.To }).HasFilter("\"EndedAt\" IS NULL").HasDatabaseName("ix_absences_deputy");
            builder.HasIndex(a => new { a.AccountId, a.To });
            builder.HasOne<Account>().WithMany().HasForeignKey(a => a.AccountId).OnDelete(DeleteBehavior.Restrict);
            builder.HasOne<Account>().WithMany().HasForeignKey(a => a.DeputyId).OnDelete(DeleteBehavior.Restrict);
        }
    }
}
