using System.Globalization;
using CivilAffairs.Web.Platform.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace CivilAffairs.Web.Features.Cases.Model;

/// <summary>A case 办件 of one matter: what lists show. Contents lie encrypted in <see cref="CaseContent"/>.</summary>
public sealed class Case
{
    /// <summary>Shown in place of the state of a case that was destroyed 已销毁; it keeps the state it ended in.</summary>
    public const string Erased = "Erased";

    /// <summary>State of a decided case that was reopened 复查中, until it is decided anew.</summary>
    public const string UnderReview = "Review";

    public Guid Id { get; set; } = Guid.CreateVersion7();

    /// <summary>Given when it is filed: <c>341299-2026-000123</c>; null for a draft.</summary>
    public string? Number { get; set; }
    public required string Matter { get; set; }

    /// <summary>Hash of the matter's revision: form, templates and workflows together, for the case's whole life.</summary>
    public required string Revision { get; set; }

    /// <summary>Life-cycle state of domain §5 as the workflow set it; <c>Draft</c> before filing.</summary>
    public string Status { get; set; } = "Draft";
    public Channel Channel { get; set; }

    /// <summary>The applicant's name, or the subject's; taken away with the case's key when the case is erased.</summary>
    public string ApplicantName { get; set; } = "";

    /// <summary>Where the household is registered 户籍地: a division's code of 6, 9 or 12 digits, in this county or not; null where the matter asks none.</summary>
    public string? HukouDivision { get; set; }

    /// <summary>Where the event happened 事发地; like <see cref="HukouDivision"/>. Which of the two decides the office is the matter's to say.</summary>
    public string? EventDivision { get; set; }

    /// <summary>The handling office, whose officers see the case: 6, 9 and 12 digits of its place.</summary>
    public string County { get; set; } = "";
    public string? Township { get; set; }
    public string? Village { get; set; }

    /// <summary>The case that opened this one ex officio 依职权; null for an application.</summary>
    public Guid? OriginId { get; set; }

    /// <summary>The grant that it was opened about: a re-verification, a review, an adjustment; null: none was named.</summary>
    public Guid? GrantId { get; set; }

    /// <summary>The subject of a register that it is about 社会组织: <see cref="ApplicantName"/> is then its name; null: it is a person's or a household's.</summary>
    public Guid? SubjectId { get; set; }

    /// <summary>The account that filed it for itself; null for a case filed at the counter.</summary>
    public Guid? ApplicantAccountId { get; set; }

    /// <summary>The officer who filed it at the counter.</summary>
    public Guid? FiledById { get; set; }
    public DateTimeOffset CreatedAt { get; set; }
    public DateTimeOffset? SubmittedAt { get; set; }

    /// <summary>The day on which the application came in 收件日期: the day it was filed, or an earlier one on which it came by post; null for a draft.</summary>
    public DateOnly? ReceivedOn { get; set; }

    /// <summary>The latest day on which something recorded of it happened: no task opened from then on can have been done before.</summary>
    public DateOnly? LatestOn { get; set; }
    public DateOnly? AcceptedOn { get; set; }

    /// <summary>When the decision in force was made (<see cref="CaseDecision"/>); null until there is one, and while a review has reopened the case.</summary>
    public DateTimeOffset? DecidedAt { get; set; }

    /// <summary>When the workflow ended; null while a review's runs.</summary>
    public DateTimeOffset? ClosedAt { get; set; }

    /// <summary>When its contents were destroyed 销毁; what is left says that there was such a case and how it ended.</summary>
    public DateTimeOffset? ErasedAt { get; set; }
    public LegalClock Clock { get; set; } = new();

    /// <summary>The day on which its legal clock is looked at next for a reminder; null: nothing more is to come.</summary>
    public DateOnly? WatchOn { get; set; }

    /// <summary>Raised by every decision; two decisions on one version cannot both be stored.</summary>
    public long Version { get; set; }
    public Guid? ChangedById { get; set; }
    public string? ChangedBy { get; set; }
    public DateTimeOffset ChangedAt { get; set; }

    /// <summary><c>341299-2026-000123</c>.</summary>
    public static string NumberOf(string county, int year, int sequence) => string.Create(CultureInfo.InvariantCulture, $"{county}-{year}-{sequence:000000}");

