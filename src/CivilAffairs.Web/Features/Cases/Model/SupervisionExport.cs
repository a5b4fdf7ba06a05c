using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace CivilAffairs.Web.Features.Cases.Model;

/// <summary>An export 导出 of the list of supervision orders, with its reason. Kept for good.</summary>
public sealed class SupervisionExport
{
    public Guid Id { get; set; } = Guid.CreateVersion7();

    /// <summary>Which orders the list showed, by name.</summary>
    public required string Filter { get; set; }
    public Guid ById { get; set; }

    /// <summary>One of <c>AccessReasons.Codes</c>.</summary>
    public required string Reason { get; set; }

    /// <summary>In the officer's words, encrypted; null: the code says enough.</summary>
    public string? NoteCipher { get; set; }
    public DateTimeOffset At { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<SupervisionExport>
    {
        public void Configure(EntityTypeBuilder<SupervisionExport> builder)
        {
            builder.ToTable("supervision_exports");
            builder.Property(e => e.Filter).HasMaxLength(20);
            builder.Property(e => e.Reason).HasMaxLength(40);
            builder.HasIndex(e => new { e.ById, e.At });
        }
    }
}
