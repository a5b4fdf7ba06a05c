using CivilAffairs.Web.Platform.Security;

namespace CivilAffairs.Web.Features.Parameters;

/// <summary>
/// Who sees and sets parameters (docs/adr/0020): managers and administrators. Posted to the county they set values for the
/// county and for each township; posted to a township, for that one alone.
/// </summary>
internal static class ParameterAccess
{
    public static bool MaySee(Viewer viewer) => viewer.IsOfficer && viewer.HoldsAny(Roles.Manager, Roles.Administrator);

    /// <param name="scope">Empty: the whole county; else a township's code.</param>
    public static bool MaySet(Viewer viewer, string scope) => viewer.IsOfficer
        && viewer.Held.Any(h => h.Role is Roles.Manager or Roles.Administrator && (h.Division.Length == 6 ? scope.Length == 0 || scope.StartsWith(h.Division, StringComparison.Ordinal) : h.Division == scope));
}
