namespace CivilAffairs.Web.Platform.Pages;

/// <summary>Texts that every page shows; SharedTexts.resx is Chinese, SharedTexts.en.resx English.</summary>
public sealed class SharedTexts;
