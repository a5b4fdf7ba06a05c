using System.Text.Json.Serialization;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace CivilAffairs.Web.Features.Cases.Model;

/// <summary>A bank's result 回盘文件 for a batch: what a dry run found in it, and whether it was taken over.</summary>
public sealed class PayResult
{
    public Guid Id { get; set; } = Guid.CreateVersion7();
    public Guid RosterId { get; set; }
    public required string Layout { get; set; }

    /// <summary>SHA-256 of the file, hex: the same file again is told as such.</summary>
    public required string FileHash { get; set; }
    public Guid SentById { get; set; }
    public required string SentBy { get; set; }
    public DateTimeOffset SentAt { get; set; }

    /// <summary>Null: only tried.</summary>
    public DateTimeOffset? AppliedAt { get; set; }

    /// <summary>Rows of each outcome, and sums in fen.</summary>
    public int Rows { get; set; }
    public int Paid { get; set; }
    public long PaidFen { get; set; }
    public int Returned { get; set; }
    public long ReturnedFen { get; set; }
    public int Unchanged { get; set; }
    public int Refused { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<PayResult>
    {
        public void Configure(EntityTypeBuilder<PayResult> builder)
        {
            builder.ToTable("pay_results");
            builder.Property(r => r.Layout).HasMaxLength(60);
            builder.Property(r => r.FileHash).HasMaxLength(64);
            builder.HasIndex(r => new { r.RosterId, r.SentAt });
            builder.HasOne<PayRoster>().WithMany().HasForeignKey(r => r.RosterId).OnDelete(DeleteBehavior.Restrict);
        }
    }
}

/// <summary>A row of the bank's result: the line it is about and what becomes of it. It holds no value of the file but the bank's code.</summary>
public sealed class PayResultRow
{
    public Guid ResultId { get; set; }

    /// <summary>As the file counts its lines, from 1; beyond them for lines that it leaves out, where the layout says what that means.</summary>
    public int Number { get; set; }

    /// <summary>Null: no line of the batch could be found.</summary>
    public Guid? LineId { get; set; }
    public PayOutcome Outcome { get; set; }

    /// <summary>The bank's code of a return.</summary>
    public string? Code { get; set; }
    public DateOnly? On { get; set; }

    /// <summary>Why it is refused: key of the text in <c>PaymentTexts</c>; null: it is not.</summary>
    public string? Fault { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<PayResultRow>
    {
        public void Configure(EntityTypeBuilder<PayResultRow> builder)
        {
            builder.ToTable("pay_result_rows");
            builder.HasKey(r => new { r.ResultId, r.Number });
            builder.Property(r => r.Code).HasMaxLength(40);
            builder.Property(r => r.Fault).HasMaxLength(40);
            builder.HasIndex(r => new { r.ResultId, r.Outcome, r.Number });
            builder.HasIndex(r => new { r.ResultId, r.LineId });
            builder.HasOne<PayResult>().WithMany().HasForeignKey(r => r.ResultId).OnDelete(DeleteBehavior.Restrict);
        }
    }
}

[JsonConverter(typeof(JsonStringEnumConverter<PayOutcome>))]
public enum PayOutcome { Paid, Returned, Unchanged, Refused }
