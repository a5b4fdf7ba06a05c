namespace CivilAffairs.Web.Features.Registers.Benefits;

/// <summary>Texts of the register; BenefitTexts.resx is Chinese, BenefitTexts.en.resx English.</summary>
public sealed class BenefitTexts;
