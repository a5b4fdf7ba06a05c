using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace CivilAffairs.Web.Features.Cases.Model;

/// <summary>One version of something personal in a case, encrypted under the case's own key. Never edited once filed.</summary>
public sealed class CaseContent
{
    public Guid Id { get; set; } = Guid.CreateVersion7();
    public Guid CaseId { get; set; }
    public ContentKind Kind { get; set; }

    /// <summary>The activity whose task it answers; null for form and facts.</summary>
    public string? ActivityId { get; set; }

    /// <summary>From 1 within case, kind and activity; 0 is a draft, which is overwritten.</summary>
    public int Number { get; set; }

    /// <summary>JSON, encrypted (<see cref="CaseVault"/>).</summary>
    public required byte[] Cipher { get; set; }
    public Guid RecordedById { get; set; }

    /// <summary>The day on which it happened 发生日期: an application came in, a visit was made; the day of <see cref="RecordedAt"/> where nobody said otherwise.</summary>
    public DateOnly OccurredOn { get; set; }
    public DateTimeOffset RecordedAt { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<CaseContent>
    {
        public void Configure(EntityTypeBuilder<CaseContent> builder)
        {
            builder.ToTable("case_contents");
            builder.Property(c => c.ActivityId).HasMaxLength(100);
            builder.HasIndex(c => new { c.CaseId, c.Kind, c.ActivityId, c.Number });
            builder.HasOne<Case>().WithMany().HasForeignKey(c => c.CaseId);
        }
    }
}

/// <summary>
/// Form: the application. Task: what an officer or the applicant wrote in a task. Facts: what the workflow could read at a
/// step. Contact: where a draft of the counter is to send letters, until it is filed. AccessNote: why an officer looked, in
/// their own words. Earlier: what was found in the case that a re-verification comes of. Withdrawal: why it was taken back, in
/// the party's words.
/// </summary>
public enum ContentKind { Form, Task, Facts, Contact, AccessNote, Earlier, Withdrawal }

/// <summary>The key of one case, itself encrypted; without it the case's contents and files are gone for good.</summary>
public sealed class CaseKey
{
    public Guid CaseId { get; set; }
    public required string Wrapped { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<CaseKey>
    {
        public void Configure(EntityTypeBuilder<CaseKey> builder)
        {
            builder.ToTable("case_keys");
            builder.HasKey(k => k.CaseId);
            builder.HasOne<Case>().WithOne().HasForeignKey<CaseKey>(k => k.CaseId);
        }
    }
}

/// <summary>An attachment, stored encrypted under the case's key and named by the hash of its cipher text.</summary>
public sealed class CaseFile
{
    public Guid Id { get; set; } = Guid.CreateVersion7();
    public Guid CaseId { get; set; }

    /// <summary>Slot of what came with a message; no attachment of a form can be called so.</summary>
    public const string OfMessage = "@message";

    /// <summary>The form's attachment it answers (<c>diagnosis</c>); <c>document</c> for a rendered document; <see cref="OfMessage"/>.</summary>
    public required string Slot { get; set; }

    /// <summary>The message it came with; null: with the application, or it was rendered.</summary>
    public Guid? MessageId { get; set; }

    /// <summary>The name it was sent under, encrypted.</summary>
    public required byte[] NameCipher { get; set; }

    /// <summary>Found by looking at the bytes: <c>application/pdf</c>, <c>image/jpeg</c> or <c>image/png</c>.</summary>
    public required string ContentType { get; set; }

    /// <summary>Bytes before encryption.</summary>
    public long Size { get; set; }

    /// <summary>SHA-256 of the stored bytes, hex: also its place in the store.</summary>
    public required string StoredHash { get; set; }
    public Guid RecordedById { get; set; }

    /// <summary>The day on which it was handed in 收到日期; the day of <see cref="RecordedAt"/> where nobody said otherwise.</summary>
    public DateOnly OccurredOn { get; set; }
    public DateTimeOffset RecordedAt { get; set; }
    public DateTimeOffset? RemovedAt { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<CaseFile>
    {
        public void Configure(EntityTypeBuilder<CaseFile> builder)
        {
            builder.ToTable("case_files");
            builder.Property(f => f.Slot).HasMaxLength(60);
            builder.Property(f => f.StoredHash).HasMaxLength(64);
            builder.HasIndex(f => f.CaseId);
            // For the sweep of files that nothing names.
            builder.HasIndex(f => f.StoredHash);
            builder.HasOne<Case>().WithMany().HasForeignKey(f => f.CaseId);
            builder.HasIndex(f => f.MessageId).HasFilter("\"MessageId\" IS NOT NULL");
            builder.HasOne<CaseMessage>().WithMany().HasForeignKey(f => f.MessageId);
        }
    }
}
