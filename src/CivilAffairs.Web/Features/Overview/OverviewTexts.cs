namespace CivilAffairs.Web.Features.Overview;

/// <summary>Texts of the leaders' pages; OverviewTexts.resx is Chinese, OverviewTexts.en.resx English.</summary>
public sealed class OverviewTexts;
