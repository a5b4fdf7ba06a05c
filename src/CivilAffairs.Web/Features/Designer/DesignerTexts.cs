namespace CivilAffairs.Web.Features.Designer;

/// <summary>Texts of the pages about matters; DesignerTexts.resx is Chinese, DesignerTexts.en.resx English.</summary>
public sealed class DesignerTexts;
