using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace CivilAffairs.Web.Features.Cases.Model;

/// <summary>
/// A leader's order that a case be done by a day 督办, with words, and the officers' answer. One at a time: while one is open
/// there is no second. It changes no limit that the law sets.
/// </summary>
public sealed class SupervisionOrder
{
    /// <summary>Characters of an order, and of an answer.</summary>
    public const int Longest = 300;

    public Guid Id { get; set; } = Guid.CreateVersion7();
    public Guid CaseId { get; set; }

    /// <summary>JSON <c>{"words": …}</c>, encrypted under the case's key, since people type it.</summary>
    public required byte[] Cipher { get; set; }

    /// <summary>The last day by which the case is to be done.</summary>
    public DateOnly DueOn { get; set; }

    /// <summary>From this day on it is amber: 80 % of the days have passed.</summary>
    public DateOnly AmberFrom { get; set; }

    /// <summary>The day on which it is looked at next for a reminder; null: nothing more is to come.</summary>
    public DateOnly? WatchOn { get; set; }
    public SupervisionState State { get; set; }
    public Guid OrderedById { get; set; }

    /// <summary>The day on which it was ordered.</summary>
    public DateOnly OccurredOn { get; set; }
    public DateTimeOffset RecordedAt { get; set; }

    /// <summary>Like <see cref="Cipher"/>; null: not answered.</summary>
    public byte[]? AnswerCipher { get; set; }

    /// <summary>Who answered it, or took it back; and in whose name where a deputy 代理人 did.</summary>
    public Guid? ClosedById { get; set; }
    public Guid? ClosedForId { get; set; }
    public DateTimeOffset? ClosedAt { get; set; }

    /// <summary>Under which its texts are sealed.</summary>
    internal static string Purpose(Guid id, bool answer) => $"supervision.{id:N}{(answer ? ".answer" : "")}";

    internal sealed class Mapping : IEntityTypeConfiguration<SupervisionOrder>
    {
        public void Configure(EntityTypeBuilder<SupervisionOrder> builder)
        {
            builder.ToTable("supervision_orders");
            builder.HasIndex(o => o.CaseId);
            // What is open: few, however many there were. One for each case, for a queue's front part in the order of its days.
            builder.HasIndex(o => o.CaseId, "ix_supervision_open").HasFilter("\"State\" = 'Open'").IsUnique();
            builder.HasIndex(o => new { o.DueOn, o.CaseId }).HasFilter("\"State\" = 'Open'").HasDatabaseName("ix_supervision_due");
            builder.HasIndex(o => new { o.WatchOn, o.Id }).HasFilter("\"State\" = 'Open' AND \"WatchOn\" IS NOT NULL").HasDatabaseName("ix_supervision_watch");
            builder.HasOne<Case>().WithMany().HasForeignKey(o => o.CaseId);
        }
    }
}

/// <summary>Withdrawn: by whoever may order.</summary>
public enum SupervisionState { Open, Answered, Withdrawn }
