namespace CivilAffairs.Web.Features.Desk;

/// <summary>Texts of the desk; DeskTexts.resx is Chinese, DeskTexts.en.resx English.</summary>
public sealed class DeskTexts;
