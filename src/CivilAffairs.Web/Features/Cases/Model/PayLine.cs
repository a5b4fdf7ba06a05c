using System.Text.Json.Serialization;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace CivilAffairs.Web.Features.Cases.Model;

/// <summary>
/// What one grant is paid for one month, once 发放明细. Of one grant and month there is one line of each turn: 0 is the first, and a
/// further one comes only after a hold, a return or a raise. So whatever is repeated, nothing is paid twice.
/// </summary>
/// <remarks>It names nobody: the holder is the grant's, and the account lies under the case's own key. Destroying the case takes both away and leaves the sums.</remarks>
public sealed class PayLine
{
    public Guid Id { get; set; } = Guid.CreateVersion7();
    public Guid RosterId { get; set; }

    /// <summary>From 1 in its batch, in the order of places and names: part of the bank's reference.</summary>
    public int Position { get; set; }
    public Guid GrantId { get; set; }
    public Guid? CaseId { get; set; }

    /// <summary>First day of the month that it is for.</summary>
    public DateOnly Month { get; set; }

    /// <summary>From 0: how often this month was put into a batch before.</summary>
    public int Turn { get; set; }
    public PayKind Kind { get; set; }
    public long AmountFen { get; set; }

    /// <summary>Protected persons 保障人数 in that month.</summary>
    public int Persons { get; set; }
    public PayLineState State { get; set; }

    /// <summary>Why it is held (<c>noAccount</c>, <c>badAccount</c>, <c>returned</c> or a hold's own reason), or the bank's code of a return; null: neither.</summary>
    public string? Reason { get; set; }

    /// <summary>JSON of number, holder and bank, encrypted for <see cref="Purpose"/>: as they were when the batch was computed. Null: none is known.</summary>
    public byte[]? AccountCipher { get; set; }

    /// <summary>The account as officers entered it, which was used; null: the one of the application.</summary>
    public Guid? AccountId { get; set; }

    /// <summary>Somebody else's line of the batch goes to the same account.</summary>
    public bool SharedAccount { get; set; }

    /// <summary>The bank's day of payment or return.</summary>
    public DateOnly? SettledOn { get; set; }

    /// <summary>When the bank's result was taken over.</summary>
    public DateTimeOffset? SettledAt { get; set; }

    /// <summary>What its account is encrypted for.</summary>
    internal string Purpose => $"pay.line.{Id:N}";

    internal sealed class Mapping : IEntityTypeConfiguration<PayLine>
    {
        public void Configure(EntityTypeBuilder<PayLine> builder)
        {
            builder.ToTable("pay_lines");
            builder.Property(l => l.Reason).HasMaxLength(40);
            // The one rule that everything else rests on.
            builder.HasIndex(l => new { l.GrantId, l.Month, l.Turn }).IsUnique().HasDatabaseName("ix_pay_lines_once");
            builder.HasIndex(l => new { l.RosterId, l.Position }).IsUnique();
            builder.HasIndex(l => new { l.RosterId, l.GrantId });
            builder.HasIndex(l => new { l.RosterId, l.State, l.Position });
            builder.HasIndex(l => l.CaseId);
            builder.HasOne<PayRoster>().WithMany().HasForeignKey(l => l.RosterId).OnDelete(DeleteBehavior.Restrict);
            builder.HasOne<Grant>().WithMany().HasForeignKey(l => l.GrantId).OnDelete(DeleteBehavior.Restrict);
        }
    }
}

/// <summary>Regular 当月; Arrears 补发, a month before the batch's; Repaid 重发 of what was returned.</summary>
public enum PayKind { Regular, Arrears, Repaid }

/// <summary>Held 暂缓: due and not paid now. Payable 待发; Paid 已发; Returned 退回 by the bank.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<PayLineState>))]
public enum PayLineState { Payable, Held, Paid, Returned }
