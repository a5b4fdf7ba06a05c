namespace CivilAffairs.Web.Features.Documents;

/// <summary>Texts of the pages that show and verify documents.</summary>
public sealed class DocumentPageTexts;
