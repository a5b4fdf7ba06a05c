namespace CivilAffairs.Web.Features.Designer.TryOut;

/// <summary>Names the resources of this feature.</summary>
public sealed class TryOutTexts;
