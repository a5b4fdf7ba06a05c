using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace CivilAffairs.Web.Features.Cases.Model;

/// <summary>
/// A supervision order 督办件: who leads asks the office that has a case in hand to do something by a day, and to say in writing
/// what was done. A case has at most one that runs; what was asked and answered lies in <see cref="SupervisionEntry"/>.
/// </summary>
public sealed class SupervisionOrder
{
    /// <summary>Of its numbers.</summary>
    public const string Series = "supervision";

    public Guid Id { get; set; } = Guid.CreateVersion7();
    public Guid CaseId { get; set; }

    /// <summary><c>督办〔2026〕7号</c>, without a gap in a county's year.</summary>
    public required string Number { get; set; }

    public static string NumberOf(int year, int number) => FormattableString.Invariant($"督办〔{year}〕{number}号");

    public SupervisionState State { get; set; }

    /// <summary>Last day for the answer that is asked for now.</summary>
    public DateOnly DueOn { get; set; }

    /// <summary>How often something was asked: 1, and one more each time an answer was not enough.</summary>
    public int Round { get; set; } = 1;
    public Guid IssuedById { get; set; }

    /// <summary>The division of the office that had the case in hand when the order was issued: 6, 9 or 12 digits.</summary>
    public string Office { get; set; } = "";

    /// <summary>Whether every answer so far came by its day; null: none came yet.</summary>
    public bool? InTime { get; set; }

    /// <summary>The day of <see cref="IssuedAt"/>.</summary>
    public DateOnly OccurredOn { get; set; }
    public DateTimeOffset IssuedAt { get; set; }

    /// <summary>When it was closed or withdrawn; null: it runs.</summary>
    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>The day on which the deadline watch looks at it next; null: never again.</summary>
    public DateOnly? WatchOn { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<SupervisionOrder>
    {
        public void Configure(EntityTypeBuilder<SupervisionOrder> builder)
        {
            builder.ToTable("supervision_orders");
            builder.Property(o => o.Number).HasMaxLength(40);
            builder.Property(o => o.Office).HasMaxLength(12);
            // Two who order at the same time: one of them is told that there is one already.
            builder.HasIndex(o => o.CaseId).HasFilter("\"EndedAt\" IS NULL").IsUnique().HasDatabaseName("ix_supervision_orders_running");
            builder.HasIndex(o => new { o.CaseId, o.IssuedAt });
            builder.HasIndex(o => new { o.DueOn, o.Id }).HasFilter("\"EndedAt\" IS NULL").HasDatabaseName("ix_supervision_orders_due");
            builder.HasIndex(o => new { o.EndedAt, o.Id }).HasFilter("\"EndedAt\" IS NOT NULL").HasDatabaseName("ix_supervision_orders_ended");
            builder.HasIndex(o => new { o.WatchOn, o.Id }).HasFilter("\"WatchOn\" IS NOT NULL").HasDatabaseName("ix_supervision_orders_watch");
            // Of a year, for the figures of each office.
            builder.HasIndex(o => o.OccurredOn);
            builder.HasOne<Case>().WithMany().HasForeignKey(o => o.CaseId);
        }
    }
}

/// <summary>Open 待反馈: an answer is owed. Answered 已反馈: who ordered it decides. Closed 办结, Withdrawn 撤销: it is over.</summary>
public enum SupervisionState { Open, Answered, Closed, Withdrawn }

/// <summary>One thing that was said about a supervision order. Never edited; its words lie encrypted under the case's key.</summary>
public sealed class SupervisionEntry
{
    public Guid Id { get; set; } = Guid.CreateVersion7();
    public Guid OrderId { get; set; }
    public Guid CaseId { get; set; }
    public SupervisionEntryKind Kind { get; set; }

    /// <summary>The text, encrypted (<see cref="CaseVault"/>) for <see cref="Purpose"/>; empty once the case was destroyed.</summary>
    public required byte[] Cipher { get; set; }

    /// <summary>Of what was asked: by when.</summary>
    public DateOnly? DueOn { get; set; }
    public Guid RecordedById { get; set; }

    /// <summary>The day of <see cref="RecordedAt"/>.</summary>
    public DateOnly OccurredOn { get; set; }
    public DateTimeOffset RecordedAt { get; set; }

    /// <summary>What its text is encrypted for.</summary>
    internal string Purpose => $"supervision.{Id:N}";

    internal sealed class Mapping : IEntityTypeConfiguration<SupervisionEntry>
    {
        public void Configure(EntityTypeBuilder<SupervisionEntry> builder)
        {
            builder.ToTable("supervision_entries");
            builder.HasIndex(e => new { e.OrderId, e.RecordedAt });
            builder.HasIndex(e => e.CaseId);
            builder.HasOne<SupervisionOrder>().WithMany().HasForeignKey(e => e.OrderId);
        }
    }
}

/// <summary>Issued 交办, Answered 反馈, Demanded 再次督办, Closed 办结, Withdrawn 撤销.</summary>
public enum SupervisionEntryKind { Issued, Answered, Demanded, Closed, Withdrawn }
