using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace CivilAffairs.Web.Features.Registers.Subjects;

/// <summary>A look at a register's lines in full, or an export of them 导出, with its reason. Kept for good.</summary>
public sealed class RegisterAccess
{
    public Guid Id { get; set; } = Guid.CreateVersion7();
    public required string Register { get; set; }

    /// <summary>Whose lines were looked at; null, as <see cref="LineId"/>: an export.</summary>
    public Guid? SubjectId { get; set; }

    /// <summary>The one line that was looked at: a benefit, a certificate, what a workflow entered.</summary>
    public Guid? LineId { get; set; }

    /// <summary>Of an export: part of the names that were wanted, encrypted; null: all.</summary>
    public string? TermCipher { get; set; }

    /// <summary>Of an export: as the register was on this day.</summary>
    public DateOnly? AsOf { get; set; }
    public Guid ById { get; set; }

    /// <summary>One of <c>AccessReasons.Codes</c>.</summary>
    public required string Reason { get; set; }

    /// <summary>In the officer's words, encrypted; null: the code says enough.</summary>
    public string? NoteCipher { get; set; }
    public DateTimeOffset At { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<RegisterAccess>
    {
        public void Configure(EntityTypeBuilder<RegisterAccess> builder)
        {
            builder.ToTable("register_accesses");
            builder.Property(a => a.Register).HasMaxLength(60);
            builder.Property(a => a.Reason).HasMaxLength(40);
            builder.HasIndex(a => new { a.ById, a.At });
        }
    }
}
