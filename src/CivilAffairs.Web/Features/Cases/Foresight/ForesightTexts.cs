namespace CivilAffairs.Web.Features.Cases.Foresight;

/// <summary>What a decision would bring, in sentences; ForesightTexts.resx is Chinese, ForesightTexts.en.resx English.</summary>
public sealed class ForesightTexts;
