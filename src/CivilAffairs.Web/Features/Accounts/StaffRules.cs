using System.Text.RegularExpressions;

namespace CivilAffairs.Web.Features.Accounts;

/// <summary>How user names and division codes look.</summary>
internal static partial class StaffRules
{
    /// <summary>3 to 40 letters, digits and <c>-._</c>, beginning with a letter: never mistaken for a mobile or ID number.</summary>
    internal static bool IsUserName(string? typed) => typed is not null && UserName().IsMatch(typed.Trim());

    /// <summary>6, 9 or 12 digits.</summary>
    internal static bool IsDivision(string? typed) => typed is not null && Division().IsMatch(typed.Trim());

    [GeneratedRegex(@"^[A-Za-z][A-Za-z0-9._-]{2,39}\z")]
    private static partial Regex UserName();

    [GeneratedRegex(@"^[0-9]{6}([0-9]{3}){0,2}\z")]
    private static partial Regex Division();
}
