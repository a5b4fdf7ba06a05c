namespace CivilAffairs.Web.Features.Jobs.Clock;

/// <summary>Texts of the clock's page; ClockTexts.resx is Chinese, ClockTexts.en.resx English.</summary>
public sealed class ClockTexts;
