using System.Text.RegularExpressions;
using CivilAffairs.Web.Platform.Mail;
using CivilAffairs.Web.Platform.Security;

namespace CivilAffairs.Web.Features.Accounts;

/// <summary>How user names and division codes look.</summary>
internal static partial class StaffRules
{
    /// <summary>3 to 40 letters, digits and <c>-._</c>, beginning with a letter: never mistaken for a mobile or ID number.</summary>
    internal static bool IsUserName(string? typed) => typed is not null && UserName().IsMatch(typed.Trim());

    /// <summary>What is wrong with a new account, by field and key in <see cref="AccountTexts"/>.</summary>
    internal static IEnumerable<(string Field, string Text)> New(string? userName, string? name, string? email)
    {
        if (!IsUserName(userName)) yield return ("UserName", "StaffUserNameWrong");
        if (string.IsNullOrWhiteSpace(name) || name.Length > AccountServices.LongestName) yield return ("Name", "DisplayNameMissing");
        if (!string.IsNullOrWhiteSpace(email) && !MailAddress.Like(email)) yield return ("Email", "EmailWrong");
    }

    /// <summary>What is wrong with a new posting.</summary>
    internal static IEnumerable<(string Field, string Text)> Posting(string? role, string? division, DateOnly? from, DateOnly? to)
    {
        if (role is null || !Roles.All.Contains(role)) yield return ("Role", "RoleMissing");
        if (!IsDivision(division)) yield return ("Division", "DivisionWrong");
        if (to < from) yield return ("To", "ToBeforeFrom");
    }

    /// <summary>The field that a refusal is about; empty: none.</summary>
    internal static (string Field, string Text) Of(StaffOutcome refusal) => refusal switch
    {
        StaffOutcome.UnknownDivision => ("Division", "DivisionUnknown"),
        StaffOutcome.Oneself => ("", "NotOneself"),
        _ => ("Role", "PostingTaken"),
    };

    /// <summary>6, 9 or 12 digits.</summary>
    internal static bool IsDivision(string? typed) => typed is not null && Division().IsMatch(typed.Trim());

    [GeneratedRegex(@"^[A-Za-z][A-Za-z0-9._-]{2,39}\z")]
    private static partial Regex UserName();

    [GeneratedRegex(@"^[0-9]{6}([0-9]{3}){0,2}\z")]
    private static partial Regex Division();
}
