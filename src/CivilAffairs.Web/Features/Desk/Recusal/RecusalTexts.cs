namespace CivilAffairs.Web.Features.Desk.Recusal;

/// <summary>Texts about recusal and reassignment; RecusalTexts.resx is Chinese, RecusalTexts.en.resx English.</summary>
public sealed class RecusalTexts;
