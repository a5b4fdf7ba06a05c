using CivilAffairs.Web.Platform.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace CivilAffairs.Web.Platform.Jobs;

/// <summary>What a job has to know of its last round, for example for which calendar it ran; one row each.</summary>
public sealed class JobMark
{
    public required string Id { get; set; }
    public required string Value { get; set; }

    /// <returns>Null: never written.</returns>
    internal static Task<string?> ReadAsync(CivilAffairsDb db, string id, CancellationToken cancel) =>
        db.Set<JobMark>().Where(m => m.Id == id).Select(m => m.Value).FirstOrDefaultAsync(cancel);

    internal static Task WriteAsync(IWriter writer, string id, string value, CancellationToken cancel) => writer.WriteAsync(async (db, token) =>
    {
        if (await db.Set<JobMark>().FirstOrDefaultAsync(m => m.Id == id, token).ConfigureAwait(false) is { } mark) mark.Value = value;
        else db.Add(new JobMark { Id = id, Value = value });
        return 0;
    }, cancel);

    internal sealed class Mapping : IEntityTypeConfiguration<JobMark>
    {
        public void Configure(EntityTypeBuilder<JobMark> builder)
        {
            builder.ToTable("job_marks");
            builder.Property(m => m.Id).HasMaxLength(60);
            builder.Property(m => m.Value).HasMaxLength(100);
        }
    }
}
