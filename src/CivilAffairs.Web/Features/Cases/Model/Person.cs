using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace CivilAffairs.Web.Features.Cases.Model;

/// <summary>A natural person, found by a keyed hash of the document's number. Number, phone and e-mail are encrypted; the name is not, since lists are ordered and searched by it, and is masked on screen.</summary>
public sealed class Person
{
    public Guid Id { get; set; } = Guid.CreateVersion7();

    /// <summary><c>residentId</c> 居民身份证.</summary>
    public string DocumentType { get; set; } = "residentId";

    /// <summary>HMAC-SHA-256 of type and normalised number, hex.</summary>
    public required string NumberHash { get; set; }
    public required string NumberCipher { get; set; }
    public required string Name { get; set; }
    public string? PhoneCipher { get; set; }
    public string? EmailCipher { get; set; }

    /// <summary>For signing in by mobile number.</summary>
    public string? PhoneHash { get; set; }
    public DateTimeOffset RecordedAt { get; set; }

    /// <summary>The person that this record turned out to be 并入: a mistyped number, or somebody recorded twice. It is kept, and found no more.</summary>
    public Guid? MergedIntoId { get; set; }

    /// <summary>What shows that it is that person, as the supervisor wrote it: a paper, a police reply. Encrypted.</summary>
    public string? MergeEvidenceCipher { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<Person>
    {
        public void Configure(EntityTypeBuilder<Person> builder)
        {
            builder.ToTable("persons");
            builder.Property(p => p.DocumentType).HasMaxLength(20);
            builder.Property(p => p.NumberHash).HasMaxLength(64);
            builder.HasIndex(p => new { p.DocumentType, p.NumberHash }).IsUnique();
            builder.HasIndex(p => p.PhoneHash);
            builder.HasIndex(p => p.Name);
            builder.HasIndex(p => p.MergedIntoId);
        }
    }
}

/// <summary>A person's part in a case 当事人; the household as frozen in the case is its members.</summary>
public sealed class CaseParty
{
    public Guid Id { get; set; } = Guid.CreateVersion7();
    public Guid CaseId { get; set; }
    public Guid PersonId { get; set; }
    public PartyRole Role { get; set; }

    /// <summary>Position in the form's list, from 0.</summary>
    public int Position { get; set; }

    /// <summary>Sees the case in their own account: who applies, who acts for them, and whom the matter's form lets see it.</summary>
    public bool Sees { get; set; }

    /// <summary>Of an agent: the last day on which they see the case and act in it; null: as long as it is there.</summary>
    public DateOnly? SeesUntil { get; set; }

    /// <summary>Of an agent: the authority does not cover withdrawing the case.</summary>
    public bool NoWithdrawal { get; set; }

    /// <summary>False once a later filing replaced it.</summary>
    public bool Current { get; set; } = true;

    /// <summary>The day on which the application that names the person came in, or the case was opened.</summary>
    public DateOnly OccurredOn { get; set; }
    public DateTimeOffset RecordedAt { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<CaseParty>
    {
        public void Configure(EntityTypeBuilder<CaseParty> builder)
        {
            builder.ToTable("case_parties");
            builder.HasIndex(p => p.CaseId);
            builder.HasIndex(p => new { p.PersonId, p.Current });
            builder.HasOne<Case>().WithMany().HasForeignKey(p => p.CaseId);
            builder.HasOne<Person>().WithMany().HasForeignKey(p => p.PersonId);
        }
    }
}

public enum PartyRole { Applicant, Spouse, Agent, Guardian, Member }
