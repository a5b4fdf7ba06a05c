namespace CivilAffairs.Web.Features.Registers;

/// <summary>Texts of the registers; RegisterTexts.resx is Chinese, RegisterTexts.en.resx English.</summary>
public sealed class RegisterTexts;
