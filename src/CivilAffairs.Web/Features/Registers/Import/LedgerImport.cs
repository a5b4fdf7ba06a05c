using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace CivilAffairs.Web.Features.Registers.Import;

/// <summary>A table that was sent to be taken over into a register 台账导入: what a dry run found in it, and how far it was taken over.</summary>
public sealed class LedgerImport
{
    public Guid Id { get; set; } = Guid.CreateVersion7();

    /// <summary>The register, and the matter that says what its subjects are.</summary>
    public required string Register { get; set; }
    public required string Matter { get; set; }

    /// <summary>The jurisdiction of whoever sent it: 6 or 9 digits. Rows of other places are refused.</summary>
    public required string Division { get; set; }

    /// <summary>The day for which the table speaks: a changed row is a version from this day on.</summary>
    public DateOnly AsOf { get; set; }
    public ImportState State { get; set; }
    public Guid SentById { get; set; }
    public required string SentBy { get; set; }
    public DateTimeOffset SentAt { get; set; }

    /// <summary>Rows read, and how many of them are of each outcome.</summary>
    public int Rows { get; set; }
    public int New { get; set; }
    public int Changed { get; set; }
    public int Unchanged { get; set; }
    public int Refused { get; set; }

    /// <summary>Rows taken over so far.</summary>
    public int Applied { get; set; }
    public DateTimeOffset? EndedAt { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<LedgerImport>
    {
        public void Configure(EntityTypeBuilder<LedgerImport> builder)
        {
            builder.ToTable("ledger_imports");
            builder.Property(i => i.Register).HasMaxLength(60);
            builder.Property(i => i.Matter).HasMaxLength(60);
            builder.Property(i => i.Division).HasMaxLength(12);
            builder.HasIndex(i => new { i.Register, i.SentAt });
            builder.HasIndex(i => i.SentAt).HasFilter("\"EndedAt\" IS NULL").HasDatabaseName("ix_ledger_imports_open");
        }
    }
}

/// <summary>Checking: being read. Checked: waits to be taken over. Applying, Applied: taken over. Discarded: thrown away.</summary>
public enum ImportState { Checking, Checked, Applying, Applied, Discarded }

/// <summary>A row of the table. Its values are encrypted, and destroyed once the import has ended; what stays says what became of it.</summary>
public sealed class LedgerImportRow
{
    public Guid ImportId { get; set; }

    /// <summary>As the table counts: the headings are row 1.</summary>
    public int Number { get; set; }
    public RowOutcome Outcome { get; set; }

    /// <summary>JSON of fields and certificate, encrypted; null once it is not needed any more.</summary>
    public string? Cipher { get; set; }

    /// <summary>JSON list of <c>{column, zh, en}</c>; never a value of the table.</summary>
    public string Faults { get; set; } = "[]";
    public bool Applied { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<LedgerImportRow>
    {
        public void Configure(EntityTypeBuilder<LedgerImportRow> builder)
        {
            builder.ToTable("ledger_import_rows");
            builder.HasKey(r => new { r.ImportId, r.Number });
            builder.HasIndex(r => new { r.ImportId, r.Outcome, r.Number });
            builder.HasOne<LedgerImport>().WithMany().HasForeignKey(r => r.ImportId);
        }
    }
}

public enum RowOutcome { New, Changed, Unchanged, Refused }

/// <param name="Column">The heading, as the table has it.</param>
public sealed record ImportFault(string Column, string Zh, string En);
