using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Divisions;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Demo;

/// <summary>A fictional county under the unassigned code 341299: two townships with their villages.</summary>
internal static class County
{
    public const string Code = "341299";

    public static IReadOnlyList<Division> Divisions { get; } =
    [
        Of(Code, "临河县", "Linhe County", "临河县民政局", "Linhe County Civil Affairs Bureau", "0550-6120000"),
        Of("341299101", "青河镇", "Qinghe Town", "青河镇人民政府", "Qinghe Town Government", "0550-6121001"),
        Of("341299101201", "柳树村", "Liushu Village"),
        Of("341299101202", "石桥村", "Shiqiao Village"),
        Of("341299101203", "杏花村", "Xinghua Village"),
        Of("341299102", "东山镇", "Dongshan Town", "东山镇人民政府", "Dongshan Town Government", "0550-6122001"),
        Of("341299102201", "松岭村", "Songling Village"),
        Of("341299102202", "竹园村", "Zhuyuan Village"),
        Of("341299102203", "云台村", "Yuntai Village"),
    ];

    /// <summary>Adds what is missing; safe to repeat.</summary>
    public static async Task WriteAsync(IWriter writer, IEnumerable<Division>? more = null) => await writer.WriteAsync(async (db, cancel) =>
    {
        var there = await db.Set<Division>().Select(d => d.Code).ToListAsync(cancel);
        foreach (var division in Divisions.Concat(more ?? []).Where(d => !there.Contains(d.Code)))
            db.Add(Of(division.Code, division.NameZh, division.NameEn, division.OfficeZh, division.OfficeEn, division.Phone));
        return 0;
    });

    public static Division Of(string code, string zh, string en, string officeZh = "", string officeEn = "", string phone = "") => new()
    {
        Code = code, NameZh = zh, NameEn = en, OfficeZh = officeZh, OfficeEn = officeEn, Phone = phone, ValidFrom = new DateOnly(2020, 1, 1),
    };
}
