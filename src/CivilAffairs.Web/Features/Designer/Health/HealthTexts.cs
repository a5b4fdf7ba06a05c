namespace CivilAffairs.Web.Features.Designer.Health;

/// <summary>Names the resources of this feature.</summary>
public sealed class HealthTexts;
