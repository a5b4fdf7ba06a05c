using CivilAffairs.Web.Platform.Security;

namespace CivilAffairs.Web.Features.Desk;

internal static class DeskRoles
{
    /// <summary>Whether the desk has anything for this officer: managers, administrators and those without a posting have none.</summary>
    public static bool WorkHere(Viewer viewer) => viewer.Held.Any(h => Roles.All.Contains(h.Role) && !Roles.WithoutCases.Contains(h.Role));
}
