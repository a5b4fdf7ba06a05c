using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace CivilAffairs.Web.Platform.Commands;

/// <summary>What a command with this key did, kept so that a repeat returns it instead of doing it again.</summary>
public sealed class CommandRecord
{
    /// <summary>Who sent it; keys of different people never meet.</summary>
    public Guid ActorId { get; set; }

    /// <summary>Chosen by the sender, at most 100 characters.</summary>
    public required string Key { get; set; }

    /// <summary>SHA-256 over the command's name and body, lower-case hex.</summary>
    public required string BodyHash { get; set; }

    /// <summary>JSON of the result: references only.</summary>
    public required string Result { get; set; }
    public DateTimeOffset At { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<CommandRecord>
    {
        public void Configure(EntityTypeBuilder<CommandRecord> builder)
        {
            builder.ToTable("commands");
            builder.HasKey(c => new { c.ActorId, c.Key });
            builder.Property(c => c.Key).HasMaxLength(100);
            builder.Property(c => c.BodyHash).HasMaxLength(64);
            builder.HasIndex(c => c.At);
        }
    }
}
