namespace CivilAffairs.Web.Features.Cases.Supervision;

/// <summary>Texts of supervision orders; SupervisionTexts.resx is Chinese, SupervisionTexts.en.resx English.</summary>
public sealed class SupervisionTexts;