    internal sealed class Mapping : IEntityTypeConfiguration<Case>
    {
        public void Configure(EntityTypeBuilder<Case> builder)
        {
            builder.ToTable("cases");
            builder.Property(c => c.Matter).HasMaxLength(60);
            builder.Property(c => c.Revision).HasMaxLength(64);
            builder.Property(c => c.Status).HasMaxLength(30);
            builder.Property(c => c.Version).IsConcurrencyToken();
            builder.HasIndex(c => c.Number).IsUnique();
            builder.HasIndex(c => new { c.ApplicantAccountId, c.ChangedAt });
            builder.HasIndex(c => new { c.FiledById, c.ChangedAt }).HasFilter("\"FiledById\" IS NOT NULL").HasDatabaseName("ix_cases_filed_by");
            builder.HasIndex(c => new { c.Township, c.Status, c.SubmittedAt });
            builder.HasIndex(c => new { c.Village, c.Status, c.SubmittedAt });
            builder.HasIndex(c => new { c.Status, c.SubmittedAt });
            // What came in within a time, for figures; and what is open, by matter.
            builder.HasIndex(c => c.SubmittedAt);
            builder.HasIndex(c => c.Matter).HasFilter("\"ClosedAt\" IS NULL AND \"Number\" IS NOT NULL").HasDatabaseName("ix_cases_open_matter");
            builder.HasIndex(c => new { c.ApplicantName, c.SubmittedAt, c.Id }).IsDescending(false, true, true);
            // What was opened ex officio and is being worked on: few, however many there were.
            builder.HasIndex(c => new { c.OriginId, c.Id }).HasFilter("\"ClosedAt\" IS NULL AND \"OriginId\" IS NOT NULL").HasDatabaseName("ix_cases_ex_officio");
            builder.HasIndex(c => c.OriginId).HasFilter("\"OriginId\" IS NOT NULL");
            builder.HasIndex(c => c.GrantId).HasFilter("\"GrantId\" IS NOT NULL");
            builder.HasIndex(c => new { c.SubjectId, c.Matter }).HasFilter("\"SubjectId\" IS NOT NULL");
            builder.Property(c => c.ApplicantName).OrderedByBytes();
            builder.Property(c => c.Number).OrderedByBytes();
            // What may be destroyed one day: cases that are being worked on are not in it.
            builder.HasIndex(c => new { c.Status, c.DecidedAt }).HasFilter("\"DecidedAt\" IS NOT NULL AND \"ErasedAt\" IS NULL").HasDatabaseName("ix_cases_retention");
            builder.HasIndex(c => new { c.WatchOn, c.Id }).HasFilter("\"ClosedAt\" IS NULL AND \"WatchOn\" IS NOT NULL").HasDatabaseName("ix_cases_watch");
            // Clocks that run, for a calendar that was edited.
            builder.HasIndex(c => c.Id, "ix_cases_clock").HasFilter("\"ClosedAt\" IS NULL AND \"Clock_LimitText\" IS NOT NULL");
            builder.OwnsOne(c => c.Clock, clock => clock.Property(k => k.LimitText).HasMaxLength(20));
            builder.Navigation(c => c.Clock).IsRequired();
        }
    }
}

/// <summary>How a case came: filed online, at the counter 窗口, or opened ex officio 依职权 by another case.</summary>
public enum Channel { Online, Counter, Office }

/// <summary>The statutory total limit of a case 法定办理期限. Domain §3.</summary>
public sealed class LegalClock
{
    /// <summary>Day zero: acceptance.</summary>
    public DateOnly? StartedOn { get; set; }

    /// <summary><c>30wd</c>; null: not started.</summary>
    public string? LimitText { get; set; }

    /// <summary>Which rule set the limit, frozen with it; null: not said.</summary>
    public string? LimitSource { get; set; }

    /// <summary>Last day, red after 24:00 of it; null while the calendar year is not loaded.</summary>
    public DateOnly? DueOn { get; set; }
    public DateOnly? AmberFrom { get; set; }

    /// <summary>The 补正 notice that stopped it, and the resubmission that let it go on: the days between, both included, do not count.</summary>
    public DateOnly? PausedOn { get; set; }
    public DateOnly? ResumedOn { get; set; }
    public DateOnly? StoppedOn { get; set; }
}
