using CivilAffairs.Web.Platform.Security;

namespace CivilAffairs.Web.Features.Demo;

/// <summary>Who works in the fictional county: two wherever the law wants two persons, or one for the next step.</summary>
/// <param name="UserName">Says place and role.</param>
internal sealed record DemoOfficer(string UserName, string Name, string Role, string Division);

internal static class DemoOffices
{
    /// <summary>Of every demo account, in Development alone.</summary>
    public const string Password = "linhe-demo-2026";

    public static IReadOnlyList<DemoOfficer> All { get; } =
    [
        .. Township("qinghe", "341299101", "李文博", "王思远", "赵晓峰", "刘海燕", "黄知启", "何雨晴", "罗建平"),
        .. Township("dongshan", "341299102", "谢明轩", "邓佳怡", "唐国梁", "彭丽娜", "曾庆丰", "萧雨桐", "田家豪"),
        new("liushu-vil", "柳成荫", Roles.VillageWorker, "341299101201"), new("shiqiao-vil", "石敬业", Roles.VillageWorker, "341299101202"), new("xinghua-vil", "邢华", Roles.VillageWorker, "341299101203"),
        new("songling-vil", "宋岭梅", Roles.VillageWorker, "341299102201"), new("zhuyuan-vil", "朱园", Roles.VillageWorker, "341299102202"), new("yuntai-vil", "云天明", Roles.VillageWorker, "341299102203"),
        new("county-chk1", "高文静", Roles.Checker, County.Code), new("county-chk2", "马予宁", Roles.Checker, County.Code),
        new("county-cck1", "林子涵", Roles.CountyClerk, County.Code), new("county-cck2", "郭亚男", Roles.CountyClerk, County.Code),
        new("county-cap1", "梁正", Roles.CountyApprover, County.Code), new("county-cap2", "宋立新", Roles.CountyApprover, County.Code),
        new("county-fin1", "金晓玲", Roles.Payments, County.Code), new("county-fin2", "余账清", Roles.Payments, County.Code),
        new("county-soc1", "安社行", Roles.OrganisationClerk, County.Code), new("county-soc2", "季团生", Roles.OrganisationClerk, County.Code), new("county-dhd", "严科举", Roles.DepartmentHead, County.Code),
        new("county-reg1", "喜登科", Roles.MarriageRegistrar, County.Code), new("county-reg2", "和静姝", Roles.MarriageRegistrar, County.Code),
        new("county-dpf1", "海若宁", Roles.DisabledFederation, County.Code), new("county-dpf2", "纪同行", Roles.DisabledFederation, County.Code),
        new("county-sup", "傅督明", Roles.Supervisor, County.Code), new("county-ldr", "程安民", Roles.Leader, County.Code),
        new("county-mgr", "沈策划", Roles.Manager, County.Code), new("county-admin", "管配置", Roles.Administrator, County.Code),
    ];

    /// <summary>People with cases online: name, mobile, e-mail.</summary>
    public static IReadOnlyList<(string UserName, string Phone, string Email)> Applicants { get; } =
        [("applicant1", "13800000011", "applicant1@example.invalid"), ("applicant2", "13800000012", "applicant2@example.invalid"), ("applicant3", "13800000013", "applicant3@example.invalid")];

    /// <summary>The legal representative of the organisation whose certificate runs out first.</summary>
    public static (string UserName, string Name, string Phone, string Email) Representative => ("applicant4", "茶永年", "13800000100", "applicant4@example.invalid");

    private static DemoOfficer[] Township(string place, string division, params string[] names) =>
    [
        new($"{place}-tck1", names[0], Roles.Clerk, division), new($"{place}-tck2", names[1], Roles.Clerk, division),
        new($"{place}-inv1", names[2], Roles.Investigator, division), new($"{place}-inv2", names[3], Roles.Investigator, division), new($"{place}-inv3", names[4], Roles.Investigator, division),
        new($"{place}-trv1", names[5], Roles.TownshipReviewer, division), new($"{place}-trv2", names[6], Roles.TownshipReviewer, division),
    ];
}
