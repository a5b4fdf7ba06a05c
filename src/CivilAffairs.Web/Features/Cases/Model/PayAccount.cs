using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace CivilAffairs.Web.Features.Cases.Model;

/// <summary>An account 收款账户 that an officer entered for a grant, or confirmed after a return. The newest counts, before the application's. Never edited.</summary>
public sealed class PayAccount
{
    public Guid Id { get; set; } = Guid.CreateVersion7();
    public Guid GrantId { get; set; }

    /// <summary>JSON of number, holder, bank and on what evidence, encrypted for <see cref="Purpose"/>.</summary>
    public required byte[] Cipher { get; set; }
    public Guid RecordedById { get; set; }
    public required string RecordedBy { get; set; }
    public DateTimeOffset RecordedAt { get; set; }

    internal string Purpose => $"pay.account.{Id:N}";

    internal sealed class Mapping : IEntityTypeConfiguration<PayAccount>
    {
        public void Configure(EntityTypeBuilder<PayAccount> builder)
        {
            builder.ToTable("pay_accounts");
            builder.HasIndex(a => new { a.GrantId, a.RecordedAt });
            builder.HasOne<Grant>().WithMany().HasForeignKey(a => a.GrantId).OnDelete(DeleteBehavior.Restrict);
        }
    }
}

/// <summary>A grant that is not paid for now 暂停发放: what falls due meanwhile is held, and paid as arrears once it is released.</summary>
public sealed class PayHold
{
    public Guid Id { get; set; } = Guid.CreateVersion7();
    public Guid GrantId { get; set; }

    /// <summary>One of <c>PayHolds.Reasons</c>.</summary>
    public required string Reason { get; set; }

    /// <summary>In the officer's words, encrypted for <see cref="Purpose"/>.</summary>
    public required byte[] NoteCipher { get; set; }
    public Guid PlacedById { get; set; }
    public required string PlacedBy { get; set; }
    public DateTimeOffset PlacedAt { get; set; }
    public Guid? ReleasedById { get; set; }
    public string? ReleasedBy { get; set; }
    public DateTimeOffset? ReleasedAt { get; set; }

    internal string Purpose => $"pay.hold.{Id:N}";

    internal sealed class Mapping : IEntityTypeConfiguration<PayHold>
    {
        public void Configure(EntityTypeBuilder<PayHold> builder)
        {
            builder.ToTable("pay_holds");
            builder.Property(h => h.Reason).HasMaxLength(40);
            builder.HasIndex(h => h.GrantId).HasFilter("\"ReleasedAt\" IS NULL").IsUnique().HasDatabaseName("ix_pay_holds_running");
            builder.HasIndex(h => new { h.GrantId, h.PlacedAt });
            builder.HasOne<Grant>().WithMany().HasForeignKey(h => h.GrantId).OnDelete(DeleteBehavior.Restrict);
        }
    }
}

/// <summary>A batch that was taken away, as a workbook or as the bank's file, with its reason. Kept for good.</summary>
public sealed class PayExport
{
    public Guid Id { get; set; } = Guid.CreateVersion7();
    public Guid RosterId { get; set; }

    /// <summary>Id of the bank's layout; null: the workbook.</summary>
    public string? Layout { get; set; }
    public Guid ById { get; set; }

    /// <summary>One of <c>AccessReasons.Codes</c>; <c>send</c>: it was sent to the bank.</summary>
    public required string Reason { get; set; }

    /// <summary>In the officer's words, encrypted; null: the code says enough.</summary>
    public string? NoteCipher { get; set; }
    public DateTimeOffset At { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<PayExport>
    {
        public void Configure(EntityTypeBuilder<PayExport> builder)
        {
            builder.ToTable("pay_exports");
            builder.Property(e => e.Layout).HasMaxLength(60);
            builder.Property(e => e.Reason).HasMaxLength(40);
            builder.HasIndex(e => new { e.RosterId, e.At });
        }
    }
}
