using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace CivilAffairs.Web.Platform.Divisions;

/// <summary>An administrative division 行政区划 with its office; codes are dated, because they change.</summary>
public sealed class Division
{
    /// <summary>6 digits county, 9 township, 12 village (GB/T 2260, GB/T 10114).</summary>
    public required string Code { get; set; }
    public required string NameZh { get; set; }
    public required string NameEn { get; set; }

    /// <summary>The office as it signs documents: 青禾镇人民政府.</summary>
    public string OfficeZh { get; set; } = "";
    public string OfficeEn { get; set; } = "";

    /// <summary>The office's own number, public.</summary>
    public string Phone { get; set; } = "";
    public DateOnly ValidFrom { get; set; }
    public DateOnly? ValidTo { get; set; }

    public DivisionLevel Level => Code.Length switch { 6 => DivisionLevel.County, 9 => DivisionLevel.Township, _ => DivisionLevel.Village };

    internal sealed class Mapping : IEntityTypeConfiguration<Division>
    {
        public void Configure(EntityTypeBuilder<Division> builder)
        {
            builder.ToTable("divisions");
            builder.HasKey(d => new { d.Code, d.ValidFrom });
            builder.Property(d => d.Code).HasMaxLength(12);
            builder.Ignore(d => d.Level);
        }
    }
}

public enum DivisionLevel { County, Township, Village }
