using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace CivilAffairs.Web.Platform.Jobs;

/// <summary>One past run of a job that did something, failed, or was asked for by somebody; the last <see cref="Kept"/> of each job.</summary>
public sealed class JobHistory
{
    /// <summary>Older ones are taken away as newer ones come.</summary>
    public const int Kept = 30;

    public Guid Id { get; set; } = Guid.CreateVersion7();

    /// <summary><see cref="IJob.Id"/>.</summary>
    public required string Job { get; set; }
    public DateTimeOffset StartedAt { get; set; }
    public DateTimeOffset FinishedAt { get; set; }
    public int Done { get; set; }

    /// <summary>As in <see cref="JobRun.LastError"/>.</summary>
    public string? Error { get; set; }

    /// <summary>The account that asked for it; null: the clock did.</summary>
    public Guid? AskedById { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<JobHistory>
    {
        public void Configure(EntityTypeBuilder<JobHistory> builder)
        {
            builder.ToTable("job_history");
            builder.Property(h => h.Job).HasMaxLength(60);
            builder.Property(h => h.Error).HasMaxLength(200);
            builder.HasIndex(h => new { h.Job, h.Id });
        }
    }
}
