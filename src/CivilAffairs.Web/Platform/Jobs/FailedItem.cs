using CivilAffairs.Web.Platform.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace CivilAffairs.Web.Platform.Jobs;

/// <summary>One thing that a job could not do while it did all others: told on the page of jobs until a run does it.</summary>
public sealed class FailedItem
{
    /// <summary><see cref="IJob.Id"/>.</summary>
    public required string Job { get; set; }

    /// <summary>What it is about: a plan, a benefit, a certificate.</summary>
    public Guid SubjectId { get; set; }

    /// <summary>The case that it belongs to; null: none is known.</summary>
    public Guid? CaseId { get; set; }

    /// <summary>Kind of failure without its words, which may be personal.</summary>
    public required string Error { get; set; }
    public DateTimeOffset FirstAt { get; set; }
    public DateTimeOffset LastAt { get; set; }

    /// <summary>How often it was tried.</summary>
    public int Times { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<FailedItem>
    {
        public void Configure(EntityTypeBuilder<FailedItem> builder)
        {
            builder.ToTable("job_failed_items");
            builder.HasKey(i => new { i.Job, i.SubjectId });
            builder.Property(i => i.Job).HasMaxLength(60);
            builder.Property(i => i.Error).HasMaxLength(200);
            builder.HasIndex(i => i.CaseId);
        }
    }
}
