namespace CivilAffairs.Web.Features.Designer.WhatIf;

/// <summary>Names the resources of this feature.</summary>
public sealed class WhatIfTexts;
