namespace CivilAffairs.Web.Features.Apply;

/// <summary>Texts of the applicant's pages.</summary>
public sealed class ApplyTexts;
