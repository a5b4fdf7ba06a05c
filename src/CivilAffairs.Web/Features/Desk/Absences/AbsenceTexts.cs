namespace CivilAffairs.Web.Features.Desk.Absences;

/// <summary>Texts about absence and deputies; AbsenceTexts.resx is Chinese, AbsenceTexts.en.resx English.</summary>
public sealed class AbsenceTexts;
