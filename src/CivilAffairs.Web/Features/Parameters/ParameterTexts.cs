namespace CivilAffairs.Web.Features.Parameters;

/// <summary>Texts about parameters; ParameterTexts.resx is Chinese, ParameterTexts.en.resx English.</summary>
public sealed class ParameterTexts;
