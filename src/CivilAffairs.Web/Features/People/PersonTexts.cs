namespace CivilAffairs.Web.Features.People;

/// <summary>Texts of the page on which records of persons are compared, merged and corrected.</summary>
public sealed class PersonTexts;
