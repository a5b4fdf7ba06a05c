using CivilAffairs.Web.Platform.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace CivilAffairs.Web.Features.Cases.Model;

/// <summary>A benefit granted 待遇. What was granted is never edited: a change is a <see cref="GrantChange"/> from a month on, and an end also sets <see cref="LastMonth"/>.</summary>
public sealed class Grant
{
    public Guid Id { get; set; } = Guid.CreateVersion7();

    /// <summary>Null for a grant of an imported ledger.</summary>
    public Guid? CaseId { get; set; }
    public required string Matter { get; set; }
    public required string Benefit { get; set; }
    public Guid? PersonId { get; set; }
    public required string HolderName { get; set; }
    public string County { get; set; } = "";
    public string? Township { get; set; }
    public string? Village { get; set; }

    /// <summary>Fen a month, as decided first.</summary>
    public long AmountFen { get; set; }

    /// <summary>Protected persons 保障人数.</summary>
    public int Persons { get; set; }
    public string? Category { get; set; }

    /// <summary>First day of the first month paid.</summary>
    public DateOnly FirstMonth { get; set; }

    /// <summary>First day of the last month paid; null: until further notice.</summary>
    public DateOnly? LastMonth { get; set; }

    /// <summary>The values it rests on, frozen: JSON list of <c>{key, value, source, validFrom}</c> (<see cref="Matters.EffectiveParameters.Entry"/>).</summary>
    public required string Parameters { get; set; }

    /// <summary>When what follows from its end was done: the state of its case. Null: it is paid, or its last month is not over.</summary>
    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>The day on which it was decided: its first month is the one after it, where the law says so.</summary>
    public DateOnly OccurredOn { get; set; }
    public DateTimeOffset RecordedAt { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<Grant>
    {
        public void Configure(EntityTypeBuilder<Grant> builder)
        {
            builder.ToTable("grants");
            builder.Property(g => g.Benefit).HasMaxLength(60);
            builder.HasIndex(g => g.CaseId);
            builder.HasIndex(g => new { g.PersonId, g.Benefit });
            builder.Property(g => g.HolderName).OrderedByBytes();
            // The register of a place, newest first or by name; and what is being paid there.
            builder.HasIndex(g => new { g.County, g.OccurredOn, g.Id });
            builder.HasIndex(g => new { g.Township, g.OccurredOn, g.Id });
            builder.HasIndex(g => new { g.Village, g.OccurredOn, g.Id });
            builder.HasIndex(g => new { g.County, g.HolderName });
            builder.HasIndex(g => new { g.Township, g.HolderName });
            builder.HasIndex(g => new { g.County, g.LastMonth });
            builder.HasIndex(g => new { g.Township, g.LastMonth });
            // Ends that are to come or to be entered: few, however many benefits ended before.
            builder.HasIndex(g => new { g.LastMonth, g.Id }).HasFilter("\"LastMonth\" IS NOT NULL AND \"EndedAt\" IS NULL").HasDatabaseName("ix_grants_ending");
        }
    }
}

/// <summary>An adjustment or end of a grant 调整、停发, from a month on.</summary>
public sealed class GrantChange
{
    public Guid Id { get; set; } = Guid.CreateVersion7();
    public Guid GrantId { get; set; }
    public Guid? CaseId { get; set; }

    /// <summary>Fen a month from <see cref="FromMonth"/>; null: ended.</summary>
    public long? AmountFen { get; set; }

    /// <summary>Protected persons and category from <see cref="FromMonth"/> on; null: as before.</summary>
    public int? Persons { get; set; }
    public string? Category { get; set; }
    public DateOnly FromMonth { get; set; }
    public required string Reason { get; set; }

    /// <summary>The values a new amount rests on, frozen like <see cref="Grant.Parameters"/>.</summary>
    public string Parameters { get; set; } = "[]";

    /// <summary>The day on which it was decided.</summary>
    public DateOnly OccurredOn { get; set; }
    public DateTimeOffset RecordedAt { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<GrantChange>
    {
        public void Configure(EntityTypeBuilder<GrantChange> builder)
        {
            builder.ToTable("grant_changes");
            builder.HasIndex(c => new { c.GrantId, c.FromMonth });
        }
    }
}

/// <summary>A planned re-verification 定期复核 of a grant. Settled once, never planned anew: what comes after it is another plan.</summary>
public sealed class PlannedReverification
{
    public Guid Id { get; set; } = Guid.CreateVersion7();
    public Guid CaseId { get; set; }

    /// <summary>What is to be verified, so that the case opened for it finds it; null: the plan came before a grant.</summary>
    public Guid? GrantId { get; set; }
    public required string Benefit { get; set; }
    public required string Workflow { get; set; }
    public DateOnly DueOn { get; set; }

    /// <summary>The day on which its case opens, so that a month's work is spread by village; never after <see cref="DueOn"/>; null: not given yet.</summary>
    public DateOnly? OpensOn { get; set; }

    /// <summary>The day on which it is looked at next for a reminder, like <see cref="Certificate.WatchOn"/>.</summary>
    public DateOnly? WatchOn { get; set; } = DateOnly.MinValue;

    /// <summary>When its case was opened, or it turned out that none was needed any more; null: it waits for its day.</summary>
    public DateTimeOffset? SettledAt { get; set; }

    /// <summary>The case that was opened for it; null while it waits, and where the benefit had ended.</summary>
    public Guid? OpenedCaseId { get; set; }

    /// <summary>The day from which <see cref="DueOn"/> counts: on which it was decided.</summary>
    public DateOnly OccurredOn { get; set; }
    public DateTimeOffset RecordedAt { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<PlannedReverification>
    {
        public void Configure(EntityTypeBuilder<PlannedReverification> builder)
        {
            builder.ToTable("reverifications");
            // Only what waits: the index stays as small as what is to come.
            builder.HasIndex(r => new { r.DueOn, r.Id }).HasFilter("\"SettledAt\" IS NULL").HasDatabaseName("ix_reverifications_waiting");
            builder.HasIndex(r => new { r.OpensOn, r.Id }).HasFilter("\"SettledAt\" IS NULL AND \"OpensOn\" IS NOT NULL").HasDatabaseName("ix_reverifications_opens");
            builder.HasIndex(r => new { r.WatchOn, r.Id }).HasFilter("\"SettledAt\" IS NULL AND \"WatchOn\" IS NOT NULL").HasDatabaseName("ix_reverifications_watch");
            builder.HasIndex(r => r.CaseId);
            builder.HasIndex(r => r.OpenedCaseId).IsUnique();
            builder.Property(r => r.SettledAt).IsConcurrencyToken();
        }
    }
}
