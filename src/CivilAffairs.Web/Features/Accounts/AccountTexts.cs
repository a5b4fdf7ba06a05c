namespace CivilAffairs.Web.Features.Accounts;

/// <summary>Texts of signing in and of managing accounts.</summary>
public sealed class AccountTexts;
