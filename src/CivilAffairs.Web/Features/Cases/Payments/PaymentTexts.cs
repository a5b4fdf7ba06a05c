namespace CivilAffairs.Web.Features.Cases.Payments;

/// <summary>Texts of payments; PaymentTexts.resx is Chinese, PaymentTexts.en.resx English.</summary>
public sealed class PaymentTexts;
