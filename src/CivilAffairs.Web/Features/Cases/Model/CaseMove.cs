using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace CivilAffairs.Web.Features.Cases.Model;

/// <summary>Running cases 在办件 of a matter that a manager moves 迁移 to another of its versions, as one order. Kept for good.</summary>
public sealed class CaseMove
{
    public Guid Id { get; set; } = Guid.CreateVersion7();
    public required string Matter { get; set; }

    /// <summary>Hash of the revision that the cases go to.</summary>
    public required string To { get; set; }

    /// <summary>JSON: workflow → old activity id → new one, as the manager chose.</summary>
    public string Renamed { get; set; } = "{}";

    /// <summary>Officers' tasks that are open get the limits of the new version, counted from the day they began.</summary>
    public bool NewLimits { get; set; }

    /// <summary>In the manager's words, at most 500 characters.</summary>
    public required string Reason { get; set; }
    public MoveState State { get; set; }
    public Guid RecordedById { get; set; }
    public required string RecordedBy { get; set; }

    /// <summary>The day of <see cref="RecordedAt"/>.</summary>
    public DateOnly OccurredOn { get; set; }
    public DateTimeOffset RecordedAt { get; set; }

    /// <summary>When the last of its cases was dealt with; null: some wait.</summary>
    public DateTimeOffset? EndedAt { get; set; }
    public Guid? UndoneById { get; set; }
    public string? UndoneBy { get; set; }
    public DateTimeOffset? UndoneAt { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<CaseMove>
    {
        public void Configure(EntityTypeBuilder<CaseMove> builder)
        {
            builder.ToTable("case_moves");
            builder.Property(m => m.Matter).HasMaxLength(60);
            builder.Property(m => m.To).HasMaxLength(64);
            builder.Property(m => m.Reason).HasMaxLength(500);
            builder.HasIndex(m => new { m.Matter, m.RecordedAt });
            builder.HasIndex(m => m.Id, "ix_case_moves_running").HasFilter("\"State\" IN ('Moving', 'Undoing')");
        }
    }
}

/// <summary>Moving, Undoing: cases wait to be dealt with. Done, Undone: none does.</summary>
public enum MoveState { Moving, Done, Undoing, Undone }

/// <summary>One case of a move: what became of it, and what it was before.</summary>
public sealed class CaseMoveEntry
{
    public Guid MoveId { get; set; }
    public Guid CaseId { get; set; }
    public MoveEntryState State { get; set; }

    /// <summary>The case's version as the manager saw it: one that went on since stays.</summary>
    public long Version { get; set; }

    /// <summary>Hash of the revision it came from.</summary>
    public required string From { get; set; }

    /// <summary>JSON array of notes: why it stayed, or what was to be known.</summary>
    public string Notes { get; set; } = "[]";

    /// <summary>The run of the workflow that was moved, and the step of its journal; null: none was.</summary>
    public Guid? InstanceId { get; set; }
    public int? Step { get; set; }

    /// <summary>The case's version after the move: while it has that one, the move can be undone.</summary>
    public long? MovedVersion { get; set; }

    /// <summary>JSON: what the move changed, as it was; null: nothing, or the case was destroyed.</summary>
    public string? Before { get; set; }
    public DateTimeOffset? At { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<CaseMoveEntry>
    {
        public void Configure(EntityTypeBuilder<CaseMoveEntry> builder)
        {
            builder.ToTable("case_move_entries");
            builder.HasKey(e => new { e.MoveId, e.CaseId });
            builder.Property(e => e.From).HasMaxLength(64);
            builder.HasIndex(e => new { e.MoveId, e.State, e.CaseId });
            builder.HasIndex(e => e.CaseId);
            builder.HasOne<CaseMove>().WithMany().HasForeignKey(e => e.MoveId);
            builder.HasOne<Case>().WithMany().HasForeignKey(e => e.CaseId);
        }
    }
}

/// <summary>Stayed: it had no safe place, or went on meanwhile. Kept: it was moved, went on, and so cannot go back.</summary>
public enum MoveEntryState { Waiting, Moved, Stayed, Undone, Kept }
