namespace CivilAffairs.Web.Features.Cases.Words;

/// <summary>Limits and pages in words; LimitTexts.resx is Chinese, LimitTexts.en.resx English.</summary>
public sealed class LimitTexts;
