namespace CivilAffairs.Web.Platform.Security;

/// <summary>The roles of the bureau (domain §2).</summary>
public static class Roles
{
    public const string VillageWorker = "VIL", Clerk = "TCK", Investigator = "INV", TownshipReviewer = "TRV", Checker = "CHK",
        CountyClerk = "CCK", CountyApprover = "CAP", Payments = "FIN", MarriageRegistrar = "REG", OrganisationClerk = "SOC",
        SupervisingUnit = "SPO", DepartmentHead = "DHD", DisabledFederation = "DPF", Leader = "LDR", Supervisor = "SUP",
        Manager = "MGR", Administrator = "ADM";

    /// <summary>The applicant or who acts for them 申请人: a task's role, never a posting, and so not in <see cref="All"/>.</summary>
    public const string Applicant = "APP";

    public static IReadOnlyList<string> All { get; } =
    [
        VillageWorker, Clerk, Investigator, TownshipReviewer, Checker, CountyClerk, CountyApprover, Payments, MarriageRegistrar,
        OrganisationClerk, SupervisingUnit, DepartmentHead, DisabledFederation, Leader, Supervisor, Manager, Administrator,
    ];

    /// <summary>See every filed case of their jurisdiction; the others only those that their role has or had work on.</summary>
    public static IReadOnlyList<string> Overseeing { get; } = [Clerk, TownshipReviewer, DepartmentHead, Leader, Supervisor];

    /// <summary>Look after the work of others: what is late, what runs out.</summary>
    public static IReadOnlyList<string> Leading { get; } = [Leader, DepartmentHead, Supervisor];

    /// <summary>No case contents: managers see numbers, steps and dates; administrators nothing of cases.</summary>
    public static IReadOnlyList<string> WithoutCases { get; } = [Manager, Administrator];
}
