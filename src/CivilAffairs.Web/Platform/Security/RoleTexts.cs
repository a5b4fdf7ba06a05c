namespace CivilAffairs.Web.Platform.Security;

/// <summary>The roles' names in both languages, by their code.</summary>
public sealed class RoleTexts;
