namespace CivilAffairs.Web.Features.Designer.Settings;

/// <summary>Names the resources of this feature.</summary>
public sealed class SettingsTexts;
