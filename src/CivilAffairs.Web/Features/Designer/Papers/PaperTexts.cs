namespace CivilAffairs.Web.Features.Designer.Papers;

/// <summary>Names the resources of this feature.</summary>
public sealed class PaperTexts;
