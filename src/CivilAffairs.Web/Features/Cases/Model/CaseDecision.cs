using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace CivilAffairs.Web.Features.Cases.Model;

/// <summary>
/// A decision 决定 on a case: what came of it, by whom, and which earlier one it supersedes 取代. Only ever added, in the
/// transaction that sets the case's status; never edited, and kept when the case is erased: it names nobody but by reference.
/// </summary>
public sealed class CaseDecision
{
    /// <summary>Life-cycle states that decide a case; the others are steps to one, or what follows from one.</summary>
    public static IReadOnlyList<string> Outcomes { get; } = ["Granted", "Refused", "NotAccepted", "Withdrawn", "Terminated", "Lapsed", "Registered", "Ended"];

    public Guid Id { get; init; } = Guid.CreateVersion7();
    public Guid CaseId { get; init; }

    /// <summary>From 1 within the case, without gaps; the last one is in force.</summary>
    public int Number { get; init; }

    /// <summary>One of <see cref="Outcomes"/>.</summary>
    public required string Status { get; init; }

    /// <summary>The run of a workflow that came to it.</summary>
    public Guid InstanceId { get; init; }

    /// <summary>Whose act it was; null: a limit passed, and the product noted it.</summary>
    public Guid? ActorId { get; init; }

    /// <summary>The bureau's day.</summary>
    public DateOnly OccurredOn { get; init; }
    public DateTimeOffset RecordedAt { get; init; }

    /// <summary>The decision before it, which counts no more; null for the first.</summary>
    public Guid? SupersedesId { get; init; }

    /// <summary>The <see cref="CaseReview"/> that it ended; null: it came of the application itself.</summary>
    public Guid? ReviewId { get; init; }

    internal sealed class Mapping : IEntityTypeConfiguration<CaseDecision>
    {
        public void Configure(EntityTypeBuilder<CaseDecision> builder)
        {
            builder.ToTable("case_decisions");
            builder.HasIndex(d => d.RecordedAt);
            builder.Property(d => d.Status).HasMaxLength(30);
            builder.HasIndex(d => new { d.CaseId, d.Number }).IsUnique();
            builder.HasOne<Case>().WithMany().HasForeignKey(d => d.CaseId).OnDelete(DeleteBehavior.Restrict);
            // One to one: nothing is superseded twice.
            builder.HasOne<CaseDecision>().WithOne().HasForeignKey<CaseDecision>(d => d.SupersedesId).OnDelete(DeleteBehavior.Restrict);
            builder.HasOne<CaseReview>().WithMany().HasForeignKey(d => d.ReviewId).OnDelete(DeleteBehavior.Restrict);
            foreach (var property in builder.Metadata.GetProperties()) property.SetAfterSaveBehavior(PropertySaveBehavior.Throw);
        }
    }
}

/// <summary>What reopened a decided case 重新审查, for a new decision. Only ever added.</summary>
public sealed class CaseReview
{
    /// <summary>
    /// Reconsideration by the authority above 行政复议决定, a court's judgment 法院判决, or the bureau's own correction 自行纠正:
    /// codes, since what is written down about a case in clear must not be personal.
    /// </summary>
    public static IReadOnlyList<string> Bases { get; } = ["administrativeReview", "courtJudgment", "selfCorrection"];

    public Guid Id { get; init; } = Guid.CreateVersion7();
    public Guid CaseId { get; init; }

    /// <summary>The run of the review's workflow.</summary>
    public Guid InstanceId { get; init; }

    /// <summary>One of <see cref="Bases"/>.</summary>
    public required string Basis { get; init; }

    /// <summary>JSON <c>{"reference": …}</c>: the number of the document, or the reason in words; encrypted under the case's key, since people type it.</summary>
    public required byte[] Cipher { get; init; }

    /// <summary>Day of the document, or on which the mistake was found.</summary>
    public DateOnly OccurredOn { get; init; }
    public DateTimeOffset RecordedAt { get; init; }
    public Guid RecordedById { get; init; }

    /// <summary>Under which its text is sealed.</summary>
    internal static string Purpose(Guid id) => $"review.{id:N}";

    internal sealed class Mapping : IEntityTypeConfiguration<CaseReview>
    {
        public void Configure(EntityTypeBuilder<CaseReview> builder)
        {
            builder.ToTable("case_reviews");
            builder.Property(r => r.Basis).HasMaxLength(40);
            builder.HasIndex(r => r.CaseId);
            builder.HasIndex(r => r.InstanceId).IsUnique();
            builder.HasOne<Case>().WithMany().HasForeignKey(r => r.CaseId).OnDelete(DeleteBehavior.Restrict);
            builder.HasOne<WorkflowInstance>().WithOne().HasForeignKey<CaseReview>(r => r.InstanceId).OnDelete(DeleteBehavior.Restrict);
            foreach (var property in builder.Metadata.GetProperties()) property.SetAfterSaveBehavior(PropertySaveBehavior.Throw);
        }
    }
}
