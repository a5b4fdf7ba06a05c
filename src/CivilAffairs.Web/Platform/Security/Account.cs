using CivilAffairs.Web.Platform.Data;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace CivilAffairs.Web.Platform.Security;

/// <summary>
/// Who may sign in: an officer or an applicant. Phone and e-mail of applicants are not here but, encrypted, with their
/// <c>Person</c>; an officer's e-mail is that of the office.
/// </summary>
public sealed class Account : IdentityUser<Guid>
{
    /// <summary>As shown to colleagues and on decisions.</summary>
    public string DisplayName { get; set; } = "";
    public AccountKind Kind { get; set; }

    /// <summary>The person an applicant is; null for officers.</summary>
    public Guid? PersonId { get; set; }

    /// <summary><c>zh-CN</c> or <c>en</c>: the language of their mails.</summary>
    public string Language { get; set; } = "zh-CN";
    public bool Disabled { get; set; }

    /// <summary>An officer wants no digest 每日摘要 in the morning.</summary>
    public bool WithoutDigest { get; set; }

    /// <summary>The password was handed out by an administrator: until it is changed the account may do nothing else.</summary>
    public bool PasswordIsTemporary { get; set; }
    public DateTimeOffset CreatedAt { get; set; }
    public List<Posting> Postings { get; } = [];

    internal sealed class Mapping : IEntityTypeConfiguration<Account>
    {
        public void Configure(EntityTypeBuilder<Account> builder)
        {
            builder.Property(a => a.DisplayName).HasMaxLength(100);
            builder.Property(a => a.Language).HasMaxLength(10);
            builder.HasIndex(a => a.PersonId).IsUnique();
            builder.HasMany(a => a.Postings).WithOne().HasForeignKey(p => p.AccountId);
        }
    }
}

public enum AccountKind { Officer, Applicant }

/// <summary>A role in a jurisdiction for a time: the only thing that lets an officer see or do anything.</summary>
public sealed class Posting
{
    public Guid Id { get; set; } = Guid.CreateVersion7();
    public Guid AccountId { get; set; }

    /// <summary>One of <see cref="Roles"/>.</summary>
    public required string Role { get; set; }

    /// <summary>County (6 digits), township (9) or village (12).</summary>
    public required string Division { get; set; }
    public DateOnly From { get; set; }

    /// <summary>Last day; null: until further notice.</summary>
    public DateOnly? To { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<Posting>
    {
        public void Configure(EntityTypeBuilder<Posting> builder)
        {
            builder.ToTable("postings");
            builder.Property(p => p.Role).HasMaxLength(10);
            builder.Property(p => p.Division).HasMaxLength(12);
            builder.HasIndex(p => new { p.AccountId, p.Role, p.Division, p.From }).IsUnique();
            builder.HasIndex(p => new { p.Role, p.Division });
        }
    }
}
