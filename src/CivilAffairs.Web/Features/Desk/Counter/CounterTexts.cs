namespace CivilAffairs.Web.Features.Desk.Counter;

/// <summary>Texts of the counter; CounterTexts.resx is Chinese, CounterTexts.en.resx English.</summary>
public sealed class CounterTexts;
