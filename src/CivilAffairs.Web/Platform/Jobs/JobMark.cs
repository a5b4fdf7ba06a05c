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

    /// <summary>In one statement that both databases know: two nodes that write the first mark at once both succeed, and the later value stays.</summary>
    internal static Task WriteAsync(IWriter writer, string id, string value, CancellationToken cancel) => writer.WriteAsync((db, token) =>
        db.Database.ExecuteSqlAsync($"""INSERT INTO job_marks ("Id", "Value") VALUES ({id}, {value}) ON CONFLICT ("Id") DO UPDATE SET "Value" = excluded."Value" """, token), cancel);

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
