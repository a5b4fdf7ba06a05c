using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace CivilAffairs.Web.Features.Accounts.Setup;

/// <summary>A one-time link by which an empty installation gets its first administrator; the token itself is stored nowhere.</summary>
public sealed class SetupLink
{
    /// <summary>SHA-256 of the token, lower-case hex.</summary>
    public required string Hash { get; set; }
    public DateTimeOffset CreatedAt { get; set; }
    public DateTimeOffset ExpiresAt { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<SetupLink>
    {
        public void Configure(EntityTypeBuilder<SetupLink> builder)
        {
            builder.ToTable("setup_links");
            builder.HasKey(l => l.Hash);
            builder.Property(l => l.Hash).HasMaxLength(64);
        }
    }
}
