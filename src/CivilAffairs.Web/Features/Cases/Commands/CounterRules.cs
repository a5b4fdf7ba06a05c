using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Cases.Steps;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Security;

namespace CivilAffairs.Web.Features.Cases.Commands;

/// <summary>Who files for people at the counter 窗口代办: the roles that the matter names, each in its own jurisdiction.</summary>
internal static class CounterRules
{
    /// <summary>May begin a draft: holds one of the roles, wherever it is. The product itself may, for seeding.</summary>
    public static bool MayFile(this MatterFile matter, Viewer viewer) =>
        viewer.IsSystem || (matter.Applicants.Channels.Contains("counter") && matter.Applicants.CounterRoles.Any(role => viewer.HoldsAny(role)));

    /// <summary>May act for the applicant of this case: holds one of the roles where the case is handled; of what the office opens itself, the roles that open it.</summary>
    public static bool MayFileIn(this MatterFile matter, Viewer viewer, Case @case) =>
        viewer.IsSystem || matter.Roles.Any(r => (matter.Applicants.CounterRoles.Contains(r.Code) || matter.ExOfficio?.Roles.Contains(r.Code) == true) && viewer.Holds(r.Code, @case.DivisionAt(r.Level)));
}
