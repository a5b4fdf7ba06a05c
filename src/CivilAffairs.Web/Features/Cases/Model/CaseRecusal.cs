using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace CivilAffairs.Web.Features.Cases.Model;

/// <summary>An officer who must keep off a case 回避: a near relative 近亲属 [S MC 1045] or otherwise partial. Neither sees it nor takes a task.</summary>
public sealed class CaseRecusal
{
    public Guid CaseId { get; set; }
    public Guid AccountId { get; set; }
    public required string Reason { get; set; }
    public Guid RecordedById { get; set; }

    /// <summary>From this day on: the day it was recorded, since until then nobody was kept off.</summary>
    public DateOnly OccurredOn { get; set; }
    public DateTimeOffset RecordedAt { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<CaseRecusal>
    {
        public void Configure(EntityTypeBuilder<CaseRecusal> builder)
        {
            builder.ToTable("case_recusals");
            builder.HasKey(r => new { r.CaseId, r.AccountId });
            builder.HasIndex(r => r.AccountId);
            builder.HasOne<Case>().WithMany().HasForeignKey(r => r.CaseId);
        }
    }
}
