using CivilAffairs.Web.Platform.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace CivilAffairs.Web.Features.Cases.Model;

/// <summary>What lines of a register are about: an organisation 社会组织. What is known of it stands in its lines, each a version from a day on.</summary>
public sealed class RegisterSubject
{
    public Guid Id { get; set; } = Guid.CreateVersion7();
    public required string Register { get; set; }

    /// <summary>HMAC-SHA-256 of register and key (统一社会信用代码), hex.</summary>
    public required string KeyHash { get; set; }

    /// <summary>As in the version in force. Public, so not encrypted: lists are ordered and searched by it.</summary>
    public required string Name { get; set; }
    public string County { get; set; } = "";
    public string? Township { get; set; }
    public string? Village { get; set; }

    /// <summary>The version in force: the newest by its first day, then by its record. No version begins in the future.</summary>
    public Guid? CurrentEntryId { get; set; }

    /// <summary>First day of its first version.</summary>
    public DateOnly OccurredOn { get; set; }
    public DateTimeOffset RecordedAt { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<RegisterSubject>
    {
        public void Configure(EntityTypeBuilder<RegisterSubject> builder)
        {
            builder.ToTable("register_subjects");
            builder.Property(s => s.Register).HasMaxLength(60);
            builder.Property(s => s.KeyHash).HasMaxLength(64);
            builder.Property(s => s.Name).OrderedByBytes();
            builder.HasIndex(s => new { s.Register, s.KeyHash }).IsUnique();
            builder.HasIndex(s => new { s.Register, s.County, s.Name, s.Id });
            builder.HasIndex(s => new { s.Register, s.Township, s.Name, s.Id });
        }
    }
}

/// <summary>A line of a register 台账, for example the one of near relatives 近亲属备案. Never edited, but for its last day: that of a line about a case's parties, or of one that puts a subject on a list 名录. What a register knows of a subject is followed by a later version.</summary>
public sealed class RegisterEntry
{
    public Guid Id { get; set; } = Guid.CreateVersion7();
    public required string Register { get; set; }

    /// <summary>Whom it is about; null: the case alone.</summary>
    public Guid? SubjectId { get; set; }

    /// <summary>Null for a line of an imported ledger.</summary>
    public Guid? CaseId { get; set; }
    public string County { get; set; } = "";
    public string? Township { get; set; }

    /// <summary>JSON as the definition wrote it; references and codes only.</summary>
    public required string Entry { get; set; }

    /// <summary>JSON of the register's fields, encrypted (<see cref="Subjects.SubjectLedger"/>); null in a register without subjects.</summary>
    public string? FieldsCipher { get; set; }

    /// <summary>First day on which it is valid.</summary>
    public DateOnly ValidFrom { get; set; }

    /// <summary>Last day, included; null: without an end, or until a later version.</summary>
    public DateOnly? ValidTo { get; set; }

    /// <summary>The day of what it enters.</summary>
    public DateOnly OccurredOn { get; set; }
    public DateTimeOffset RecordedAt { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<RegisterEntry>
    {
        public void Configure(EntityTypeBuilder<RegisterEntry> builder)
        {
            builder.ToTable("register_entries");
            builder.Property(r => r.Register).HasMaxLength(60);
            builder.HasIndex(r => new { r.Register, r.County, r.OccurredOn, r.Id });
            builder.HasIndex(r => new { r.Register, r.Township, r.OccurredOn, r.Id });
            builder.HasIndex(r => r.CaseId);
            builder.HasIndex(r => new { r.SubjectId, r.Register, r.ValidFrom, r.Id }).HasFilter("\"SubjectId\" IS NOT NULL");
        }
    }
}

/// <summary>A person who may act for a subject, by the version in force: the legal representative 法定代表人, a handler 经办人.</summary>
public sealed class RegisterPerson
{
    public Guid Id { get; set; } = Guid.CreateVersion7();
    public Guid SubjectId { get; set; }

    /// <summary>As the register's <c>persons</c> calls it.</summary>
    public required string Role { get; set; }

    /// <summary>Like <see cref="Person.NumberHash"/>; no person need be known under it yet.</summary>
    public required string NumberHash { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<RegisterPerson>
    {
        public void Configure(EntityTypeBuilder<RegisterPerson> builder)
        {
            builder.ToTable("register_persons");
            builder.Property(p => p.Role).HasMaxLength(60);
            builder.Property(p => p.NumberHash).HasMaxLength(64);
            builder.HasIndex(p => p.NumberHash);
            builder.HasIndex(p => p.SubjectId);
            builder.HasOne<RegisterSubject>().WithMany().HasForeignKey(p => p.SubjectId);
        }
    }
}
