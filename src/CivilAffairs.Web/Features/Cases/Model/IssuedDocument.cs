using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace CivilAffairs.Web.Features.Cases.Model;

/// <summary>A numbered document 文书: number and data are committed with the decision; the PDF is made later from them.</summary>
public sealed class IssuedDocument
{
    public Guid Id { get; set; } = Guid.CreateVersion7();
    public Guid CaseId { get; set; }
    public required string ActivityId { get; set; }
    public required string Template { get; set; }
    public required string Revision { get; set; }
    public required string NameZh { get; set; }
    public required string NameEn { get; set; }

    /// <summary>低保受341299〔2026〕00012.</summary>
    public required string Number { get; set; }

    /// <summary>Whether the applicant gets it.</summary>
    public bool Deliver { get; set; }

    /// <summary>The day it is dated 落款日期: on which what it says was decided.</summary>
    public DateOnly OccurredOn { get; set; }

    /// <summary>When it was recorded and numbered.</summary>
    public DateTimeOffset IssuedAt { get; set; }

    /// <summary>Frozen data, JSON, encrypted under the case's key.</summary>
    public required byte[] Data { get; set; }

    /// <summary>Random, in the QR code: opens the public page that confirms the document.</summary>
    public required string VerifyCode { get; set; }

    /// <summary>SHA-256 of the PDF once it was made, hex; making it again must give the same.</summary>
    public string? PdfHash { get; set; }

    /// <summary>When the applicant first opened it.</summary>
    public DateTimeOffset? OpenedAt { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<IssuedDocument>
    {
        public void Configure(EntityTypeBuilder<IssuedDocument> builder)
        {
            builder.ToTable("documents");
            builder.HasIndex(d => d.CaseId);
            builder.HasIndex(d => d.Number).IsUnique();
            builder.HasIndex(d => d.VerifyCode).IsUnique();
            // What nobody opened yet and the job renders.
            builder.HasIndex(d => d.Id).HasFilter("\"PdfHash\" IS NULL").HasDatabaseName("ix_documents_unrendered");
            builder.HasOne<Case>().WithMany().HasForeignKey(d => d.CaseId);
        }
    }
}

/// <summary>The next number of a gap-free series; raised in the transaction that uses it, so a number is never lost or doubled.</summary>
public sealed class NumberCounter
{
    /// <summary>Prefix of the series: 低保受; with its format where that is not the usual one (<see cref="Engine.Rules.NumberFormat.SeriesOf"/>); <c>case</c> for cases.</summary>
    public required string Series { get; set; }
    public required string Division { get; set; }
    public int Year { get; set; }
    public int Next { get; set; } = 1;

    internal sealed class Mapping : IEntityTypeConfiguration<NumberCounter>
    {
        public void Configure(EntityTypeBuilder<NumberCounter> builder)
        {
            builder.ToTable("number_counters");
            builder.HasKey(n => new { n.Series, n.Division, n.Year });
            builder.Property(n => n.Series).HasMaxLength(40);
            builder.Property(n => n.Division).HasMaxLength(12);
        }
    }
}
