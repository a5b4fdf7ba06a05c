using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace CivilAffairs.Web.Features.Cases.Model;

/// <summary>Where a case stands in its definition, opaque to all but the engine.</summary>
public sealed class WorkflowInstance
{
    public Guid Id { get; set; } = Guid.CreateVersion7();
    public Guid CaseId { get; set; }

    /// <summary>Key in matter.json: <c>apply</c>.</summary>
    public required string Workflow { get; set; }
    public required string Revision { get; set; }
    public string State { get; set; } = "";
    public string Status { get; set; } = "Suspended";
    public int Steps { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<WorkflowInstance>
    {
        public void Configure(EntityTypeBuilder<WorkflowInstance> builder)
        {
            builder.ToTable("workflow_instances");
            builder.Property(i => i.Workflow).HasMaxLength(60);
            builder.Property(i => i.Revision).HasMaxLength(64);
            builder.Property(i => i.Status).HasMaxLength(20);
            // The one that began last is asked for with every step.
            builder.HasIndex(i => new { i.CaseId, i.Id });
            builder.HasOne<Case>().WithMany().HasForeignKey(i => i.CaseId);
        }
    }
}

/// <summary>One step of an instance: its whole input, so that the case can be replayed, and what happened. References only.</summary>
public sealed class JournalRow
{
    public Guid InstanceId { get; set; }

    /// <summary>From 1 without gaps.</summary>
    public int Step { get; set; }
    public Guid CaseId { get; set; }
    public DateTimeOffset At { get; set; }

    /// <summary>The day on which what caused it happened; null: the day of <see cref="At"/>.</summary>
    public DateOnly? OccurredOn { get; set; }

    /// <summary>Who caused it; empty for the product itself.</summary>
    public Guid ActorId { get; set; }

    /// <summary>JSON: trigger, instant, seed.</summary>
    public required string Input { get; set; }

    /// <summary>The facts the step could read: a <see cref="CaseContent"/> of the case.</summary>
    public Guid FactsId { get; set; }

    /// <summary>The parameter values it could read: hash of a <see cref="ParameterSnapshot"/>.</summary>
    public required string ParametersHash { get; set; }

    /// <summary>JSON: Elsa's execution log lines and incidents of the step.</summary>
    public required string Events { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<JournalRow>
    {
        public void Configure(EntityTypeBuilder<JournalRow> builder)
        {
            builder.ToTable("journal");
            builder.HasKey(j => new { j.InstanceId, j.Step });
            builder.Property(j => j.ParametersHash).HasMaxLength(64);
            builder.HasIndex(j => j.CaseId);
        }
    }
}

/// <summary>All effective values at a step, with their sources; stored once however many steps used them.</summary>
public sealed class ParameterSnapshot
{
    public required string Hash { get; set; }
    public required string Json { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<ParameterSnapshot>
    {
        public void Configure(EntityTypeBuilder<ParameterSnapshot> builder)
        {
            builder.ToTable("parameter_snapshots");
            builder.HasKey(p => p.Hash);
            builder.Property(p => p.Hash).HasMaxLength(64);
        }
    }
}

/// <summary>A stored due time. Fired once: firing closes it in the transaction that runs the step.</summary>
public sealed class CaseTimer
{
    public Guid Id { get; set; } = Guid.CreateVersion7();
    public Guid CaseId { get; set; }
    public Guid InstanceId { get; set; }
    public required string BookmarkId { get; set; }
    public required string ActivityId { get; set; }

    /// <summary>Null: as soon as the calendar is loaded and the time can be computed from <see cref="LimitText"/>.</summary>
    public DateTimeOffset? DueAt { get; set; }
    public string? LimitText { get; set; }
    public TimerState State { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<CaseTimer>
    {
        public void Configure(EntityTypeBuilder<CaseTimer> builder)
        {
            builder.ToTable("timers");
            builder.Property(t => t.BookmarkId).HasMaxLength(100);
            builder.Property(t => t.ActivityId).HasMaxLength(100);
            builder.HasIndex(t => t.DueAt).HasFilter("\"State\" = 'Waiting'").HasDatabaseName("ix_timers_due");
            // Those whose time the calendar decides.
            builder.HasIndex(t => t.Id, "ix_timers_calendar").HasFilter("\"State\" = 'Waiting' AND \"LimitText\" IS NOT NULL");
            builder.HasIndex(t => new { t.InstanceId, t.BookmarkId }).IsUnique();
            builder.HasOne<Case>().WithMany().HasForeignKey(t => t.CaseId);
        }
    }
}

public enum TimerState { Waiting, Fired, Cancelled }
