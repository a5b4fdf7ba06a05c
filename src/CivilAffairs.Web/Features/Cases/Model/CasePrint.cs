using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace CivilAffairs.Web.Features.Cases.Model;

/// <summary>
/// A whole case file 案卷 that an officer asked to have printed. A job makes the PDF; it is kept for a day, encrypted under the
/// case's key, as a file that no row but this one names, and then it is swept: a case that went on is printed anew.
/// </summary>
public sealed class CasePrint
{
    public Guid Id { get; set; } = Guid.CreateVersion7();
    public Guid CaseId { get; set; }

    /// <summary>Who asked, and who alone fetches it.</summary>
    public Guid RecordedById { get; set; }
    public DateOnly OccurredOn { get; set; }
    public DateTimeOffset RecordedAt { get; set; }
    public PrintState State { get; set; }

    /// <summary>How often a job began it: one that ends the process is not begun for ever.</summary>
    public int Attempts { get; set; }

    /// <summary>SHA-256 of the stored bytes, hex; null while it is not made.</summary>
    public string? StoredHash { get; set; }
    public int Pages { get; set; }
    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>What its PDF is encrypted for.</summary>
    internal string Purpose => $"print.{Id:N}";

    internal sealed class Mapping : IEntityTypeConfiguration<CasePrint>
    {
        public void Configure(EntityTypeBuilder<CasePrint> builder)
        {
            builder.ToTable("case_prints");
            builder.Property(p => p.StoredHash).HasMaxLength(64);
            builder.HasIndex(p => new { p.CaseId, p.RecordedById });
            builder.HasIndex(p => p.Id).HasFilter("\"State\" = 'Waiting'").HasDatabaseName("ix_case_prints_waiting");
            builder.HasIndex(p => p.RecordedAt);
            builder.HasOne<Case>().WithMany().HasForeignKey(p => p.CaseId);
        }
    }
}

/// <summary>TooLarge: it passes the limits of a case file. Failed: it could not be made, however often it was tried.</summary>
public enum PrintState { Waiting, Ready, TooLarge, Failed }
