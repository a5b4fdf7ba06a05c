namespace CivilAffairs.Web.Features.Desk.Handover;

/// <summary>Texts of the hand-over; HandoverTexts.resx is Chinese, HandoverTexts.en.resx English.</summary>
public sealed class HandoverTexts;
