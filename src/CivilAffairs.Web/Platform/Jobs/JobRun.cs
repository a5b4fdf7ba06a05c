using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace CivilAffairs.Web.Platform.Jobs;

/// <summary>How a job's last run went; one row for each job.</summary>
public sealed class JobRun
{
    /// <summary><see cref="IJob.Id"/>.</summary>
    public required string Id { get; set; }
    public DateTimeOffset LastStartedAt { get; set; }

    /// <summary>Before <see cref="LastStartedAt"/> or null: it runs now, or the process ended in the middle of it.</summary>
    public DateTimeOffset? LastFinishedAt { get; set; }

    /// <summary>Kind of failure without its words, which may be personal; null: it went well.</summary>
    public string? LastError { get; set; }

    /// <summary>What the last run did that had something to do.</summary>
    public int Done { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<JobRun>
    {
        public void Configure(EntityTypeBuilder<JobRun> builder)
        {
            builder.ToTable("job_runs");
            builder.Property(r => r.Id).HasMaxLength(60);
            builder.Property(r => r.LastError).HasMaxLength(200);
        }
    }
}
