using CivilAffairs.Web.Platform.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace CivilAffairs.Web.Features.Cases.Model;

/// <summary>A certificate 证书 as issued. Never edited: what became of it later is a <see cref="CertificateChange"/>.</summary>
public sealed class Certificate
{
    public Guid Id { get; set; } = Guid.CreateVersion7();

    /// <summary>Null for a certificate of an imported ledger.</summary>
    public Guid? CaseId { get; set; }
    public required string Matter { get; set; }

    /// <summary>One of the matter's <c>certificates</c>.</summary>
    public required string Kind { get; set; }

    /// <summary>As printed; the number of its document where it was issued here.</summary>
    public required string Number { get; set; }
    public Guid? DocumentId { get; set; }

    /// <summary>The natural person who holds it; null for an organisation or where nobody was identified.</summary>
    public Guid? PersonId { get; set; }

    /// <summary>The organisation that holds it; null: a person does.</summary>
    public Guid? SubjectId { get; set; }
    public required string HolderName { get; set; }
    public string County { get; set; } = "";
    public string? Township { get; set; }
    public string? Village { get; set; }

    /// <summary>Both days included; validity dates never roll [domain §3].</summary>
    public DateOnly ValidFrom { get; set; }

    /// <summary>Null: without an end.</summary>
    public DateOnly? ValidTo { get; set; }

    /// <summary>The certificate that this one renews 换证.</summary>
    public Guid? RenewsId { get; set; }

    /// <summary>The day on which its end is planned: the first day there is while nobody looked at it; null: its days are planned (<see cref="CertificateLook"/>).</summary>
    public DateOnly? WatchOn { get; set; } = DateOnly.MinValue;
    public DateOnly OccurredOn { get; set; }
    public DateTimeOffset RecordedAt { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<Certificate>
    {
        public void Configure(EntityTypeBuilder<Certificate> builder)
        {
            builder.ToTable("certificates");
            builder.Property(c => c.Matter).HasMaxLength(60);
            builder.Property(c => c.Kind).HasMaxLength(60);
            builder.HasIndex(c => c.CaseId);
            builder.HasIndex(c => new { c.Kind, c.Number }).IsUnique();
            builder.HasIndex(c => new { c.PersonId, c.Kind });
            builder.HasIndex(c => new { c.Kind, c.ValidTo });
            builder.HasIndex(c => c.ValidTo);
            builder.Property(c => c.HolderName).OrderedByBytes();
            // The list of a place, newest first or by name; and what runs out there.
            builder.HasIndex(c => new { c.County, c.OccurredOn, c.Id });
            builder.HasIndex(c => new { c.Township, c.OccurredOn, c.Id });
            builder.HasIndex(c => new { c.County, c.HolderName });
            builder.HasIndex(c => new { c.Township, c.HolderName });
            builder.HasIndex(c => new { c.County, c.ValidTo, c.Id });
            builder.HasIndex(c => new { c.Township, c.ValidTo, c.Id });
            builder.HasIndex(c => new { c.SubjectId, c.Kind, c.ValidFrom }).HasFilter("\"SubjectId\" IS NOT NULL");
            builder.HasIndex(c => new { c.WatchOn, c.Id }).HasFilter("\"WatchOn\" IS NOT NULL").HasDatabaseName("ix_certificates_watch");
            // A certificate is renewed once; who comes second finds it renewed.
            builder.HasIndex(c => c.RenewsId).IsUnique();
        }
    }
}

/// <summary>
/// A day on which a certificate's end is looked at 到期检查. Beside the certificate and not in it, since each night moves some
/// thousands: a line here costs one index, a certificate has a dozen. What is to come lies together by day, whichever
/// certificates it is about; one that was planned anew may have a line by its old rules too, which says nothing then.
/// </summary>
public sealed class CertificateLook
{
    public DateOnly On { get; set; }
    public Guid CertificateId { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<CertificateLook>
    {
        public void Configure(EntityTypeBuilder<CertificateLook> builder)
        {
            builder.ToTable("certificate_looks");
            // The only index. Certificates are never deleted, so there is no reference to guard with a second one.
            builder.HasKey(l => new { l.On, l.CertificateId });
        }
    }
}

/// <summary>What became of a certificate: renewed by another, suspended 中止.</summary>
public sealed class CertificateChange
{
    public Guid Id { get; set; } = Guid.CreateVersion7();
    public Guid CertificateId { get; set; }
    public Guid? CaseId { get; set; }

    /// <summary><c>Renewed</c> or <c>Suspended</c>.</summary>
    public required string Action { get; set; }

    /// <summary>First day on which it counts.</summary>
    public DateOnly FromDay { get; set; }

    /// <summary>The day on which it was decided.</summary>
    public DateOnly OccurredOn { get; set; }
    public DateTimeOffset RecordedAt { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<CertificateChange>
    {
        public void Configure(EntityTypeBuilder<CertificateChange> builder)
        {
            builder.ToTable("certificate_changes");
            builder.Property(c => c.Action).HasMaxLength(20);
            builder.HasIndex(c => new { c.CertificateId, c.FromDay });
            builder.HasOne<Certificate>().WithMany().HasForeignKey(c => c.CertificateId);
        }
    }
}

/// <summary>A case that was opened about a certificate because of its day 到期: one for each matter, ever.</summary>
public sealed class CertificateOpening
{
    public Guid Id { get; set; } = Guid.CreateVersion7();
    public Guid CertificateId { get; set; }
    public required string Matter { get; set; }
    public Guid CaseId { get; set; }

    /// <summary>The code of why.</summary>
    public required string Reason { get; set; }
    public DateOnly OccurredOn { get; set; }
    public DateTimeOffset RecordedAt { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<CertificateOpening>
    {
        public void Configure(EntityTypeBuilder<CertificateOpening> builder)
        {
            builder.ToTable("certificate_openings");
            builder.Property(o => o.Matter).HasMaxLength(60);
            builder.Property(o => o.Reason).HasMaxLength(60);
            builder.HasIndex(o => new { o.CertificateId, o.Matter }).IsUnique();
            builder.HasIndex(o => o.CaseId);
            builder.HasOne<Certificate>().WithMany().HasForeignKey(o => o.CertificateId);
        }
    }
}
