namespace CivilAffairs.Web.Features.Benefits;

/// <summary>Texts of the register; BenefitTexts.resx is Chinese, BenefitTexts.en.resx English.</summary>
public sealed class BenefitTexts;
