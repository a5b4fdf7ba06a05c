namespace CivilAffairs.Web.Features.Mail.Calls;

/// <summary>Texts of the call list; CallTexts.resx is Chinese, CallTexts.en.resx English.</summary>
public sealed class CallTexts;
