namespace CivilAffairs.Web.Features.Retention;

/// <summary>Texts of the page on which cases are proposed for destruction and decided on.</summary>
public sealed class RetentionTexts;
